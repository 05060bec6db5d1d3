import { Heartbeat, type Job, leaseKey } from '../../core/bus.ts';
import { explain, isOutcome } from '../../core/errors.ts';
import type { Intent } from '../../core/store/intents.ts';
import { endUntaken, getStoredJob, listJobs, neverTaken, untakenMs } from '../../core/store/jobs.ts';
import { jobOfIntent } from '../../core/store/publish.ts';
import { getRecord } from '../../core/store/records.ts';
import type { Session, Trial } from '../driver.ts';
import { HalfUndone } from '../session/trial-handle.ts';
import type { DeviceContext } from './device-context.ts';
import { JobRecord } from './job-record.ts';
import type { HeldLease } from './lease.ts';

/** @returns what became of it */
const undoOurs = async (trial: Trial): Promise<string> => {
  try {
    await trial.undo();
    return `undid the unconfirmed trial of job ${trial.job}`;
  } catch (error) {
    if (error instanceof HalfUndone) return `undid the unconfirmed trial of job ${trial.job}: ${error.message}`;
    if (!isOutcome(error, 'locked')) throw error;
    return `left alone: ${error.message}`; // the next deployment says so too
  }
};

/**
 * Resolves what an earlier holder, or we before a crash, left on the device, before anything new is applied: a decided
 * trial is finished as decided, an undecided one undone, everything older than our epoch removed.
 *
 * @param attempted names that trials of ours may have, for a device that does not tell the name of one
 * @param madeFor the device of a job, as its record says: where two entries of an inventory lead to one host, a name of
 * Plumbline's and an epoch do not make a trial this entry's
 * @returns what was found and done, a line each
 * @throws PlumbError `lease_lost` when it bears a newer epoch than ours
 */
export const recoverDevice = async (
  session: Session,
  { device, epoch, assert, sure, lose }: Pick<HeldLease, 'device' | 'epoch' | 'assert' | 'sure' | 'lose'>,
  attempted: () => Promise<readonly string[]>,
  madeFor: (job: string) => Promise<string | undefined>,
): Promise<string[]> => {
  const lines: string[] = [];
  const found = await session.pending();
  // some devices list a trial and not its name: then the bus says what ours may be
  const trial = found && found.job === undefined ? await session.pending(await attempted()) : found;
  if (trial?.job !== undefined) {
    const owner = (await madeFor(trial.job)) ?? device; // no record: a store that was lost
    if (owner !== device) return [`left alone: ${device}: trial "${trial.name}" belongs to ${owner}, on the same host`];
    if ((trial.epoch ?? 0) > epoch) lose('a trial of a newer epoch is pending on the device', trial.epoch);
    assert();
    if (trial.phase === 'confirmed') {
      await sure();
      await trial.confirm();
      lines.push(`finished the interrupted confirm of job ${trial.job}`);
    } else {
      lines.push(await undoOurs(trial));
    }
  }
  assert();
  for (const left of await session.clean(epoch)) lines.push(`removed ${left}`);
  return lines;
};

/** How far back a crash can have left records open. */
const recentJobs = 50;
const youngMs = 10_000;

const mayChange: ReadonlySet<Job['kind']> = new Set<Job['kind']>(['deploy', 'rollback']);

/** What became of the trial of a job whose runner was lost. @throws PlumbError while the device cannot be looked at */
const became = async ({ id, kind, steps }: Job, recover: () => Promise<readonly string[]>): Promise<string> => {
  if (!mayChange.has(kind)) return '';
  if (!steps.some(({ step }) => step === 'committing')) return ': nothing was committed';
  const told = (await recover()).filter((line) => line.includes(id));
  return `: ${told.length > 0 ? told.join('; ') : 'no trial of this job waits on the device any more'}`;
};

/** Adds to the ended records of jobs whose trial could not be looked at what was found of it later. */
export const noteFound = async (
  recording: Recording,
  ids: readonly string[],
  lines: readonly string[],
): Promise<void> => {
  for (const id of ids) {
    const { job, seq } = await getStoredJob(recording.store, id, recording.lease.device);
    if (!job) continue;
    const found = await became(job, async () => lines);
    new JobRecord(recording, job, seq).warn(`checked at ${new Date().toISOString()}${found}`);
  }
};

export type Recording = Pick<DeviceContext, 'store' | 'log' | 'lease'>;

/**
 * Whether a record was stored so long ago that nobody will take it up. Both times are the server's, and the later one is that
 * of our last heartbeat, some seconds ago: our own clock may be wrong by any amount.
 */
const isUntaken = async ({ store, lease }: Recording, at: Date | undefined): Promise<boolean> => {
  const beat = await getRecord(store.lease, Heartbeat, leaseKey.runner(lease.runner));
  return at !== undefined && beat !== undefined && beat.at.getTime() - at.getTime() > untakenMs;
};

/**
 * Ends the records that an earlier holder left open.
 *
 * @param keep the job that is about to be taken up again
 * @param newest what is to be deployed; a job of before it that nobody began was skipped
 * @param recover looks at the device: what it tells is what became of a trial that such a job had armed
 * @returns the jobs of which that could not be seen
 */
export const closeOrphans = async (
  recording: Recording,
  keep: readonly (string | undefined)[],
  newest: Intent | undefined,
  recover: () => Promise<readonly string[]>,
): Promise<readonly string[]> => {
  const unseen: string[] = [];
  const { store, lease } = recording;
  const { device } = lease;
  const newestMs = newest ? Date.parse(newest.generation.at) : -Infinity;
  const { jobs } = await listJobs(store, { devices: [device], limit: recentJobs });
  for (const { id } of jobs.filter(({ state, id }) => state !== 'finished' && !keep.includes(id))) {
    const { job, seq, at } = await getStoredJob(store, id, device);
    if (!job || job.state === 'finished') continue;
    if (job.runner === undefined && job.kind !== 'deploy') {
      if (await isUntaken(recording, at)) await endUntaken(store, job, neverTaken(device));
      continue;
    }
    if ((job.epoch ?? 0) >= lease.epoch) continue; // ours, and under way
    const { runner, epoch, state } = job;
    // the record of a job is published before its intent: a young one, by the server's clock, may still be on its way
    if (runner === undefined && (at?.getTime() ?? Infinity) + youngMs > newestMs) continue;
    const took = `${device}: ${runner} (epoch ${epoch}) lost the device during "${state}"; ${lease.runner} took it over`;
    const found = async () => {
      try {
        return await became(job, recover);
      } catch (error) {
        if (!isOutcome(error) || error.code === 'lease_lost') throw error;
        unseen.push(id);
        return `; what became of its trial is not known yet and will be added here: ${explain(error)}`;
      }
    };
    const [code, detail] =
      runner === undefined
        ? (['superseded', `${device}: a newer intent arrived before this one was started`] as const)
        : (['abandoned', took + (await found())] as const);
    const by = code === 'superseded' && newest ? { supersededBy: jobOfIntent(newest) } : {};
    const hint = `\`plumb status ${device}\` shows what is running${job.kind === 'rollback' ? `; \`plumb rollback ${device}\` rolls back again` : ''}`;
    const told = code === 'abandoned' && mayChange.has(job.kind) ? { hint } : {};
    await new JobRecord(recording, { ...job, ...by }, seq).finish({ kind: 'failed', code, detail, ...told });
  }
  return unseen;
};
