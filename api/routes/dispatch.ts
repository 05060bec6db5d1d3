import type { Job, Request, Verb } from '../../core/bus.ts';
import { explain, PlumbError } from '../../core/errors.ts';
import { log } from '../../core/log.ts';
import { ask } from '../../core/store/ask.ts';
import { endUntaken, putJob, putQueued } from '../../core/store/jobs.ts';
import type { Api } from '../app.ts';

/** A read waits its turn behind a deployment. */
const timeoutMs = 15 * 60_000;

/** What is asked of a runner goes by these of its record. */
type Work = Pick<Job, 'id' | 'device' | 'author'>;

/** Ends the record of work that nobody does; what a runner has begun it ends itself, whatever we were told. */
export const endJob = async ({ store, bus }: Api, job: Work, error: unknown): Promise<void> => {
  const failure = error instanceof PlumbError ? error : new PlumbError('closed', explain(error), { cause: error });
  await bus.reach(() => endUntaken(store, job, failure));
};

/** Publishes the record of a job, before anybody is asked for the work; anew where an instance that is gone did so. */
export const record = ({ store, bus }: Api, job: Job, resumed: boolean): Promise<void> =>
  bus.reach(async () => void (await (resumed ? putQueued(store, job) : putJob(store, job))));

/** Asks the holder of the job's device for work that is recorded under this job; does not wait for the answer. */
export const dispatch = <V extends Verb>(api: Api, job: Work, verb: V, payload: Request<V>): void => {
  const options = { timeoutMs, job: job.id, ...(job.author ? { author: job.author } : {}) };
  void ask(api.store, job.device, verb, payload, options)
    .catch((error: unknown) => {
      if (!api.signal.aborted) return endJob(api, job, error);
    })
    .catch((error: unknown) => log.warn({ device: job.device, job: job.id }, `the job stays open: ${explain(error)}`));
};
