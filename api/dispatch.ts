import { ask } from '../core/ask.ts';
import type { Job, Outcome, Request, Verb } from '../core/bus.ts';
import { explain, PlumbError } from '../core/errors.ts';
import { getJob, putJob } from '../core/jobs.ts';
import { log } from '../core/log.ts';
import { redact } from '../core/redact.ts';
import type { Api } from './app.ts';

/** A read waits its turn behind a deployment. */
const timeoutMs = 15 * 60_000;

/** Ends the record of work that nobody does. */
export const endJob = async ({ store, bus }: Api, job: Job, error: PlumbError): Promise<void> => {
  const now = new Date().toISOString();
  const { code, hint } = error;
  const outcome: Outcome = {
    kind: 'failed',
    code,
    detail: redact(explain(error)),
    ...(hint ? { hint: redact(hint) } : {}),
  };
  const steps = job.steps.map((step) => ({ endedAt: now, ...step }));
  const finished = { step: 'finished' as const, startedAt: now, endedAt: now };
  await bus.reach(() =>
    putJob(store, {
      ...job,
      state: 'finished',
      outcome,
      updatedAt: now,
      finishedAt: now,
      steps: [...steps, finished],
    }),
  );
};

const closeUnanswered = async (api: Api, job: Job, error: unknown): Promise<void> => {
  const { store, bus } = api;
  const present = (await bus.reach(() => getJob(store, job.id, job.device))) ?? job;
  if (present.state === 'finished') return; // the runner recorded the failure itself
  const failure = error instanceof PlumbError ? error : new PlumbError('closed', explain(error), { cause: error });
  // a runner that has taken it up goes on with it, and says how it ends
  if (failure.code === 'timeout' && present.state !== 'queued') return;
  await endJob(api, present, failure);
};

/** Asks the holder of the job's device for work that is recorded under this job; does not wait for the answer. */
export const dispatch = <V extends Verb>(api: Api, job: Job, verb: V, payload: Request<V>): void => {
  const options = { timeoutMs, job: job.id, ...(job.author ? { author: job.author } : {}) };
  void ask(api.store, job.device, verb, payload, options)
    .catch((error: unknown) => {
      if (!api.signal.aborted) return closeUnanswered(api, job, error);
    })
    .catch((error: unknown) => log.warn({ device: job.device, job: job.id }, `the job stays open: ${explain(error)}`));
};
