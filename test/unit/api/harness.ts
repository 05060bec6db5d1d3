import { setInterval } from 'node:timers/promises';
import type { Msg } from '@nats-io/transport-node';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { type App, type AppOptions, buildApp } from '../../../api/app.ts';
import { createKey } from '../../../api/auth/keys.ts';
import type { Grant } from '../../../core/access.ts';
import {
  type DeviceState,
  headers,
  type InventoryEntry,
  type Job,
  leaseKey,
  subjects,
  type Verb,
} from '../../../core/bus.ts';
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

/** An instance that a busy machine does not make say that it is loading, or that NATS is away. */
export const appForTest = (store: Store, options: Partial<AppOptions> = {}): Promise<App> =>
  buildApp({
    store,
    apiKeyHash: sha256(key),
    version: '1.2.3',
    natsTimeoutMs: 30_000,
    ...options,
    views: { patienceMs: 30_000, ...options.views },
  });

/** A store whose lists are not read while it is shut: `shut` resolves once somebody wants to. */
export const gatedStore = (store: Store) => {
  const { streams } = store.jsm;
  let gate: Promise<void> | undefined;
  let asked = () => {};
  let open = () => {};
  const info: typeof streams.info = async (name, more) => {
    if (more && gate) asked();
    if (more) await gate; // the list of subjects, from which all is read
    return streams.info(name, more);
  };
  const jsm = Object.create(store.jsm, { streams: { value: Object.create(streams, { info: { value: info } }) } });
  return {
    store: { ...store, jsm } as Store,
    shut: (): Promise<void> => {
      gate = new Promise((resolve) => {
        open = resolve;
      });
      return new Promise((resolve) => {
        asked = resolve;
      });
    },
    open: (): void => {
      gate = undefined;
      open();
    },
  };
};

/** The API on a real nats-server with two devices in its inventory. */
export const apiForTest = async (options: Partial<AppOptions> = {}): Promise<Harness> => {
  const nats = await natsForTest();
  for (const device of ['leaf1', 'leaf2']) await putRecord(nats.store.inventory, device, entry(device));
  const app = await appForTest(nats.store, options);
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

export type Keeps = AsyncDisposable & { take(device: string): Promise<void> };

/** Keeps the claim of a runner on these devices: what a runner claimed that does not beat, nobody holds. */
export const keepForTest = async (store: Store, runner: string, devices: readonly string[]): Promise<Keeps> => {
  let n = 0;
  const at = () => new Date().toISOString();
  const beat = () => putRecord(store.lease, leaseKey.runner(runner), { n: ++n, at: at() });
  const take = async (device: string) => {
    await putRecord(store.lease, device, { runner, epoch: 1, at: at() });
  };
  await beat();
  for (const device of devices) await take(device);
  const stop = new AbortController();
  const beats = (async () => {
    for await (const _ of setInterval(500, undefined, { signal: stop.signal })) await beat();
  })().catch(() => {}); // stopped
  return {
    take,
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await beats;
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
