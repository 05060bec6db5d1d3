import { devicePattern, InventoryEntry, isJobId } from '../../core/bus.ts';
import { PlumbError } from '../../core/errors.ts';
import { getOnlyJob } from '../../core/store/jobs.ts';
import { getRecord } from '../../core/store/records.ts';
import type { Store } from '../../core/store/store.ts';
import type { App } from '../app.ts';
import { HttpProblem } from '../http/problem.ts';
import type { Bus } from '../http/reach.ts';
import { type Caller, mayAnywhere, mayEverywhere, mayOn, type Permission } from './roles.ts';

/**
 * What a route asks of its caller. `nothing`: it is open to all. `caller`: that we know who it is. Else a permission, and
 * where: on the `device` in its path (`:name`), on the device of the `job` in its path (`:id`), on the whole `site`, or on
 * those that are `seen`: on any device at all, and the route itself leaves out, or refuses, what is not the caller's.
 */
export type Needs = 'nothing' | 'caller' | readonly [Permission, 'device' | 'job' | 'site' | 'seen'];

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Every route says this, or it cannot be registered. */
    needs?: Needs;
  }
}

export type Reach = { store: Store; bus: Bus };

/** Lets no route be registered that does not say what it needs. */
export const refuseUndeclared = (app: App): void => {
  app.addHook('onRoute', ({ config, method, url }) => {
    if (config?.needs === undefined)
      throw new TypeError(`${method} ${url} does not declare what it needs: config.needs`);
  });
};

const forbidden = ({ name }: Caller, permission: Permission, what: string): HttpProblem =>
  new HttpProblem('forbidden', `${name} may not "${permission}" ${what}`, {
    hint: 'GET /api/v1/session lists what you may do; an admin can grant more: docs/api.md, "Roles"',
  });

/** What a caller may do on one device. @throws HttpProblem `forbidden`, the same for a device that there is not */
export const assertOn = (
  site: string,
  caller: Caller,
  may: Permission,
  device: string,
  entry?: InventoryEntry,
): void => {
  if (mayEverywhere(caller, may)) return;
  if (entry && mayOn(site, caller, may)(entry)) return;
  throw forbidden(caller, may, `on ${device}`);
};

const entryOf = ({ store, bus }: Reach, device: string): Promise<InventoryEntry | undefined> =>
  bus.reach(async () => (await getRecord(store.inventory, InventoryEntry, device))?.value);

/** @throws HttpProblem `forbidden`, PlumbError `nats_unavailable` */
const assertDevice = async (reach: Reach, caller: Caller, may: Permission, device: string): Promise<void> => {
  if (mayEverywhere(caller, may)) return; // whether there is such a device the route says
  const isName = new RegExp(devicePattern).test(device);
  const entry = isName && mayAnywhere(caller, may) ? await entryOf(reach, device) : undefined;
  assertOn(reach.store.site, caller, may, device, entry);
};

/** What is answered for a job that there is not, and for one of a device that the caller does not see. */
export const unknownJob = (id: string): PlumbError =>
  new PlumbError('unknown_job', `there is no job ${id}`, { hint: 'jobs are kept for 30 days' });

const assertJob = async (reach: Reach, caller: Caller, may: Permission, id: string): Promise<void> => {
  if (mayEverywhere(caller, may)) return;
  if (!mayAnywhere(caller, may)) throw forbidden(caller, may, `job ${id}`);
  if (!isJobId(id)) return; // the route says so
  const { store, bus } = reach;
  const job = await bus.reach(() => getOnlyJob(store, id));
  const entry = job && (await entryOf(reach, job.device));
  if (!job || !entry || !mayOn(store.site, caller, 'view')(entry)) throw unknownJob(id);
  assertOn(store.site, caller, may, job.device, entry);
};

/** @throws HttpProblem `forbidden`, PlumbError `nats_unavailable` */
export const assertNeeds = async (reach: Reach, caller: Caller, needs: Needs, params: unknown): Promise<void> => {
  if (typeof needs === 'string') return;
  const [may, where] = needs;
  const { name = '', id = '' } = params as { name?: string; id?: string };
  if (where === 'device') await assertDevice(reach, caller, may, name);
  else if (where === 'job') await assertJob(reach, caller, may, id);
  else if (!(where === 'site' ? mayEverywhere : mayAnywhere)(caller, may))
    throw forbidden(caller, may, where === 'site' ? 'on the whole site' : 'on any device');
};
