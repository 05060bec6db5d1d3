import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DeviceState, InventoryEntry, logRoles, subjects } from '../../../../core/bus.ts';
import { hearLog } from '../../../../core/logs/hear-log.ts';
import { KeptLines } from '../../../../core/logs/kept-lines.ts';
import { tellLog } from '../../../../core/logs/tell-log.ts';
import { ask } from '../../../../core/store/ask.ts';
import { dropOldBodies } from '../../../../core/store/bodies.ts';
import { fetchIntent, followHeads, publishIntent } from '../../../../core/store/intents.ts';
import { watchJob } from '../../../../core/store/job-watch.ts';
import { getJob, listJobs, newJob, putJob, putQueued } from '../../../../core/store/jobs.ts';
import { casRecord, getRecord, listRecords, putRecord } from '../../../../core/store/records.ts';
import { connectNats } from '../../../../core/store/server/connect.ts';
import type { Role } from '../../../../core/store/server/permissions.ts';
import { openStore, openStoreOnceMade, type Store } from '../../../../core/store/store.ts';
import { restrictedNats } from '../../../permissions/server.ts';

const site = 'dc1';
let nats: Awaited<ReturnType<typeof restrictedNats>>;
const opened = new Map<Role, Promise<Store>>();

/** The store as a process of this role has it, on a server with the shipped permissions. */
const as = (role: Role): Promise<Store> => {
  const known = opened.get(role) ?? nats.open(role);
  opened.set(role, known);
  known.catch(() => opened.delete(role));
  return known;
};

const entry = { device: 'leaf1', host: 'leaf1', platform: 'frr', groups: [], policy: {}, intended: null };
const denied = /permissions violation/i;

beforeAll(async () => {
  nats = await restrictedNats();
});
afterAll(() => nats[Symbol.asyncDispose]());

describe('on a server with the shipped permissions', () => {
  it.each(['runner', 'viewer'] as const)(
    'a %s cannot make the streams that are missing, and says which',
    async (role) => {
      await expect(as(role)).rejects.toMatchObject({
        code: 'nats_unavailable',
        message: expect.stringMatching(/^stream "(?:KV_)?dc1-\w+" is missing, and our NATS user may not make it$/),
        hint: 'the watcher and the API make missing streams: is one of them up?',
      });
    },
  );

  it('a runner that is up first says once what it waits for, and goes on when that is made', async () => {
    await using early = await restrictedNats();
    const said: string[] = [];
    let told = () => {};
    const waits = new Promise<void>((resolve) => {
      told = resolve;
    });
    const opened = openStoreOnceMade(
      await early.connect('runner'),
      site,
      ({ message }) => {
        said.push(message);
        told();
      },
      new AbortController().signal,
    );
    await waits;
    await openStore(await early.connect('watcher'), site);
    expect((await opened).site).toBe(site);
    expect(said).toEqual([expect.stringContaining('is missing')]);
  });

  it('who comes as another role than its user is told which permission it lacks', async () => {
    const nc = await nats.connect('watcher', 'api');
    await expect(openStore(nc, site)).rejects.toMatchObject({
      code: 'nats_unavailable',
      message: expect.stringContaining('Permissions Violation for Subscription to "_INBOX.'),
      hint: expect.stringContaining('docs/subjects.md'),
    });
  });

  it('nobody gets in without the password', async () => {
    await expect(connectNats({ url: nats.url, name: 'x', user: 'runner', password: 'wrong' })).rejects.toMatchObject({
      code: 'nats_unavailable',
    });
  });

  it.each(['watcher', 'runner', 'api'] as const)('a %s opens the store, making what is missing', async (role) => {
    const store = await as(role);
    await store.ensure();
  });

  it('a viewer opens the store that is there', async () => {
    const store = await as('viewer');
    expect(await listRecords(store.state, DeviceState)).toEqual(new Map());
  });

  it('a watcher publishes intents, small and larger than a message may be, and the inventory', async () => {
    const store = await as('watcher');
    await publishIntent(store, 'leaf1', 'hostname leaf1\n', { fromSource: true }, 0);
    const large = randomBytes(1_500_000).toString('base64');
    await publishIntent(store, 'leaf2', large, { fromSource: true });
    await publishIntent(store, 'leaf2', large, { fromSource: true });
    expect((await fetchIntent(store, 'leaf2'))?.body.length).toBe(large.length);
    await publishIntent(store, 'leaf9', large, { fromSource: true });
    await dropOldBodies(store, 'leaf9', 'another', Date.now() + 48 * 3600_000);
    await expect(fetchIntent(store, 'leaf9')).rejects.toMatchObject({ code: 'refused' });
    await putRecord(store.inventory, 'leaf1', entry);
    expect((await listRecords(store.inventory, InventoryEntry)).size).toBe(1);
    expect(await getRecord(store.state, DeviceState, 'leaf1')).toBeUndefined();
  });

  it('a watcher writes no state and no lease, and asks no device', async () => {
    const store = await as('watcher');
    await expect(putRecord(store.state, 'leaf1', {})).rejects.toThrow(denied);
    await expect(putRecord(store.lease, 'leaf1', {})).rejects.toThrow(denied);
    const job = newJob('leaf8', 'deploy');
    await putQueued(store, job);
    await putQueued(store, { ...job, commit: 'abc' }); // what came in between is published under the same record
    expect(await getJob(store, job.id, 'leaf8')).toMatchObject({ commit: 'abc' });
    await expect(ask(store, 'leaf1', 'ping', {}, { timeoutMs: 1_000 })).rejects.toMatchObject({
      code: 'nats_unavailable',
      message: 'leaf1: our NATS user may not ask for "ping"',
    });
  });

  it('a runner follows and reads intents, holds devices and records jobs', async () => {
    const store = await as('runner');
    for await (const head of followHeads(store, new AbortController().signal, () => true)) {
      expect(head).toBeUndefined();
      break;
    }
    expect((await fetchIntent(store, 'leaf1'))?.meta.fromSource).toBe(true);
    expect((await fetchIntent(store, 'leaf2'))?.body.length).toBe(2_000_000);
    const revision = await casRecord(store.lease, 'leaf1', { runner: 'r', epoch: 1 }, 0);
    await store.lease.delete('leaf1', { previousSeq: revision });
    await casRecord(store.state, 'leaf1', { device: 'leaf1' }, 0);
    await putRecord(store.runners, 'r', {});
    const job = newJob('leaf1', 'deploy');
    await putJob(store, job);
    expect(await getJob(store, job.id, 'leaf1')).toMatchObject({ id: job.id });
    expect(await getRecord(store.inventory, InventoryEntry, 'leaf1')).toBeDefined();
  });

  it('a runner publishes no intent and no inventory, reads no API key and removes no stream', async () => {
    const store = await as('runner');
    await expect(publishIntent(store, 'leaf1', 'x', {})).rejects.toThrow(denied);
    await expect(putRecord(store.inventory, 'leaf1', entry)).rejects.toThrow(denied);
    await expect(store.api.get('key')).rejects.toThrow(denied);
    await expect(store.jsm.streams.delete(`${site}-intent`)).rejects.toThrow(denied);
    await expect(store.jsm.streams.purge(`${site}-jobs`)).rejects.toThrow(denied);
  });

  it('the API publishes intents and jobs, asks the runner, follows jobs and keeps the hash of its key', async () => {
    const [api, runner] = [await as('api'), await as('runner')];
    const subscription = runner.nc.subscribe(subjects.requests(site, 'ping'), {
      callback: (_error, message) => void message.respond(JSON.stringify({ runner: 'r' })),
    });
    await runner.nc.flush();
    expect(await ask(api, 'leaf1', 'ping', {})).toEqual({ runner: 'r' });
    subscription.unsubscribe();
    await publishIntent(api, 'leaf1', 'hostname leaf1\n!\n', { author: 'api' });
    const job = newJob('leaf1', 'deploy');
    await putJob(api, job);
    expect((await listJobs(api, { devices: ['leaf1'] })).jobs.map(({ id }) => id)).toContain(job.id);
    const seen = watchJob(api, job.id, AbortSignal.timeout(60_000), 'leaf1');
    expect((await seen.next()).value).toMatchObject({ id: job.id });
    await seen.return(undefined);
    await casRecord(api.api, 'key', {}, 0);
    expect(await api.api.get('key')).not.toBeNull();
  });

  it('the API holds no device and writes no state or inventory', async () => {
    const store = await as('api');
    await expect(putRecord(store.lease, 'leaf1', {})).rejects.toThrow(denied);
    await expect(putRecord(store.state, 'leaf1', {})).rejects.toThrow(denied);
    await expect(putRecord(store.inventory, 'leaf1', {})).rejects.toThrow(denied);
  });

  it('a viewer reads jobs, states, leases, runners and the inventory', async () => {
    const store = await as('viewer');
    expect((await listJobs(store)).jobs.length).toBeGreaterThan(0);
    expect((await listRecords(store.inventory, InventoryEntry)).size).toBe(1);
    expect(await store.runners.get('r')).not.toBeNull();
    const job = (await listJobs(store)).jobs[0];
    const seen = watchJob(store, job?.id ?? '', AbortSignal.timeout(60_000), 'leaf1');
    expect((await seen.next()).value).toMatchObject({ id: job?.id });
    await seen.return(undefined);
  });

  it('a viewer hears what each role says in the log, and said before', async () => {
    const viewer = await as('viewer');
    const { nc: hears } = await as('watcher');
    const asked = hears.subscribe(subjects.logRecent(site), { max: 1 });
    await hears.flush(); // what is asked on another connection is heard by those who listen by then
    const logs = await Promise.all(
      logRoles.map(async (role) => {
        const { nc } = await as(role);
        const kept = new KeptLines();
        const say = (msg: string) => kept.add(JSON.stringify({ time: new Date().toISOString(), level: 30, msg }));
        say(`${role} before`);
        const told = tellLog({ nc, site }, role, `${role}-1`, kept);
        await nc.flush();
        return { say: () => say(`${role} now`), told };
      }),
    );
    const now = (async () => {
      for await (const _ of asked) for (const { say } of logs) say();
    })();
    const heard = new Set<string>();
    for await (const each of hearLog(viewer, {}, AbortSignal.timeout(60_000))) {
      if (each.kind === 'line') heard.add(each.line.msg ?? '');
      if (heard.size === 2 * logs.length) break;
    }
    expect([...heard].sort()).toEqual(logRoles.flatMap((role) => [`${role} before`, `${role} now`]).sort());
    await now;
    for (const { told } of logs) await told[Symbol.asyncDispose]();
  });

  it('a viewer reads no configuration text and changes nothing', async () => {
    const store = await as('viewer');
    await expect(fetchIntent(store, 'leaf1')).rejects.toThrow(denied);
    await expect(publishIntent(store, 'leaf1', 'x', {})).rejects.toThrow(denied);
    await expect(putJob(store, newJob('leaf1', 'deploy'))).rejects.toThrow(denied);
    await expect(putRecord(store.state, 'leaf1', {})).rejects.toThrow(denied);
    await expect(store.api.get('key')).rejects.toThrow(denied);
    await expect(ask(store, 'leaf1', 'command', { command: 'x' }, { timeoutMs: 1_000 })).rejects.toMatchObject({
      code: 'nats_unavailable',
    });
  });
});
