import { PlumbError } from '../../core/errors.ts';
import type { Trial } from '../driver.ts';
import { parseTrialName } from '../trial-name.ts';

/** What a driver knows of a trial; left out: one of our own that is armed. */
export type SeenTrial = { name: string } & Partial<Pick<Trial, 'owner' | 'expiresAt' | 'phase'>>;

/** Another device of the inventory, which is a part of the same host, has its trial there: it is over soon, and is waited for. */
export class SiblingTrial extends PlumbError {
  /** @param device ours */
  constructor(device: string, sibling: string, name: string) {
    super('locked', `${device}: trial "${name}" of ${sibling}, another part of this server, is pending on the server`);
  }
}

/** What was saved is there again, and the trial is over, but what was to take it up did not: as the device says. */
export class HalfUndone extends PlumbError {
  constructor(message: string, hint: string) {
    super('undo_failed', message, { hint });
  }
}

/** What a confirm ends with that came too late. @param said what the device answered instead */
export const goneTrial = (device: string, name: string, said?: string): PlumbError =>
  new PlumbError(
    'commit_failed',
    `${device}: trial "${name}" ended before it was confirmed${said === undefined ? '' : ` (${said})`}`,
  );

/**
 * The handle of a trial: whose it is says its name, and one that is not ours is never undone.
 *
 * @param ends what the platform does to confirm it and to undo it
 * @param sibling the device whose trial it is: by name it is ours, but not of this device
 */
export const trialHandle = (
  device: string,
  { name, owner = 'Plumbline', expiresAt, phase = 'armed' }: SeenTrial,
  ends: Pick<Trial, 'confirm' | 'undo'>,
  sibling?: string,
): Trial => {
  const ours = sibling === undefined ? parseTrialName(name) : undefined;
  let confirmed = false;
  return {
    name,
    job: ours?.job,
    epoch: ours?.epoch,
    owner,
    ...(sibling === undefined ? {} : { sibling }),
    expiresAt,
    phase,
    confirm: async () => {
      if (confirmed) return;
      await ends.confirm();
      confirmed = true;
    },
    undo: async () => {
      if (!ours) throw new PlumbError('undo_failed', `${device}: trial "${name}" of ${owner} is not ours to undo`);
      await ends.undo();
    },
  };
};
