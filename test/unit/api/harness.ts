import type { Msg } from '@nats-io/transport-node';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { type App, type AppOptions, buildApp } from '../../../api/app.ts';
import { createKey } from '../../../api/auth/keys.ts';
import type { Grant } from '../../../core/access.ts';
import { type DeviceState, headers, type InventoryEntry, type Job, subjects, type Verb } from '../../../core/bus.ts';
import { getJob, newJob } from '../../../core/store/jobs.ts';
import { sha256 } from '../../../core/store/payload.ts';
import { putRecord } from '../../../core/store/records.ts';
import type { Store } from '../../../core/store/store.ts';
import { natsForTest } from '../../nats.ts';
import { storeJob } from '../../stored.ts';

export const key = 'plumb_key-of-the-tests-0123456789abcdef';

export type Harness = AsyncDisposable & {
  app: App;
  store: Store;
  url: string;
  folder: string;
  /** A request with the site's own key. */
  call: Call;
  /** Requests with a new key that has these roles. */
  as(...grants: Grant[]): Promise<Call>;
};
export type Call = (
  method: 'GET' | 'POST' | 'DELETE' | 'PUT',
  url: string,
  more?: InjectOptions,
) => Promise<LightMyRequestResponse>;

export const entry = (device: string): InventoryEntry => ({
  device,
  host: `${device}.example.net`,
  platform: 'frr',
  groups: ['leaves'],
  policy: { approval: 'auto' },
  intended: null,
});

export const stateOf = (device: string, more: Partial<DeviceState> = {}): DeviceState => {
  const at = new Date(Date.now() - 5_000).toISOString();
  return {
    version: 2,
    device,
    sync: 'in_sync',
    reason: '',
    intent: { generation: { at, sha256: sha256('x') } },
    attempt: null,
    applied: null,
    changed: null,
    trial: null,
    blocked: [],
    hand: null,
    said: null,
    bgp: { established: 1, expected: 2, at },
    session: { state: 'connected', error: '', at },
    lastJob: null,
    runner: 'runner-1',
    epoch: 1,
    updatedAt: at,
    ...more,
  };
};

let keys = 0;
const callWith =
  (app: App, secret: string): Call =>
  (method, url, more = {}) =>
    app.inject({ method, url, ...more, headers: { authorization: `Bearer ${secret}`, ...more.headers } });

/** The API on a real nats-server with two devices in its inventory. */
export const apiForTest = async (options: Partial<AppOptions> = {}): Promise<Harness> => {
  const nats = await natsForTest();
  for (const device of ['leaf1', 'leaf2']) await putRecord(nats.store.inventory, device, entry(device));
  const app = await buildApp({ store: nats.store, apiKeyHash: sha256(key), version: '1.2.3', ...options });
  return {
    app,
    store: nats.store,
    url: nats.url,
    folder: nats.folder,
    call: callWith(app, key),
    as: async (...grants) =>
      callWith(app, await createKey(nats.store, { name: `key-${++keys}`, grants, by: 'the test' })),
    [Symbol.asyncDispose]: async () => {
      await app.close();
      await nats[Symbol.asyncDispose]();
    },
  };
};

/** Stands for the runner that holds a device: takes a request up under its job and ends it as `work` says. */
export const holdForTest = async (
  store: Store,
  device: string,
  verb: Verb,
  work: (request: unknown, job: Job) => Promise<Partial<Job>> | Partial<Job>,
): Promise<AsyncDisposable> => {
  const answers: Promise<void>[] = [];
  const answer = async (message: Msg) => {
    const id = message.headers?.get(headers.job) ?? '';
    const known = id === '' ? undefined : await getJob(store, id, device);
    const job = known ?? newJob(device, 'command');
    const now = () => new Date().toISOString();
    const running: Job = { ...job, state: 'running', updatedAt: now(), runner: 'runner-1' };
    if (id) await storeJob(store, running);
    const ended = await work(message.json(), job);
    const done: Job = { ...running, state: 'finished', outcome: { kind: 'done' }, ...ended, updatedAt: now() };
    if (id) await storeJob(store, done);
    message.respond(JSON.stringify({ job: id, ...(done.result as object | undefined) }));
  };
  const subscription = store.nc.subscribe(subjects.request(store.site, device, verb), {
    callback: (_error, message) => void answers.push(answer(message)),
  });
  await store.nc.flush();
  return {
    // a test may end before its answer does
    [Symbol.asyncDispose]: async () => {
      subscription.unsubscribe();
      await Promise.all(answers);
    },
  };
};
