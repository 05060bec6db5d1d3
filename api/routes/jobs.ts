import type { Job } from '../../core/bus.ts';
import { PlumbError } from '../../core/errors.ts';
import { ask } from '../../core/store/ask.ts';
import { getOnlyJob } from '../../core/store/jobs.ts';
import type { Api, App } from '../app.ts';
import { unknownJob } from '../auth/needs.ts';
import { type Caller, mayEverywhere } from '../auth/roles.ts';
import { HttpProblem } from '../http/problem.ts';
import { read, started, viewed } from '../http/responses.ts';
import {
  ApproveBody,
  FieldsQuery,
  JobList,
  JobPath,
  JobSummary,
  JobsQuery,
  JobView,
  partOf,
  WaitQuery,
} from '../http/schemas.ts';
import { answerView, pageOf } from '../views/answer.ts';
import { fieldsOf, pickedOf } from '../views/fields.ts';
import type { JobRow } from '../views/jobs.ts';
import { seenBy, unknownDevice } from './device-view.ts';
import { answerJob } from './follow.ts';

const saidMs = 10_000;

const find = async ({ store, bus }: Api, id: string): Promise<Job> => {
  const job = await bus.reach(() => getOnlyJob(store, id));
  if (job) return job;
  throw unknownJob(id);
};

const unitMs: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** When `24h`, `7d` or a date began. */
const sinceMs = (since: string | undefined): number | undefined => {
  if (since === undefined) return undefined;
  const ms = Date.parse(since);
  if (!/^\d+[smhd]$/.test(since) && !Number.isNaN(ms)) return ms;
  const ago = Number.parseInt(since, 10) * (unitMs[since.at(-1) ?? ''] ?? Number.NaN);
  if (Number.isNaN(ago)) throw new HttpProblem('invalid_request', `since: "${since}" is not a time`);
  return Date.now() - ago;
};

/** The devices whose jobs are asked for; undefined: all, also those that the inventory no longer has. */
const devicesOf = (api: Api, caller: Caller, { select, device }: { select?: string; device?: string }) => {
  const all = mayEverywhere(caller, 'view');
  if (select === undefined && all) return device === undefined ? undefined : new Set([device]);
  const names = seenBy(api, caller, select).map((entry) => entry.device);
  return new Set(device === undefined ? names : names.filter((name) => name === device));
};

/** What was done to devices, newest first, and one piece of it whole. */
export const jobRoutes = (app: App, api: Api): void => {
  const { store } = api;
  app.get(
    '/api/v1/jobs',
    {
      config: { needs: ['view', 'seen'] },
      schema: {
        operationId: 'listJobs',
        summary: 'Jobs, newest first, without diffs and results',
        tags: ['jobs'],
        querystring: JobsQuery,
        response: viewed(JobList),
      },
    },
    async (request, reply) => {
      const { fields, device, state, kind, since, cursor, limit = 50 } = request.query;
      const { devices, jobs, fresh } = api.views;
      const ageMs = await fresh('devices', 'jobs');
      const picked = fields === undefined ? undefined : fieldsOf(JobSummary, fields);
      const of = devicesOf(api, request.caller, request.query);
      const which = { state, kind, cursor, limit, sinceMs: sinceMs(since), ...(of ? { devices: of } : {}) };
      const { rows, more } = jobs.list(which);
      if (device !== undefined && rows.length === 0) {
        const seen = seenBy(api, request.caller);
        if (!seen.some((entry) => entry.device === device)) throw unknownDevice(device, seen);
      }
      const text = (row: JobRow) => (picked ? JSON.stringify(picked(JSON.parse(row.text))) : row.text);
      const next = more ? (rows.at(-1)?.id ?? null) : null;
      const version = [devices.version, jobs.version];
      return answerView(request, reply, version, ageMs, () => pageOf(rows, text, next));
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
        querystring: FieldsQuery,
        response: read(partOf<Job>('Job')),
      },
    },
    async ({ params, query }) => pickedOf(JobView, query.fields)(await find(api, params.id)),
  );
  app.delete(
    '/api/v1/jobs/:id',
    {
      config: { needs: ['cancel', 'job'] },
      schema: {
        operationId: 'cancelJob',
        summary: 'Cancel a job; its changes on the device are undone',
        tags: ['jobs'],
        params: JobPath,
        querystring: WaitQuery,
        response: started,
      },
    },
    async ({ params, query, caller }, reply) => {
      const job = await find(api, params.id);
      if (job.state === 'finished')
        throw new PlumbError('conflict', `${job.device}: job ${job.id} is already finished`);
      await ask(store, job.device, 'cancel', { job: job.id }, { timeoutMs: saidMs, author: caller.name });
      return answerJob(api, reply, await find(api, job.id), query.wait);
    },
  );
  app.post(
    '/api/v1/jobs/:id/approve',
    {
      config: { needs: ['approve', 'job'] },
      schema: {
        operationId: 'approveJob',
        summary: 'Approve the diff of a job that waits for an approval',
        description:
          '`intent` and `running` name what you looked at: `generation.sha256` and `runningSha256` of the job. If either has changed since, the answer is `conflict` and nothing is approved.',
        tags: ['jobs'],
        params: JobPath,
        querystring: WaitQuery,
        body: ApproveBody,
        response: started,
      },
    },
    async ({ params, query, body: seen, caller: { name: author } }, reply) => {
      const job = await find(api, params.id);
      if (job.state !== 'awaiting')
        throw new PlumbError(
          'conflict',
          `${job.device}: job ${job.id} is not waiting for an approval: it is ${job.state}`,
        );
      await ask(store, job.device, 'approve', { job: job.id, ...seen }, { timeoutMs: saidMs, author });
      return answerJob(api, reply, await find(api, job.id), query.wait);
    },
  );
};
