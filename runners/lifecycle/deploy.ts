import { setTimeout as wait } from 'node:timers/promises';
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
import { confirm } from './trial/confirm.ts';
import { type TrialContext, TrialFailed } from './trial/context.ts';
import { ForeignLines } from './trial/foreign-lines.ts';
import { type Undone, undo } from './trial/undo.ts';

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

/** An undo waits this long for what it would take with it. */
const typedMs = 2_000;

/** Warns of the lines of somebody else that an undo is about to take with it. */
const warnOfTyped = async ({ record, warm }: Deployment, foreign: ForeignLines, proven: Session | undefined) => {
  if (!proven && (!warm.connected || warm.busy)) return; // the undo comes first
  const read = proven ? foreign.typed(proven) : warm.use((session) => foreign.typed(session));
  const typed = await Promise.race([
    read.catch(() => ''), // a device that does not answer is put back all the same
    wait(typedMs, '', { ref: false }),
  ]);
  if (typed !== '') record.warn(`typed on the device while the trial ran, and undone with it: ${typed}`);
};

/** What to do about a change that somebody else has confirmed. */
const afterForeignConfirm = async ({ device, record, warm }: Deployment): Promise<string> => {
  const { id } = record.job;
  const saved = await warm.use((session) => session.saved()).catch(() => []);
  return saved.some(({ job }) => job === id)
    ? `\`plumb rollback ${device.name} --to ${id}\` goes back to what ran before`
    : `\`git revert\` of the change goes back to the text of before; ${device.platform} keeps none`;
};

/** Undoes the trial and says why. Never returns. @param why given who undid it */
const undoBecause = async (
  deployment: Deployment,
  context: TrialContext,
  trial: Trial | undefined,
  why: PlumbError | ((by: Undone['by']) => PlumbError),
): Promise<never> => {
  const { record } = deployment;
  if (why instanceof PlumbError) record.detail(`${explain(why)}; undoing`);
  const { by, seen, failure, confirmedByOther } = await undo(context, trial);
  const { code, message, hint: toDo, cause, line } = why instanceof PlumbError ? why : why(by);
  if (confirmedByOther)
    record.warn(
      `somebody else confirmed the trial on the device while it was checked${seen.runs === 'old' ? '; it was undone all the same' : ', so it could not be undone'}`,
    );
  const hint = confirmedByOther && seen.runs !== 'old' ? await afterForeignConfirm(deployment) : toDo;
  const what = failure ? `${message}; and undoing it: ${explain(failure)}` : message;
  const error = new TrialFailed(code, what, seen, {
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
  { before, lateMs, intent, foreign }: { before: Before; lateMs: number; intent: string; foreign: ForeignLines },
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
    const loggedIn = (session: Session) => foreign.note(session);
    checked = await check(warm, { ...looked, deadlineMs, signal: both, found, loggedIn });
  } catch (error) {
    lease.assert(); // the device is someone else's now: no confirm, no undo
    const cause: unknown = signal.aborted ? signal.reason : error;
    // even a bug of ours must not leave a trial on the device
    const why =
      cause instanceof PlumbError
        ? cause
        : new PlumbError('check_failed', `${device.name}: the check could not be made: ${explain(cause)}`, { cause });
    await warnOfTyped(deployment, foreign, undefined);
    return undoBecause(deployment, context, trial, why);
  }
  record.checks(checked.checks);
  for (const { name, on, ok, detail } of checked.checks)
    if (ok === null) record.warn(`check not made: ${name} ${on}: ${detail}`);
  if (checked.ok && checked.session) return checked.session;
  await warnOfTyped(deployment, foreign, checked.session);
  await checked.session?.[Symbol.asyncDispose]();
  const failed = checked.checks
    .filter(({ ok }) => ok === false)
    .map(({ name, on, detail }) => `${name} ${on}: ${detail.replaceAll(`${device.name}: `, '')}`);
  const hint = `when what the check names is mended, \`plumb retry ${device.name}\` tries the same text again`;
  return undoBecause(
    deployment,
    context,
    trial,
    new PlumbError('check_failed', `${device.name}: ${failed.join('; ')}`, { hint }),
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
  foreign: ForeignLines,
): Promise<Ended & { runningSha256: string | undefined }> => {
  const { device, driver, lease, mode, sha256, warm, record } = deployment;
  const said = (diff: string) => record.detail(diff);
  const of = { device, driver, lease, mode, sha256, job: record.job.id, said, foreign };
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
  const begun = structuredClone(record.job);
  try {
    const text = guard(deployment);
    record.step('connecting');
    const prepared = await warm.use((session) => prepare(deployment, text, session));
    switch (prepared.kind) {
      case 'unchanged':
      case 'previewed': {
        const applied = prepared.kind === 'unchanged' && (await madeBefore(begun, record.job.runningSha256, warm));
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
    const foreign = new ForeignLines(deployment.driver, before.config);
    const session = await checkTrial(deployment, context, trial, { before, lateMs, intent: text, foreign });
    record.step('confirming');
    const overwritten = foreign.isHidden ? await foreign.typed(session).catch(() => '') : '';
    if (overwritten !== '') record.warn(`typed on the device while the trial ran, and overwritten: ${overwritten}`);
    // by the connection that proved itself, past whatever waits for the warm one; then it becomes that
    const by = await confirm(context, trial, lease.assert, session).finally(() => void warm.adopt(session));
    if (by !== 'us') record.warn('somebody else confirmed the trial on the device before the runner did');
    record.step('reading_back');
    return { kind: 'ended', ...(await readAfterConfirm(deployment, text, foreign)) };
  } catch (error) {
    lease.assert(); // how it ended is the next holder's to say
    const why = asFailure(error, deployment, 'deploying');
    const seen = error instanceof TrialFailed ? error.seen : committed ? unlooked : untouched;
    if (committed && seen.runs !== 'new') deployment.lastUndo.note(committed.before);
    return { kind: 'ended', ...outcomeOf(device.name, why, seen), runningSha256: undefined };
  } finally {
    await state.update({ trial: null }).catch(() => {});
  }
};
