import type { Job, JobKind } from '../../core/bus.ts';
import { getJob } from '../../core/store/jobs.ts';
import type { Api } from '../app.ts';

/** The newest reads are looked through for one that asked for the same; more are hardly ever between two of them. */
const lookedAt = 20;

/** What was read last of a device, and when; all of it null, and a hint, where nobody has within 30 days. */
type LastRead = {
  device: string;
  job: string | null;
  at: string | null;
  ageSeconds: number | null;
  hint?: string;
};

/** Whole seconds since a time. */
export const ageOf = (at: string): number => Math.max(0, Math.round((Date.now() - Date.parse(at)) / 1000));

/**
 * The newest finished read of a kind that has an answer.
 *
 * @param wanted whether a job asked for this
 * @returns with what was found, of which nothing is known where it was never read, or longer ago than jobs are kept
 */
export const lastRead = async (
  api: Api,
  device: string,
  kind: JobKind,
  wanted: (job: Job) => boolean,
): Promise<{ last: LastRead; result: unknown }> => {
  await api.views.fresh('jobs');
  const { rows } = api.views.jobs.list({ devices: new Set([device]), kind, state: 'finished', limit: lookedAt });
  for (const { id } of rows) {
    const job = await api.bus.reach(() => getJob(api.store, id, device));
    if (job?.outcome?.kind !== 'done' && job?.outcome?.kind !== 'previewed') continue;
    if (!wanted(job)) continue;
    const at = job.finishedAt ?? job.updatedAt;
    return { last: { device, job: job.id, at, ageSeconds: ageOf(at) }, result: job.result };
  }
  const hint = `not read within the last 30 days: POST /api/v1/devices/${device}/${kind} reads it now`;
  return { last: { device, job: null, at: null, ageSeconds: null, hint }, result: undefined };
};

/** One field of a job's request or result; null where there is none. */
export const fieldOf = (result: unknown, name: string): unknown =>
  typeof result === 'object' && result !== null && name in result ? (result as Record<string, unknown>)[name] : null;
