import { useEffect, useState } from 'preact/hooks';
import { ask } from './http.ts';
import { untilNews } from './job-news.ts';
import { Refusal } from './refusal.ts';
import type { Job } from './types.ts';

/** Where no event says that it went on. */
const longestMs = 5_000;

/** A job as it was read last, and why it could not be read again. */
type SeenJob = { job?: Job; failed?: Refusal };

/**
 * One job whole; read again and again until it is finished.
 *
 * @param id undefined: none
 * @param turn read anew when it changes, also where the job was finished
 */
export const useJob = (id: string | undefined, turn: unknown): SeenJob => {
  const [seen, setSeen] = useState<SeenJob>({});
  useEffect(() => {
    if (id === undefined) return setSeen({});
    const stop = new AbortController();
    const read = async () => {
      while (!stop.signal.aborted) {
        try {
          const job = await ask<Job>('GET', `/api/v1/jobs/${id}`, { signal: stop.signal });
          setSeen({ job });
          if (job.state === 'finished') return;
        } catch (failed) {
          if (stop.signal.aborted) return;
          if (failed instanceof Refusal) setSeen((before) => ({ ...before, failed }));
          else throw failed;
          if (failed.code === 'unknown_job') return;
        }
        await untilNews((job) => job.id === id, longestMs, stop.signal);
      }
    };
    void read();
    return () => stop.abort();
  }, [id, turn]);
  return seen.job && seen.job.id !== id ? {} : seen;
};
