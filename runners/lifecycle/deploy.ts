import { explain, isLost, PlumbError } from '../../core/errors.ts';
import type { Session, Trial } from '../driver.ts';
import { refuseChangingProbes } from '../session/read-only.ts';
import { type Before, check } from './checks/checks.ts';
import { guardText, textOf } from './guards.ts';
import { madeBefore } from './made-before.ts';
import { type Ended, outcomeOf, unlooked, untouched } from './outcome.ts';
import { asFailure } from './own-fault.ts';
import { type Approval, type Deployment, prepare } from './prepare.ts';
import { readBack } from './read-back.ts';
import { confirm, type TrialContext, type Undone, Unsettled, undo } from './trial/trial.ts';

/** How a deployment ended well, or that its diff waits for an approval. */
export type Deployed =
  | { kind: 'awaiting'; approval: Approval }
  | ({ kind: 'ended'; runningSha256: string | undefined } & Ended);

/** The undo must have begun this long before the device's own, so that both never run at once. */
const undoMarginMs = (confirmSeconds: number) => Math.min(15_000, Math.max(3_000, confirmSeconds * 100));

const guard = ({ device, driver, record, body, mode, force, dryRun }: Deployment): string => {
  record.step('guarding');
  const { replace, merge, trial } = driver.capabilities;
  const missing =
    (mode === 'replace' ? replace : merge) === 'none'
      ? mode
      : trial === 'none' && !dryRun
        ? 'undo a commit by itself'
        : '';
  if (missing) {
    throw new PlumbError('unsupported', `${device.name}: ${device.platform} cannot ${missing}`, {
      hint:
        missing === 'replace' && merge !== 'none' && trial !== 'none'
          ? 'it merges: write `options: { mode: merge }` at the device in the inventory, or publish with Plumb-Mode: merge'
          : 'see `plumb platforms`',
    });
  }
  refuseChangingProbes(device.name, driver, device.policy.probes);
  const { keepsBytes = false } = driver;
  if (!force)
    return guardText({
      body,
      device: device.name,
      hostnames: [],
      policy: device.policy,
      mode,
      keepsBytes,
      hostnameOf: driver.hostname,
    });
  record.set({ forced: force });
  return textOf(body, keepsBytes);
};

const ended = {
  us: 'undone by the runner',
  'the device': "undone by the device's own timer",
  nobody: 'what ran before runs: there was nothing to undo',
} as const;

/** Undoes the trial and says why. Never returns. @param why given who undid it */
const undoBecause = async (
  { record }: Deployment,
  context: TrialContext,
  trial: Trial | undefined,
  why: PlumbError | ((by: Undone['by']) => PlumbError),
): Promise<never> => {
  if (why instanceof PlumbError) record.detail(`${explain(why)}; undoing`);
  const { by, seen, failure } = await undo(context, trial);
  const { code, message, hint, cause, line } = why instanceof PlumbError ? why : why(by);
  const what = failure ? `${message}; and undoing it: ${explain(failure)}` : message;
  const error = new Unsettled(code, what, seen, {
    cause,
    ...(hint ? { hint } : {}),
    ...(line === undefined ? {} : { line }),
  });
  record.detail(failure ? explain(error) : `${explain(error)}; ${ended[by]}`);
  throw error;
};

const checkTrial = async (
  deployment: Deployment,
  context: TrialContext,
  trial: Trial,
  { before, lateMs, intent }: { before: Before; lateMs: number; intent: string },
): Promise<Session> => {
  const { record, device, driver, warm, signal, lease, mode } = deployment;
  record.step('checking');
  const { policy } = device;
  const deadlineMs = context.expiresMs - undoMarginMs(record.job.confirmSeconds ?? 0);
  const both = AbortSignal.any([signal, lease.signal]);
  const found = record.checks.bind(record);
  let checked: Awaited<ReturnType<typeof check>>;
  try {
    const looked = { driver, policy, before, intent, mode, lateMs };
    checked = await check(warm, { ...looked, deadlineMs, signal: both, found });
  } catch (error) {
    lease.assert(); // the device is someone else's now: no confirm, no undo
    const cause: unknown = signal.aborted ? signal.reason : error;
    // even a bug of ours must not leave a trial on the device
    const why =
      cause instanceof PlumbError
        ? cause
        : new PlumbError('check_failed', `${device.name}: the check could not be made: ${explain(cause)}`, { cause });
    return undoBecause(deployment, context, trial, why);
  }
  record.checks(checked.checks);
  for (const { name, on, ok, detail } of checked.checks)
    if (ok === null) record.warn(`check not made: ${name} ${on}: ${detail}`);
  if (checked.ok && checked.session) return checked.session;
  await checked.session?.[Symbol.asyncDispose]();
  const failed = checked.checks
    .filter(({ ok }) => ok === false)
    .map(({ name, on, detail }) => `${name} ${on}: ${detail}`);
  return undoBecause(
    deployment,
    context,
    trial,
    new PlumbError('check_failed', `${device.name}: ${failed.join('; ')}`),
  );
};

/** The commit's answer did not come or was an error: the device is asked, and put back where it was. */
const settle = async (deployment: Deployment, context: TrialContext, error: PlumbError): Promise<never> => {
  if (error.code === 'lease_lost') throw error;
  const { name } = deployment.device;
  if (['locked', 'rejected', 'refused', 'unsupported', 'internal'].includes(error.code))
    return undoBecause(deployment, context, undefined, error);
  if (!isLost(error)) {
    const why = new PlumbError('commit_failed', `${name}: the commit failed: ${explain(error)}`, { cause: error });
    return undoBecause(deployment, context, undefined, why);
  }
  // where we could log in again the change was not what cut us off, and it may be tried again
  return undoBecause(deployment, context, undefined, (by) => {
    const what = `${name}: the connection was lost while the change took effect`;
    return new PlumbError(by === 'the device' ? 'check_failed' : error.code, `${what}: ${explain(error)}`, {
      cause: error,
    });
  });
};

/** From here on the change is in force: whatever is thrown only says why it could not be compared. */
const readAfterConfirm = async (
  deployment: Deployment,
  text: string,
): Promise<Ended & { runningSha256: string | undefined }> => {
  const { device, driver, lease, mode, sha256, warm, record } = deployment;
  const said = (diff: string) => record.detail(diff);
  const of = { device, driver, lease, mode, sha256, job: record.job.id, said };
  try {
    const runningSha256 = await warm.use((proven) => readBack(of, text, proven));
    const startup = driver.capabilities.startup ? 'same' : 'none';
    return { ...outcomeOf(device.name, undefined, { runs: 'new', trial: 'confirmed', startup }), runningSha256 };
  } catch (error) {
    lease.assert();
    const why = asFailure(error, deployment, 'reading back what was confirmed');
    record.detail(explain(why));
    const seen = { runs: 'unknown', trial: 'confirmed', startup: 'unknown' } as const;
    return { ...outcomeOf(device.name, why, seen), runningSha256: undefined };
  }
};

/**
 * One run of the lifecycle (docs/concepts.md). It ends in a state of the device that was read back.
 *
 * @throws PlumbError `lease_lost`; whatever else is thrown on the way is told by the outcome, given what was seen to run
 */
export const deploy = async (deployment: Deployment): Promise<Deployed> => {
  const { device, record, warm, lease, state } = deployment;
  let committed: { before: Before } | undefined;
  try {
    const text = guard(deployment);
    record.step('connecting');
    const prepared = await warm.use((session) => prepare(deployment, text, session));
    switch (prepared.kind) {
      case 'unchanged':
      case 'previewed': {
        const applied = prepared.kind === 'unchanged' && (await madeBefore(record, warm));
        if (applied) record.warn('this job had made the change before its runner lost the device');
        return {
          kind: 'ended',
          outcome: { kind: applied ? 'applied' : prepared.kind },
          unseen: false,
          left: !applied,
          runningSha256: record.job.runningSha256,
        };
      }
      case 'awaiting':
        return prepared;
      case 'unknown':
        committed = prepared;
        return await settle(deployment, prepared.context, prepared.error);
      case 'committed':
        committed = prepared;
        break;
      default:
        return prepared satisfies never;
    }
    const { context, trial, before, lateMs } = prepared;
    const session = await checkTrial(deployment, context, trial, { before, lateMs, intent: text });
    record.step('confirming');
    // by the connection that proved itself, past whatever waits for the warm one; then it becomes that
    const by = await confirm(context, trial, lease.assert, session).finally(() => void warm.adopt(session));
    if (by !== 'us') record.warn('somebody else confirmed the trial on the device before the runner did');
    record.step('reading_back');
    return { kind: 'ended', ...(await readAfterConfirm(deployment, text)) };
  } catch (error) {
    lease.assert(); // how it ended is the next holder's to say
    const why = asFailure(error, deployment, 'deploying');
    const seen = error instanceof Unsettled ? error.seen : committed ? unlooked : untouched;
    if (committed && seen.runs !== 'new') deployment.lastUndo.note(committed.before);
    return { kind: 'ended', ...outcomeOf(device.name, why, seen), runningSha256: undefined };
  } finally {
    await state.update({ trial: null }).catch(() => {});
  }
};
