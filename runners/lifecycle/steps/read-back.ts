import { maskedAsIn } from '../../../core/diff/masked.ts';
import { explain, PlumbError } from '../../../core/errors.ts';
import { sha256 } from '../../../core/store/payload.ts';
import type { Session } from '../../driver.ts';
import type { Deployed, Deployment } from '../deployment.ts';
import { outcomeOf } from '../outcome.ts';
import { asFailure } from '../own-fault.ts';
import { bootConfig, saveIt } from '../startup.ts';
import type { ForeignLines } from '../trial/foreign-lines.ts';

type Compared = Pick<Deployment, 'device' | 'driver' | 'lease' | 'mode' | 'sha256'> & {
  job: string;
  /** Takes what the device still differs in. */
  said: (diff: string) => void;
  /** What the device ran while it was on trial, where that was noted. */
  foreign?: ForeignLines;
  /** Takes what somebody else typed meanwhile, where nothing of it is against the intent. */
  typed?: (lines: string) => void;
};

const stillDiffers = (device: string, left: string, typed: string): PlumbError => {
  if (typed === '') {
    const what = `${device}: the change is in force, and the device still differs from the intent:\n${left}`;
    return new PlumbError('not_converged', what, { hint: 'write these lines as the device prints them' });
  }
  const what = `${device}: the change is in force, and so is what someone typed on the device during the trial: ${typed}`;
  const hint = `\`plumb retry ${device}\` deploys over it, \`plumb adopt ${device} --yes\` makes it the intended configuration`;
  return new PlumbError('not_converged', what, { hint });
};

/**
 * Compares what runs with what is intended: nothing is left to change, and startup is what runs.
 *
 * @returns the hash of the normalised running configuration, the base for drift: without what somebody typed during the
 *   trial beside a text that is merged, which says nothing of it
 * @throws PlumbError `not_converged` where it was seen to differ; anything else: it could not be compared
 */
export const compare = async (of: Compared, text: string, session: Session): Promise<string> => {
  const { device, driver, lease, mode, job, foreign } = of;
  const [runs, boots] = await Promise.all([session.config('running'), bootConfig(driver, session)]);
  const running = driver.normalise(runs);
  const typed = foreign?.isHidden === false ? await foreign.since(running) : '';
  {
    const name = { job, epoch: lease.epoch, sha256: of.sha256 };
    await using candidate = await session.load(text, mode, name, 'compare');
    const left = await maskedAsIn(await candidate.diff(), [runs, text]);
    if (left !== '') {
      of.said(left);
      throw stillDiffers(device.name, left, typed);
    }
  }
  if (boots !== undefined && driver.normalise(boots) !== running) {
    const what = `${device.name}: the change is in force, but startup differs from running after saving`;
    throw new PlumbError('not_converged', what, { hint: saveIt });
  }
  if (mode !== 'merge' || typed === '') return sha256(running);
  of.typed?.(typed);
  return sha256(foreign?.inForce ?? running);
};

/** Reads the device after the confirm. The change is in force: what is thrown only says why it could not be compared. */
export const readBack = async (deployment: Deployment, text: string, foreign: ForeignLines): Promise<Deployed> => {
  const { device, driver, lease, mode, sha256, warm, record } = deployment;
  record.step('reading_back');
  const said = (diff: string) => record.detail(diff);
  const typed = (lines: string) => record.warn(`typed on the device while the trial ran, and in force: ${lines}`);
  const of = { device, driver, lease, mode, sha256, job: record.job.id, said, foreign, typed };
  try {
    const runningSha256 = await warm.use((proven) => compare(of, text, proven));
    const startup = driver.capabilities.startup ? 'same' : 'none';
    const seen = { runs: 'new', trial: 'confirmed', startup } as const;
    return { kind: 'ended', ...outcomeOf(device.name, undefined, seen), runningSha256 };
  } catch (error) {
    lease.assert();
    const why = asFailure(error, deployment, 'reading back what was confirmed');
    record.detail(explain(why));
    const seen = { runs: 'unknown', trial: 'confirmed', startup: 'unknown' } as const;
    return { kind: 'ended', ...outcomeOf(device.name, why, seen), runningSha256: undefined };
  }
};
