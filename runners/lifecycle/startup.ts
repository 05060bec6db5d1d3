import { PlumbError } from '../../core/errors.ts';
import type { Driver, Session } from '../driver.ts';

/** What to do where a reboot would boot another configuration than the one that runs. */
export const saveIt =
  'a reboot would not restore the running configuration: save it on the device and find out why it was not saved';

/** What a reboot boots; undefined where the platform has no startup configuration of its own. */
export const bootConfig = async (driver: Driver, session: Session): Promise<string | undefined> =>
  driver.capabilities.startup ? session.config('startup') : undefined;

/**
 * Whether a reboot boots what runs; it does where the platform has no startup configuration of its own.
 *
 * @param running normalised
 */
export const bootsWhatRuns = async (driver: Driver, session: Session, running: string): Promise<boolean> => {
  const boots = await bootConfig(driver, session);
  return boots === undefined || driver.normalise(boots) === running;
};

/** What runs is what is intended, and a reboot would undo it. */
export const unsaved = (device: string): PlumbError =>
  new PlumbError(
    'not_converged',
    `${device}: the running configuration is the intended one, but startup differs from it`,
    {
      hint: `${saveIt}; then \`plumb retry ${device}\``,
    },
  );
