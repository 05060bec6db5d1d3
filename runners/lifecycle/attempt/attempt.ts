import type { Outcome } from '../../../core/bus.ts';
import { defined } from '../../../core/defined.ts';
import { failures, isOutcome } from '../../../core/errors.ts';
import { asksFirst } from '../../../core/inventory/four-eyes.ts';
import { type Intent, type IntentHead, withOwnJob } from '../../../core/store/intents.ts';
import { jobOf } from '../../../core/store/publish.ts';
import { blockOf, newestOf, type Source } from '../../../core/wanted/held.ts';
import { next } from '../../../core/wanted/next.ts';
import type { DeviceContext, UnderWay } from '../../holding/device-context.ts';
import { JobRecord } from '../../holding/job-record.ts';
import { called, type Found, foundOf, type Given, givenBefore, whyNoMore } from '../approvals/given.ts';
import { waitsOn } from '../approvals/waits-on.ts';
import { inForce } from '../changed.ts';
import type { LastUndo } from '../checks/last-undo.ts';
import { deploy } from '../deploy.ts';
import type { Approval, Deployed } from '../deployment.ts';
import { modeFor } from '../mode.ts';
import { outcomeOf, untouched } from '../outcome.ts';
import { asFailure } from '../own-fault.ts';
import { commitOf, describe, jobFor, masked, saidOf } from './record.ts';

type Attempt = {
  intent: Intent;
  source: Source;
  /** Attempts of this content that a crash cut off, this one included. */
  count: number;
  given: Given | undefined;
  /** The job that waited for an approval until this text came. */
  replaced: string | undefined;
  /** What an undone attempt did to the network. */
  lastUndo: LastUndo;
  /** A newer intent, where one has come. */
  newer: () => IntentHead | undefined;
  began: (underWay: UnderWay) => void;
};

export type Attempted =
  | { kind: 'ended'; job: string; outcome: Outcome }
  | { kind: 'awaiting'; job: string; approval: Approval };

/** Whether a device that we never deployed to, as far as we know, must be looked at by a person first. */
const isStrange = async ({ device, warm, state }: DeviceContext, record: JobRecord): Promise<boolean> => {
  if (device.policy.firstDeployment === 'manual') return true;
  if (!state.isNew) return false;
  const saved = await warm.use((session) => session.saved());
  if (saved.length === 0) {
    state.isNew = false; // what is saved from now on is from deployments that we know
    return false;
  }
  record.warn('the device was deployed to before, but its record is lost: any diff waits for an approval');
  return true;
};

/**
 * Deploys the newest intent once and records what came of it.
 *
 * @throws what is no outcome: the lease was lost, the runner stops, or NATS is away before anything was begun
 */
export const attempt = async (context: DeviceContext, work: Attempt): Promise<Attempted> => {
  const { device, lease, state, log } = context;
  const { intent, count } = work;
  const { generation, meta } = intent;
  const { job: begun, seq } = await jobFor(context, intent);
  const record = new JobRecord(context, begun, seq);
  const job = record.job.id;
  const before = state.value;
  const kept = work.given ? undefined : givenBefore(begun, before, intent);
  let given = work.given ?? kept;
  const taken = blockOf(before, generation.sha256);
  if (taken) {
    // it was cancelled or taken back in this very moment
    const outcome = {
      kind: 'failed',
      code: 'cancelled',
      detail: `${device.name}: ${taken.why} before it was started`,
    } as const;
    await record.finish(outcome);
    return { kind: 'ended', job, outcome };
  }
  const now = () => new Date().toISOString();
  const ended = (outcome: string, unseen = false) =>
    next(state.value, { kind: 'ended', job, outcome, at: now(), unseen });
  if (record.job.state === 'awaiting') record.step('guarding'); // approved: nobody is to see it wait once more
  describe(record, context, intent, work.replaced);
  for (const said of saidOf(before.said, { intent, given }, record.job)) record.said(said);
  const sha256 = meta.dryRun ? undefined : generation.sha256;
  const underWay: UnderWay = { job, record, abort: new AbortController(), sha256 };
  // known before the device is touched: what is tried, and that it is not tried for ever
  const known = state.update({
    intent: { generation, ...defined({ commit: meta.commit, source: meta.source }) },
    ...next(before, { kind: 'began', newest: newestOf(intent), source: work.source, job, count, at: now() }),
    lastJob: job,
  });
  work.began(underWay);
  await known;
  let found: Found | undefined;
  let result: Deployed;
  try {
    found = { lines: await context.recover(), by: lease.runner, at: now() };
    if (kept && foundOf(record.job, found) !== '') given = undefined; // its record fell behind: it was on trial
    const manual = asksFirst(device.policy) || (before.applied === null && (await isStrange(context, record)));
    result = await deploy({
      ...context,
      lastUndo: work.lastUndo,
      record,
      body: intent.body,
      sha256: generation.sha256,
      mode: modeFor(device, meta.mode),
      dryRun: meta.dryRun ?? false,
      force: meta.force,
      manual,
      approval: given?.approval,
      signal: AbortSignal.any([context.signal, underWay.abort.signal]),
      newer: work.newer,
    });
  } catch (error) {
    lease.assert(); // how it ended is the next holder's to say
    const why = asFailure(error, context, 'deploying');
    result = { kind: 'ended', ...outcomeOf(device.name, why, untouched), runningSha256: undefined };
  }
  if (result.kind === 'awaiting') {
    const changed = 'the device or the intent changed since the approved diff: waiting for a new approval';
    const why = given ? `${called(given.said)} no longer counts: ${changed}` : whyNoMore(record.job, found);
    if (why) record.warn(why);
    record.step('awaiting');
    await record.stored(); // whoever goes on with the question finds it there
    await state.update(ended('awaiting')).catch(() => {});
    return { kind: 'awaiting', job, approval: result.approval };
  }
  const { runningSha256, unseen, outcome } = result;
  if (outcome.kind === 'failed') {
    const told = masked(outcome, intent);
    const newer = told.code === 'superseded' ? work.newer() : undefined;
    if (newer) record.set({ supersededBy: jobOf(await withOwnJob(context.store, newer)) });
    // a runner that stops has undone what it did: the next one begins as if this had not been tried
    if (context.signal.aborted && told.code !== 'not_converged') {
      await state.update(next(state.value, { kind: 'let go', job, before })).catch(() => {});
      const waited = await waitsOn(record, before, begun);
      if (waited) return { kind: 'awaiting', job, approval: waited };
    } else {
      // what a predecessor left could not be resolved: this content was not tried at all
      // a connection lost after the commit was begun is like a crash of ours: tried again, but not for ever
      const isLost = failures[told.code].connection === 'lost';
      const cutOff = isLost && record.job.steps.some(({ step }) => step === 'committing');
      const word = cutOff ? 'started' : found || isLost || told.code === 'unreachable' ? told.code : 'locked';
      await state.update(ended(word, unseen)).catch(() => {});
    }
    await record.finish(told);
    return { kind: 'ended', job, outcome: told };
  }
  const made = runningSha256 !== undefined && outcome.kind !== 'previewed';
  const applied = made && { generation, job, at: now(), runningSha256, ...commitOf(meta) };
  const inForceNow = applied ? inForce(state.value, applied, record.job, outcome.kind === 'applied') : {};
  await state.update({ ...ended(outcome.kind), ...inForceNow }).catch((error: unknown) => {
    if (isOutcome(error, 'lease_lost')) throw error;
    log.warn({ device: device.name, job }, 'the state will be written when NATS is back');
  });
  await record.finish(outcome);
  return { kind: 'ended', job, outcome };
};
