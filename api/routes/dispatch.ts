import type { Job, Request, Verb } from '../../core/bus.ts';
import { explain, PlumbError } from '../../core/errors.ts';
import { log } from '../../core/log.ts';
import { ask } from '../../core/store/ask.ts';
import { endUntaken } from '../../core/store/jobs.ts';
import type { Api } from '../app.ts';

/** A read waits its turn behind a deployment. */
const timeoutMs = 15 * 60_000;

/** Ends the record of work that nobody does; what a runner has begun it ends itself, whatever we were told. */
export const endJob = async ({ store, bus }: Api, job: Job, error: unknown): Promise<void> => {
  const failure = error instanceof PlumbError ? error : new PlumbError('closed', explain(error), { cause: error });
  await bus.reach(() => endUntaken(store, job, failure));
};

/** Asks the holder of the job's device for work that is recorded under this job; does not wait for the answer. */
export const dispatch = <V extends Verb>(api: Api, job: Job, verb: V, payload: Request<V>): void => {
  const options = { timeoutMs, job: job.id, ...(job.author ? { author: job.author } : {}) };
  void ask(api.store, job.device, verb, payload, options)
    .catch((error: unknown) => {
      if (!api.signal.aborted) return endJob(api, job, error);
    })
    .catch((error: unknown) => log.warn({ device: job.device, job: job.id }, `the job stays open: ${explain(error)}`));
};
