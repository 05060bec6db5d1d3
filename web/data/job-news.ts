import type { JobSummary } from './types.ts';

type Listener = (job: JobSummary) => void;
const listeners = new Set<Listener>();

/** Hears of each job as it changes. @returns ends it */
const onJob = (listener: Listener): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const tellJob = (job: JobSummary): void => {
  for (const listener of listeners) listener(job);
};

/**
 * A pause between two reads of jobs: until a job that matters changes, at the latest after so long.
 *
 * @param matters whether a job's change ends it
 */
export const untilNews = (
  matters: (job: JobSummary) => boolean,
  longestMs: number,
  signal: AbortSignal,
): Promise<void> =>
  new Promise((resolve) => {
    const end = () => {
      stop();
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(end, longestMs);
    const stop = onJob((job) => matters(job) && end());
    signal.addEventListener('abort', end, { once: true });
  });
