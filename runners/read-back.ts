import { PlumbError } from '../core/errors.ts';
import { sha256 } from '../core/payload.ts';
import type { Session } from './driver.ts';
import type { Deployment } from './prepare.ts';

/**
 * Reads the device after the confirm: nothing of the intent is left to change, and startup is what runs.
 *
 * @returns the hash of the normalised running configuration, the base for drift
 * @throws PlumbError `not_converged`
 */
export const readBack = async (deployment: Deployment, text: string, session: Session): Promise<string> => {
  const { device, driver, record, lease, mode } = deployment;
  const running = driver.normalise(await session.config('running'));
  const name = { job: record.job.id, epoch: lease.epoch, sha256: deployment.sha256 };
  {
    await using candidate = await session.load(text, mode, name);
    const left = await candidate.diff();
    if (left !== '') {
      record.detail(left);
      throw new PlumbError(
        'not_converged',
        `${device.name}: after the confirm the device still differs from the intent:\n${left}`,
        {
          hint: 'write these lines as the device prints them',
        },
      );
    }
  }
  if (driver.capabilities.startup) {
    const startup = driver.normalise(await session.config('startup'));
    if (startup !== running) {
      throw new PlumbError(
        'not_converged',
        `${device.name}: the startup configuration is not the running one after saving`,
        {
          hint: 'a reboot would not boot what runs: save it on the device and see why it was not',
        },
      );
    }
  }
  return sha256(running);
};
