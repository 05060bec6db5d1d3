import { explain, isLost, PlumbError } from '../../../core/errors.ts';
import { sha256 } from '../../../core/store/payload.ts';
import type { Candidate, Session } from '../../driver.ts';
import { trialName } from '../../trial-name.ts';
import { lookBefore } from '../checks/checks.ts';
import type { LoginProof } from '../checks/login.ts';
import { type Committed, type Deployment, mayGoOn } from '../deployment.ts';
import { asFailure } from '../own-fault.ts';
import type { TrialContext } from '../trial/context.ts';
import { ForeignLines } from '../trial/foreign-lines.ts';
import { takeBack } from '../trial/take-back.ts';
import { trialTimer } from '../trial/timer.ts';

/** What is committed: the text, what runs before it, and how the device tells the two apart. */
type Change = { text: string; running: string; difference: string };

/** @param confirmSeconds of the timer that the device holds, from now on */
const contextOf = (deployment: Deployment, { text, running }: Change, confirmSeconds: number): TrialContext => {
  const { device, driver, record, warm, lease, mode } = deployment;
  const { id: job } = record.job;
  const { epoch } = lease;
  const expiresMs = performance.now() + confirmSeconds * 1000;
  return {
    device: device.name,
    driver,
    warm,
    job,
    name: trialName({ job, epoch }),
    beforeSha256: sha256(driver.normalise(running)),
    expiresMs,
    latestMs: expiresMs,
    said: (said) => record.detail(said),
    lease,
    isNew: async (again) => {
      await using loaded = await again.load(text, mode, { job, epoch, sha256: deployment.sha256 }, 'compare');
      return (await loaded.diff()) === '';
    },
  };
};

/**
 * Looks at all that the checks will compare and whether a new login works, then commits under a timer of the device's.
 *
 * @param login begun while the candidate was loaded
 * @returns the trial; `unanswered` where it is not known what became of the commit
 * @throws PlumbError of what stopped it before anything took effect
 */
export const commit = async (
  deployment: Deployment,
  session: Session,
  candidate: Candidate,
  change: Change,
  login: LoginProof,
): Promise<Committed> => {
  const { device, driver, record, state } = deployment;
  const { id: job, commit: hash, author } = record.job;
  const [before] = await Promise.all([
    lookBefore({ driver, policy: device.policy }, session, change.running),
    login.prove(),
  ]);
  const confirmSeconds = trialTimer({ device, record, capabilities: driver.capabilities }, before.bgp);
  const lateMs = driver.late?.lines.test(change.difference) ? driver.late.seconds * 1000 : 0;
  deployment.lease.lasts();
  record.step('committing');
  const expiresAt = new Date(Date.now() + confirmSeconds * 1000).toISOString();
  await Promise.all([
    record.stored(), // whoever takes over sees by it that an approval was used
    state.update({ trial: { job, name: trialName({ job, epoch: deployment.lease.epoch }), expiresAt } }),
  ]);
  const context = contextOf(deployment, change, confirmSeconds);
  const onTrial = { context, before, lateMs, foreign: new ForeignLines(driver, before.config) };
  await deployment.lease.sure();
  let fenced = false;
  const fence = () => {
    mayGoOn(deployment);
    fenced = true;
  };
  const comment = [`plumbline job ${job}`, hash && `commit ${hash}`, author && `by ${author}`]
    .filter(Boolean)
    .join(', ');
  try {
    const trial = await candidate.commit({ confirmSeconds, comment, fence, warn: (said) => record.warn(said) });
    return { kind: 'committed', ...onTrial, trial };
  } catch (error) {
    if (!fenced) throw error;
    // even a fault of ours must not leave a trial on the device
    return { kind: 'unanswered', ...onTrial, error: asFailure(error, deployment, 'committing') };
  } finally {
    context.latestMs = performance.now() + confirmSeconds * 1000;
  }
};

/** The commit's answer did not come or was an error: the device is asked, and put back where it was. Never returns. */
export const unanswered = async (
  deployment: Deployment,
  { context, error }: Extract<Committed, { kind: 'unanswered' }>,
): Promise<never> => {
  if (error.code === 'lease_lost') throw error;
  const { name } = deployment.device;
  if (['locked', 'rejected', 'refused', 'unsupported', 'internal'].includes(error.code))
    return takeBack(deployment, context, undefined, error);
  if (!isLost(error)) {
    const why = new PlumbError('commit_failed', `${name}: the commit failed: ${explain(error)}`, { cause: error });
    return takeBack(deployment, context, undefined, why);
  }
  // where we could log in again the change was not what cut us off, and it may be tried again
  return takeBack(deployment, context, undefined, (by) => {
    const what = `${name}: the connection was lost while the change took effect`;
    return new PlumbError(by === 'the device' ? 'check_failed' : error.code, `${what}: ${explain(error)}`, {
      cause: error,
    });
  });
};
