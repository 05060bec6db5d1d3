import type { Job, JobKind } from '../../core/bus.ts';
import { getJob } from '../../core/store/jobs.ts';
import type { Api } from '../app.ts';
import { HttpProblem } from '../http/problem.ts';

/** The newest reads are looked through for one that asked for the same; more are hardly ever between two of them. */
const lookedAt = 20;

/** What was read last of a device, and when. */
export type LastRead = { device: string; job: string; at: string; ageSeconds: number };

const age = (at: string): number => Math.max(0, Math.round((Date.now() - Date.parse(at)) / 1000));

/**
 * The newest finished read of a kind that has an answer.
 *
 * @param wanted whether a job asked for this
 * @throws HttpProblem `not_found` where it was never read, or longer ago than jobs are kept
 */
export const lastRead = async (
  api: Api,
  device: string,
  kind: JobKind,
  wanted: (job: Job) => boolean = () => true,
): Promise<LastRead & { result: unknown }> => {
  const { rows } = api.views.jobs.list({ devices: new Set([device]), kind, state: 'finished', limit: lookedAt });
  for (const { id } of rows) {
    const job = await api.bus.reach(() => getJob(api.store, id, device));
    if (job?.outcome?.kind !== 'done' && job?.outcome?.kind !== 'previewed') continue;
    if (!wanted(job)) continue;
    const at = job.finishedAt ?? job.updatedAt;
    return { device, job: job.id, at, ageSeconds: age(at), result: job.result };
  }
  throw new HttpProblem('not_found', `${device}: nothing of this kind was read within the last 30 days`, {
    hint: `POST /api/v1/devices/${device}/${kind} reads it now`,
  });
};

/** One field of a job's result. */
export const fieldOf = (result: unknown, name: string): unknown =>
  typeof result === 'object' && result !== null && name in result ? (result as Record<string, unknown>)[name] : null;
