import { hostname, userInfo } from 'node:os';
import type { Job, JobKind, Request, Verb } from '../../core/bus.ts';
import { PlumbError } from '../../core/errors.ts';
import { ask } from '../../core/store/ask.ts';
import { watchJob } from '../../core/store/job-watch.ts';
import { endUntaken, newJob, newJobId, putJob } from '../../core/store/jobs.ts';
import type { Context } from '../context.ts';
import { Progress, stepWord } from '../output/progress.ts';

/** Who is asking: the login name, not root, if called through sudo. */
export const author = (env: NodeJS.ProcessEnv): string =>
  env.PLUMB_AUTHOR ?? `${env.SUDO_USER ?? userInfo().username}@${hostname()}`;

/** @throws PlumbError `cancelled` at Ctrl-C, while the work itself continues */
export const untilStopped = <T>(signal: AbortSignal, work: Promise<T>, what: string): Promise<T> => {
  let stop = () => {};
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(new PlumbError('cancelled', `stopped waiting for ${what}`));
  });
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  work.catch(() => {});
  return Promise.race([work, stopped]).finally(() => signal.removeEventListener('abort', stop));
};

/** Since when a job waits: its record is also written for other reasons, and finally when it continues. */
const waitsSince = ({ steps, updatedAt }: Job): string => {
  const last = steps.at(-1);
  return last?.step === 'awaiting' ? last.startedAt : updatedAt;
};

/**
 * Follows a job until it is finished, or awaits approval, which only a person can give.
 *
 * @param after the caller already knows the record of this time: a wait that it shows does not count
 */
export const followJob = async (
  context: Context,
  device: string,
  id: string,
  progress: Progress,
  after = '',
): Promise<Job> => {
  const store = await context.store();
  let last: Job | undefined;
  const records = context.signal.aborted ? [] : watchJob(store, id, context.signal, device);
  for await (const job of records) {
    last = job;
    progress.set(device, job.state === 'finished' ? undefined : stepWord(job.state));
    if (job.state === 'awaiting' && waitsSince(job) > after) break;
  }
  progress.set(device, undefined);
  if (!last || (last.state !== 'finished' && last.state !== 'awaiting')) {
    throw new PlumbError('cancelled', `${device}: stopped waiting for job ${id}, which continues`, {
      hint: `\`plumb job ${id}\` shows how it ends`,
    });
  }
  return last;
};

/**
 * Does something that makes a runner deploy, and finds the job of that deployment.
 *
 * @param act returns the job if it is already known
 * @returns undefined if none starts within a few seconds
 */
export const jobAfter = async (
  context: Context,
  device: string,
  act: () => Promise<string | undefined>,
): Promise<string | undefined> => {
  const store = await context.store();
  const enough = new AbortController();
  const signal = AbortSignal.any([context.signal, enough.signal]);
  const began = (async () => {
    for await (const { id, kind, state } of watchJob(store, '*', signal, device)) {
      if (kind === 'deploy' && state !== 'queued') return id;
    }
    return undefined;
  })();
  let patience: NodeJS.Timeout | undefined;
  try {
    await store.nc.flush();
    const known = await act();
    if (known !== undefined) return known;
    patience = setTimeout(() => enough.abort(), 5_000);
    return await began;
  } finally {
    clearTimeout(patience);
    enough.abort();
  }
};

/** Publishes the `queued` record of work that is about to be requested, so that everyone sees it at once. */
export const queueJob = async (context: Context, device: string, kind: JobKind, more: Partial<Job> = {}) => {
  const job: Job = { ...newJob(device, kind, newJobId()), author: author(context.env), ...more };
  await putJob(await context.store(), job);
  return job;
};

/**
 * Asks the holder of a device for work that has its own job.
 *
 * @returns its answer and the id of the job
 */
export const askForJob = async <V extends Verb>(
  context: Context,
  device: string,
  verb: V,
  payload: Request<V>,
  kind: JobKind,
  timeoutMs = 60_000,
): Promise<{ answer: unknown; job: string }> => {
  const store = await context.store();
  const { config: _, ...told } = payload as { config?: string }; // a whole text does not belong in a record
  const queued = await queueJob(context, device, kind, { request: told });
  try {
    const asked = ask(store, device, verb, payload, { timeoutMs, job: queued.id, author: author(context.env) });
    const answer = await untilStopped(context.signal, asked, `${verb} on ${device}`);
    return { answer, job: jobIn(answer) ?? queued.id };
  } catch (error) {
    if (error instanceof PlumbError && error.code !== 'cancelled') await endUntaken(store, queued, error);
    throw error;
  }
};

/** The job that an answer names, by id or as a record. */
export const jobIn = (answer: unknown): string | undefined => {
  if (typeof answer !== 'object' || answer === null || !('job' in answer)) return undefined;
  const { job } = answer;
  if (typeof job === 'string') return job;
  return typeof job === 'object' && job !== null && 'id' in job && typeof job.id === 'string' ? job.id : undefined;
};

/** The line on stderr that says what is being waited for. */
export const startProgress = (context: Context): Progress => new Progress(context.err, context.terminal);
