import type { Job } from '../../core/bus.ts';
import { PlumbError } from '../../core/errors.ts';
import { ask } from '../../core/store/ask.ts';
import { getJob, listJobs } from '../../core/store/jobs.ts';
import type { Api, App } from '../app.ts';
import { unknownJob } from '../auth/needs.ts';
import { mayEverywhere } from '../auth/roles.ts';
import { answers, named, started } from '../http/responses.ts';
import { ApproveBody, JobList, JobPath, type JobSummary, JobsQuery, Nothing, WaitQuery } from '../http/schemas.ts';
import { orNothing } from './changes.ts';
import { seenBy, selectNames } from './device-view.ts';
import { answerJob } from './follow.ts';

const saidMs = 10_000;

const find = async ({ store, bus }: Api, id: string): Promise<Job> => {
  const job = await bus.reach(() => getJob(store, id));
  if (job) return job;
  throw unknownJob(id);
};

const summary = ({ diff: _, result: __, request: ___, checks: ____, steps: _____, ...rest }: Job): JobSummary => rest;

/** What was done to devices, newest first, and one piece of it whole. */
export const jobRoutes = (app: App, api: Api): void => {
  const { store, bus } = api;
  app.get(
    '/api/v1/jobs',
    {
      config: { needs: ['view', 'seen'] },
      schema: {
        operationId: 'listJobs',
        summary: 'Jobs, newest first, without diffs and results',
        tags: ['jobs'],
        querystring: JobsQuery,
        response: answers(JobList),
      },
    },
    async ({ query, caller }) => {
      const { select, ...which } = query;
      const all = select === undefined && mayEverywhere(caller, 'view');
      const only = all ? {} : { devices: await selectNames(api, seenBy(api, caller), select) };
      const { jobs, cursor } = await bus.reach(() => listJobs(store, { ...which, ...only }), 4);
      return { items: jobs.map(summary), cursor: cursor ?? null };
    },
  );
  app.get(
    '/api/v1/jobs/:id',
    {
      config: { needs: ['view', 'job'] },
      schema: {
        operationId: 'getJob',
        summary: 'One job, with every step',
        tags: ['jobs'],
        params: JobPath,
        querystring: Nothing,
        response: answers(named<Job>('Job')),
      },
    },
    async ({ params }) => find(api, params.id),
  );
  app.delete(
    '/api/v1/jobs/:id',
    {
      config: { needs: ['cancel', 'job'] },
      schema: {
        operationId: 'cancelJob',
        summary: 'Cancel a job; what it changed on the device is undone',
        tags: ['jobs'],
        params: JobPath,
        querystring: WaitQuery,
        response: started,
      },
    },
    async ({ params, query, caller }, reply) => {
      const job = await find(api, params.id);
      if (job.state === 'finished')
        throw new PlumbError('conflict', `${job.device}: job ${job.id} is finished already`);
      await ask(store, job.device, 'cancel', { job: job.id }, { timeoutMs: saidMs, author: caller.name });
      return answerJob(api, reply, await find(api, job.id), query.wait);
    },
  );
  app.post(
    '/api/v1/jobs/:id/approve',
    {
      config: { needs: ['approve', 'job'] },
      preValidation: orNothing,
      schema: {
        operationId: 'approveJob',
        summary: 'Approve the diff of a job that waits for it',
        description:
          'Name what was looked at by `intent` and `running`, the `generation.sha256` and `runningSha256` of the job whose diff was shown: if either is another by now, it asks again.',
        tags: ['jobs'],
        params: JobPath,
        querystring: WaitQuery,
        body: ApproveBody,
        response: started,
      },
    },
    async ({ params, query, body, caller: { name: author } }, reply) => {
      const job = await find(api, params.id);
      if (job.state !== 'awaiting')
        throw new PlumbError('conflict', `${job.device}: job ${job.id} waits for no approval: it is ${job.state}`);
      const { intent = job.generation?.sha256, running = job.runningSha256 } = body;
      const seen = { ...(intent ? { intent } : {}), ...(running ? { running } : {}) };
      await ask(store, job.device, 'approve', { job: job.id, ...seen }, { timeoutMs: saidMs, author });
      return answerJob(api, reply, await find(api, job.id), query.wait);
    },
  );
};
