import { type InventoryEntry, type Job, type JobKind, type Request, requests } from '../../core/bus.ts';
import { PlumbError } from '../../core/errors.ts';
import { checkSchema } from '../../core/inventory/check.ts';
import { newJob, putJob } from '../../core/store/jobs.ts';
import type { Api } from '../app.ts';
import { assertOn } from '../auth/needs.ts';
import type { Caller, Permission } from '../auth/roles.ts';
import { HttpProblem } from '../http/problem.ts';
import type { JobSummary } from '../http/schemas.ts';
import type { Asked } from '../once/once.ts';
import { seenBy, unknownDevice } from '../routes/device-view.ts';
import { dispatch } from '../routes/dispatch.ts';

/** What may be asked of many devices at once, and what one must be allowed on each of them for it. */
export const bulkVerbs = {
  bgp: 'view',
  'bgp-detail': 'view',
  facts: 'view',
  'interfaces-ip': 'view',
  config: 'view',
  diff: 'view',
  test: 'view',
  command: 'command',
  rollback: 'deploy',
  hold: 'deploy',
} as const satisfies Partial<Record<JobKind, Permission>>;
export type BulkVerb = keyof typeof bulkVerbs;

type BulkBody = { verb: BulkVerb; devices?: string[]; select?: string; request?: unknown };

/** Records that are published side by side. */
const together = 64;

/** The devices that are meant. @throws PlumbError `unknown_device`, `invalid_request` */
const picked = (api: Api, caller: Caller, { devices, select }: BulkBody): readonly InventoryEntry[] => {
  if ((devices === undefined) === (select === undefined))
    throw new HttpProblem('invalid_request', 'body: name the devices by either `devices` or `select`');
  const seen = seenBy(api, caller, select);
  if (!devices) return seen;
  const known = new Map(seen.map((entry) => [entry.device, entry]));
  return [...new Set(devices)].map((name) => {
    const entry = known.get(name);
    if (!entry) throw unknownDevice(name, seen);
    return entry;
  });
};

/**
 * Queues the same work on many devices: one job each, all of them with the id of the whole.
 *
 * @throws HttpProblem `forbidden` where it may not be done on one of them, and nothing is begun; PlumbError
 */
export const startBulk = async (
  api: Api,
  { caller, work: id, resumed }: Asked,
  body: BulkBody,
): Promise<{ id: string; jobs: Pick<JobSummary, 'id' | 'device' | 'kind' | 'state' | 'outcome'>[] }> => {
  const { verb, request = {} } = body;
  const [flaw] = checkSchema(requests[verb].schema, request);
  if (flaw) throw new HttpProblem('invalid_request', `body/request/${flaw.path.join('/')}: ${flaw.text}`);
  await api.views.fresh('devices', ...(resumed ? (['jobs'] as const) : []));
  const entries = picked(api, caller, body);
  for (const entry of entries) assertOn(api.store.site, caller, bulkVerbs[verb], entry.device, entry);
  const begun = new Map((resumed ? api.views.jobs.ofBulk(id) : []).map((job) => [job.device, job]));
  const fresh = entries
    .filter(({ device }) => !begun.has(device))
    .map(({ device }): Job => ({ ...newJob(device, verb), author: caller.name, request, bulk: id }));
  for (let at = 0; at < fresh.length; at += together) {
    const some = fresh.slice(at, at + together);
    await api.bus.reach(() => Promise.all(some.map((job) => putJob(api.store, job))));
    for (const job of some) dispatch(api, job, verb, request as Request<BulkVerb>);
  }
  for (const job of begun.values())
    if (job.state === 'queued' && job.runner === undefined) dispatch(api, job, verb, request as Request<BulkVerb>);
  return { id, jobs: [...begun.values(), ...fresh] };
};

/** How far it has come: of the jobs of the devices that the caller sees. */
export const progressOf = (
  id: string,
  jobs: readonly Pick<JobSummary, 'id' | 'device' | 'kind' | 'state' | 'outcome'>[],
) => {
  const outcomes: Record<string, number> = {};
  const items = jobs.map(({ id: job, device, state, outcome }) => {
    const word = outcome?.kind === 'failed' ? outcome.code : (outcome?.kind ?? null);
    if (word !== null) outcomes[word] = (outcomes[word] ?? 0) + 1;
    return { device, job, state, outcome: word };
  });
  items.sort((one, other) => (one.device < other.device ? -1 : 1));
  const finished = items.filter(({ state }) => state === 'finished').length;
  return { id, verb: jobs[0]?.kind as BulkVerb, total: items.length, finished, outcomes, items };
};

/** @throws PlumbError `unknown_job` */
export const findBulk = async (api: Api, caller: Caller, id: string) => {
  await api.views.fresh('devices', 'jobs');
  const seen = new Set(seenBy(api, caller).map(({ device }) => device));
  const jobs = api.views.jobs.ofBulk(id).filter(({ device }) => seen.has(device));
  if (jobs.length > 0) return progressOf(id, jobs);
  throw new PlumbError('unknown_job', `there is no bulk request ${id}`, { hint: 'jobs are kept for 30 days' });
};
