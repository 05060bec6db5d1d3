import { Job, streams, subjects } from '../bus.ts';
import { follow } from './follow.ts';
import { getStoredJob, type StoredJob } from './jobs.ts';
import { parseRecord } from './records.ts';
import type { Store } from './store.ts';

/** Of how many jobs it is remembered which record was seen last. */
const remembered = 1_000;

/** Says of each stored record whether it was not seen before. */
const newOnes = (): ((stored: StoredJob) => boolean) => {
  const seen = new Map<string, number>();
  return ({ job, seq }) => {
    if (!job || seq === seen.get(job.id)) return false;
    seen.delete(job.id);
    seen.set(job.id, seq);
    const oldest = seen.size > remembered ? seen.keys().next().value : undefined;
    if (oldest !== undefined) seen.delete(oldest);
    return true;
  };
};

/**
 * Each record of a job as it is stored, the present one first; ends after the finished one. What the stream refused, the
 * last word of a runner that had lost its lease, say, is not among them.
 * @param id `*`: every job of the device (or of all devices), the new ones only, without end
 */
export const watchJob = async function* (
  store: Store,
  id: string,
  signal: AbortSignal,
  device = '*',
): AsyncGenerator<Job> {
  const isNew = newOnes();
  for await (const news of follow(
    store,
    streams.jobs(store.site),
    subjects.stored(store.site, 'job', device, id),
    signal,
  )) {
    if (news.kind === 'look' && id === '*') continue;
    const stored: StoredJob =
      news.kind === 'look'
        ? await getStoredJob(store, id, device)
        : { job: parseRecord(Job, news.data), seq: news.seq };
    if (!stored.job || !isNew(stored)) continue;
    yield stored.job;
    if (id !== '*' && stored.job.state === 'finished') return;
  }
};
