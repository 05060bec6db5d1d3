import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyReply } from 'fastify';
import type { Job } from '../../core/bus.ts';
import { explain } from '../../core/errors.ts';
import { log } from '../../core/log.ts';
import { watchJob } from '../../core/store/job-watch.ts';
import type { Api } from '../app.ts';

const isOver = ({ state }: Job) => state === 'finished' || state === 'awaiting';

/** The newest record of a job: when it is finished or waits for a person, at the latest when the signal aborts. */
const follow = async ({ store }: Api, job: Job, signal: AbortSignal): Promise<Job> => {
  let last = job;
  const records = async () => {
    for await (const record of watchJob(store, job.id, signal, job.device)) {
      last = record;
      if (isOver(last)) return;
    }
  };
  const followed = records().catch((error: unknown) => {
    if (!signal.aborted) log.warn({ job: job.id }, `cannot follow the job: ${explain(error)}`);
  });
  // without NATS the records may never come to their end
  await Promise.race([followed, wait(2 ** 30, undefined, { signal }).catch(() => {})]);
  return last;
};

/**
 * Answers with the record of a job that was just asked for: 200 when it is finished, else 202.
 *
 * @param waitSeconds how long it may take to finish; undefined: not waited for
 */
export const answerJob = async (api: Api, reply: FastifyReply, job: Job, waitSeconds: number | undefined) => {
  reply.header('location', `/api/v1/jobs/${job.id}`);
  let last = job;
  if (waitSeconds) {
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    const signal = AbortSignal.any([api.signal, gone.signal, AbortSignal.timeout(waitSeconds * 1000)]);
    last = await follow(api, job, signal);
    gone.abort();
  }
  return reply.code(last.state === 'finished' ? 200 : 202).send(last);
};
