import { PlumbError } from '../core/errors.ts';
import type { Intent } from '../core/intents.ts';
import { getStoredJob, jobTime, listJobs } from '../core/jobs.ts';
import { jobOfIntent } from '../core/publish.ts';
import type { Session, Trial } from './driver.ts';
import type { Holding } from './holding.ts';
import { JobRecord } from './job-record.ts';

/** @returns what became of it */
const undoOurs = async (trial: Trial): Promise<string> => {
  try {
    await trial.undo();
    return `undid the trial of job ${trial.job} that nobody had confirmed`;
  } catch (error) {
    if (!(error instanceof PlumbError) || error.code !== 'locked') throw error;
    return `left alone: ${error.message}`; // the next deployment says so too
  }
};

/**
 * Resolves what an earlier holder, or we before a crash, left on the device, before anything new is applied: a decided
 * trial is finished as decided, an undecided one undone, everything older than our epoch removed.
 *
 * @param attempted names that trials of ours may have, for a device that does not tell the name of one
 * @returns what was found and done, a line each
 * @throws PlumbError `lease_lost` when a newer holder left it
 */
export const recoverDevice = async (
  session: Session,
  device: string,
  epoch: number,
  fence: () => void,
  attempted: () => Promise<readonly string[]>,
): Promise<string[]> => {
  const lines: string[] = [];
  const found = await session.pending();
  // some devices list a trial and not its name: then the bus says what ours may be
  const trial = found && found.job === undefined ? await session.pending(await attempted()) : found;
  if (trial?.job !== undefined) {
    if ((trial.epoch ?? 0) > epoch)
      throw new PlumbError('lease_lost', `${device}: a newer holder's trial waits on the device`);
    fence();
    if (trial.phase === 'confirmed') {
      await trial.confirm();
      lines.push(`finished the confirm of job ${trial.job} that was cut off`);
    } else {
      lines.push(await undoOurs(trial));
    }
  }
  fence();
  for (const left of await session.clean(epoch)) lines.push(`removed ${left}`);
  return lines;
};

/** How far back a crash can have left records open. */
const recentJobs = 50;
const youngMs = 10_000;

export type Recording = Pick<Holding, 'store' | 'log' | 'lease'>;

/**
 * Ends the records that an earlier holder left open.
 *
 * @param keep the job that is about to be taken up again
 * @param newest what is to be deployed; a job of before it that nobody began was skipped
 */
export const closeOrphans = async (
  recording: Recording,
  keep: readonly (string | undefined)[],
  newest: Intent | undefined,
): Promise<void> => {
  const { store, lease } = recording;
  const { device } = lease;
  const newestMs = newest ? Date.parse(newest.generation.at) : -Infinity;
  const { jobs } = await listJobs(store, { device, limit: recentJobs });
  for (const { id } of jobs.filter(({ state, id }) => state !== 'finished' && !keep.includes(id))) {
    const { job, seq } = await getStoredJob(store, id, device);
    if (!job || job.state === 'finished') continue;
    if ((job.epoch ?? 0) >= lease.epoch) continue; // ours, and under way
    const { runner, epoch, state } = job;
    // the record of a job is published before its intent: a young one may still be on its way
    if (runner === undefined && (job.kind !== 'deploy' || jobTime(id).getTime() + youngMs > newestMs)) continue;
    const [code, detail] =
      runner === undefined
        ? (['superseded', `${device}: a newer intent came before this one was begun`] as const)
        : ([
            'abandoned',
            `${device}: ${runner} (epoch ${epoch}) lost the device during "${state}"; ${lease.runner} took it over and looks at it`,
          ] as const);
    const by = code === 'superseded' && newest ? { supersededBy: jobOfIntent(newest) } : {};
    await new JobRecord(recording, { ...job, ...by }, seq).finish({ kind: 'failed', code, detail });
  }
};
