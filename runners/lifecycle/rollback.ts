import { PlumbError } from '../../core/errors.ts';
import type { Intent } from '../../core/store/intents.ts';
import { getJob } from '../../core/store/jobs.ts';
import { sha256 } from '../../core/store/payload.ts';
import { next, type Taken } from '../../core/wanted/next.ts';
import type { Saved, Session } from '../driver.ts';
import type { Asked } from '../holding/asked-rollback.ts';
import type { DeviceContext, UnderWay } from '../holding/device-context.ts';
import type { JobRecord } from '../holding/job-record.ts';
import { inForce, tookEffect } from './changed.ts';
import type { LastUndo } from './checks/last-undo.ts';
import { deploy } from './deploy.ts';
import { outcomeOf, untouched } from './outcome.ts';
import { asFailure } from './own-fault.ts';

/** @param to the job to go to before; undefined: the last one that was applied */
type Wanted = { to: string | undefined; asked: Asked };
type AskedWhen = Pick<Asked, 'who' | 'underWay'>;

/** The text that a saved entry stands for: where the device has no room for its hash, the job's record has it. */
const textOf = async ({ store, device }: DeviceContext, { job, sha256 }: Saved): Promise<string | undefined> =>
  sha256 || (await getJob(store, job, device.name))?.generation?.sha256;

/** The texts that were applied since a job, that one included, and the one that ran before. */
const ranSince = async (context: DeviceContext, saved: readonly Saved[], target: string) => {
  const applied = saved.filter(({ job, outcome }) => outcome === 'applied' || job === target);
  const end = applied.findIndex(({ job }) => job === target) + 1;
  const since = await Promise.all(applied.slice(0, end).map((entry) => textOf(context, entry)));
  const before = applied[end];
  return { since: since.filter((text) => text !== undefined), backTo: before && (await textOf(context, before)) };
};

/**
 * The job that was the last one when somebody asked to go back from it.
 *
 * @throws PlumbError `conflict` where that is another by now: a text that nobody had seen yet would be taken back
 */
const lastOne = async (
  { store, lease, device: { name } }: DeviceContext,
  saved: readonly Saved[],
  { who, underWay }: AskedWhen,
): Promise<string | undefined> => {
  const conflict = (what: string, then: string): PlumbError =>
    new PlumbError('conflict', `${name}: ${what}; nothing was changed`, {
      hint: `\`plumb history ${name}\` tells what ran when; \`plumb rollback ${name}\` ${then}`,
    });
  const last = saved.findIndex(({ outcome }) => outcome === 'applied');
  const { job } = saved[last] ?? {};
  const later = () => conflict(`job ${job} took effect after the rollback was asked for`, 'takes that one back');
  if (underWay === undefined || saved.length === 0) {
    const record = job === undefined ? undefined : await getJob(store, job, name);
    // what an earlier holder committed was there before anybody asked us, whatever its clock said
    if (record?.epoch === lease.epoch && (tookEffect(record) ?? '') > who.at) throw later();
    return job;
  }
  const at = saved.findIndex((each) => each.job === underWay);
  if (at === -1) {
    const what = `job ${underWay} was under way when the rollback was asked for, and has changed nothing`;
    throw conflict(what, 'goes back from the one before it');
  }
  if (last !== -1 && last < at) throw later();
  return underWay;
};

/**
 * The job that a rollback goes back from, and what ran before it.
 *
 * @param to undefined: the last one that was applied
 * @throws PlumbError `conflict` where there is none, or another one by now; `unknown_job` where nothing is kept of it
 */
export const textBefore = async (
  context: DeviceContext,
  session: Session,
  to: string | undefined,
  asked: AskedWhen,
) => {
  const saved = await session.saved();
  const target = to ?? (await lastOne(context, saved, asked));
  if (target === undefined) {
    const { name, platform } = context.device;
    throw new PlumbError('conflict', `${name}: the device keeps no configuration to go back to`, {
      hint: `either no deployment has changed it yet, or its platform keeps none (\`plumb platforms ${platform}\`); put the previous text back into the source to deploy it`,
    });
  }
  return { target, text: await session.savedConfig(target), saved };
};

const find = async (context: DeviceContext, session: Session, { to, asked }: Wanted) => {
  const { target, text, saved } = await textBefore(context, session, to, asked);
  const { newest, source } = asked;
  return { target, text, taken: { ...(await ranSince(context, saved, target)), newest, source } satisfies Taken };
};

/**
 * Deploys what ran before a job, by the same lifecycle; what it takes back is not deployed again by itself.
 *
 * @returns the text that it went back to, where that is in force and could not be compared with what runs
 */
export const rollback = async (
  context: DeviceContext,
  record: JobRecord,
  wanted: Wanted,
  lastUndo: LastUndo,
  began: (underWay: UnderWay) => void,
): Promise<Intent | undefined> => {
  const { device, warm, lease, state } = context;
  const { id: job, author } = record.job;
  const underWay: UnderWay = { job, record, abort: wanted.asked.abort, sha256: undefined };
  wanted.asked.phase = 'begun';
  began(underWay);
  record.set({ mode: 'replace' });
  try {
    await context.recover();
    const { target, text, taken } = await warm.use((session) => find(context, session, wanted), {
      what: `job ${record.job.id} (rollback)`,
      urgent: true,
    });
    record.set({ source: `the configuration before job ${target}` });
    underWay.abort.signal.throwIfAborted();
    wanted.asked.phase = 'kept';
    const { who } = wanted.asked;
    record.said({ did: 'rollback', ...who, ...(taken.since[0] ? { sha256: taken.since[0] } : {}) });
    // before the device is touched: whoever takes over after a crash does not put back what is taken back
    await state.update(next(state.value, { kind: 'rollback', job, taken, ...who }));
    const hash = sha256(text);
    const result = await deploy({
      ...context,
      lastUndo,
      record,
      body: Buffer.from(text),
      sha256: hash,
      mode: 'replace',
      dryRun: false,
      force: `a rollback to what ran before${author ? `, asked for by ${author}` : ''}`,
      manual: false,
      approval: undefined,
      signal: AbortSignal.any([context.signal, underWay.abort.signal]),
      newer: () => undefined,
    });
    if (result.kind === 'awaiting') throw new Error('a rollback never waits for an approval');
    const { outcome, unseen, left, runningSha256 } = result;
    const at = new Date().toISOString();
    const generation = { at: at.replace('Z', '000000Z'), sha256: hash };
    const applied = runningSha256 && { generation, job, at, runningSha256 };
    const inForceNow = applied ? inForce(state.value, applied, record.job, outcome.kind === 'applied') : {};
    const failed = outcome.kind === 'failed' && left ? next(state.value, { kind: 'rollback failed', job }) : {};
    await state.update({ ...failed, ...inForceNow, lastJob: job }).catch(() => {}); // kept in memory, and written when NATS is back
    await record.finish(outcome);
    return unseen
      ? { device: device.name, seq: 0, body: Buffer.from(text), generation, meta: { mode: 'replace' } }
      : undefined;
  } catch (error) {
    lease.assert(); // how it ended is the next holder's to say
    const { outcome } = outcomeOf(device.name, asFailure(error, context, 'rolling back'), untouched);
    await state.update(next(state.value, { kind: 'rollback failed', job })).catch(() => {});
    await record.finish(outcome);
    return undefined;
  }
};
