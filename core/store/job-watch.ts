import { Job, streams, subjects } from '../bus.ts';
import { follow } from './follow.ts';
import { getStoredJob, type StoredJob } from './jobs.ts';
import { parseRecord } from './records.ts';
import type { Store } from './store.ts';

/** For how many jobs the record seen last is remembered. */
const remembered = 1_000;

/** Says whether a stored record is new. */
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
 * Each record of a job as it is stored, the present one first; ends after the finished one. What the stream refused,
 * such as the last record of a runner that had lost its lease, is not among them.
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
