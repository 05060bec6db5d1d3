import { PlumbError } from '../../core/errors.ts';
import { sha256 } from '../../core/store/payload.ts';
import type { Session } from '../driver.ts';
import type { Deployment } from './prepare.ts';
import type { ForeignLines } from './trial/foreign-lines.ts';

export type ReadBack = Pick<Deployment, 'device' | 'driver' | 'lease' | 'mode' | 'sha256'> & {
  job: string;
  /** Takes what the device still differs in. */
  said: (diff: string) => void;
  /** What the device ran while it was on trial, where that was noted. */
  foreign?: ForeignLines;
};

/**
 * Reads the device after the confirm: nothing of the intent is left to change, and startup is what runs.
 *
 * @returns the hash of the normalised running configuration, the base for drift
 * @throws PlumbError `not_converged` where it was seen to differ; anything else: it could not be compared
 */
export const readBack = async (of: ReadBack, text: string, session: Session): Promise<string> => {
  const { device, driver, lease, mode, job } = of;
  const running = driver.normalise(await session.config('running'));
  {
    await using candidate = await session.load(text, mode, { job, epoch: lease.epoch, sha256: of.sha256 });
    const left = await candidate.diff();
    if (left !== '') {
      of.said(left);
      const typed = of.foreign && !of.foreign.isHidden ? await of.foreign.typed(session) : '';
      if (typed !== '') {
        const what = `${device.name}: the change is in force, and so is what was typed on the device while the trial ran: ${typed}`;
        throw new PlumbError('not_converged', what, {
          hint: `\`plumb push ${device.name}\` deploys over it, \`plumb adopt ${device.name} --yes\` makes it intended`,
        });
      }
      const what = `${device.name}: the change is in force, and the device still differs from the intent:\n${left}`;
      throw new PlumbError('not_converged', what, { hint: 'write these lines as the device prints them' });
    }
  }
  if (driver.capabilities.startup) {
    const startup = driver.normalise(await session.config('startup'));
    if (startup !== running) {
      const what = `${device.name}: the change is in force, and startup is not what runs after saving`;
      throw new PlumbError('not_converged', what, {
        hint: 'a reboot would not boot what runs: save it on the device and see why it was not',
      });
    }
  }
  return sha256(running);
};
