import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LoginSession } from '../../../../core/access.ts';
import { AuditRecord } from '../../../../core/audit.ts';
import { ApiKey, BgpDay, DeviceState, InventoryEntry, Job, Lease, Runner, subjects } from '../../../../core/bus.ts';
import { ask } from '../../../../core/store/ask.ts';
import { fetchMessage, publishIntent } from '../../../../core/store/intents.ts';
import { listJobs } from '../../../../core/store/jobs.ts';
import { getRecord, parseRecord } from '../../../../core/store/records.ts';
import { permissions, type Role, roles } from '../../../../core/store/server/permissions.ts';
import type { Store } from '../../../../core/store/store.ts';
import { streamConfigs } from '../../../../core/store/streams.ts';
import { whyStray } from '../../../../runners/requests/request-gate.ts';
import { FakeDevice } from '../../../fake-device.ts';
import { attempts, targets } from '../../../permissions/round-about.ts';
import { restrictedNats } from '../../../permissions/server.ts';
import { bucketNames, verbs } from '../../../permissions/subjects.ts';
import { runnerForTest } from '../../../runner.ts';

type Nats = Awaited<ReturnType<typeof restrictedNats>>;
const schemas = {
  state: DeviceState,
  inventory: InventoryEntry,
  lease: Lease,
  runners: Runner,
  api: ApiKey,
  sessions: LoginSession,
};
const text = 'hostname leaf1\nrouter bgp 65001\n';

const matches = (pattern: string, subject: string) =>
  new RegExp(`^${pattern.replace(/[.$]/g, '\\$&').replace(/\*/g, '[^.]+').replace(/>$/, '.+')}$`).test(subject);
/** Whether the role may speak there anyway. */
const may = (role: Role, subject: string) => permissions('dc1', role).publish.some((one) => matches(one, subject));

/** Everything that one role can try, on every subject that is not its own. @returns once NATS has dealt with it */
const tryAll = async (nc: NatsConnection, role: Role, operator: Store, on = targets): Promise<void> => {
  let arrived = 0;
  const spy = operator.nc.subscribe('>', {
    callback: (_error, { subject }) => {
      if (on.includes(subject)) arrived += 1;
    },
  });
  for (const target of on) {
    for (const { subject, body, reply } of attempts(role, target)) {
      // `direct` is what the role says itself on a subject of its own
      nc.publish(subject, body, reply && subject !== reply ? { reply } : {});
    }
    await nc.flush();
  }
  // JetStream answers when it comes to it: until nothing moves any more
  for (let before = -1; before !== arrived; ) {
    before = arrived;
    await new Promise((resolve) => setTimeout(resolve, 200));
    await operator.jsm.getAccountInfo(); // answered after all that was asked before
    await operator.nc.flush();
  }
  spy.unsubscribe();
};

describe('by way of NATS', () => {
  let nats: Nats;
  let operator: Store;
  let messages: Msg[] = [];

  beforeAll(async () => {
    nats = await restrictedNats();
    operator = await nats.open('operator');
    operator.nc.subscribe('>', { callback: (_error, message) => void messages.push(message) });
    // a holder that answers whatever it is asked, wherever the answer goes
    const holder = await nats.connect('runner');
    for (const verb of verbs) {
      holder.subscribe(subjects.requests('dc1', verb), {
        callback: (_error, message) => void message.respond('an answer of the holder'),
      });
    }
    await holder.flush();
    for (const bucket of bucketNames) await operator[bucket].put('leaf1', 'direct');
  });
  afterAll(() => nats[Symbol.asyncDispose]());

  it.each(roles)('a %s puts nothing of its own on a subject of somebody else', async (role) => {
    messages = [];
    await tryAll(await nats.connect(role), role, operator);
    // what nats-server tells of what was stored carries its sequence
    const isTold = ({ subject, headers }: Msg) => subject.startsWith('stored.') && headers?.has('Nats-Sequence');
    const elsewhere = messages.filter(
      (message) => targets.includes(message.subject) && !may(role, message.subject) && !isTold(message),
    );
    if (role === 'viewer') expect(elsewhere.map(({ subject }) => subject)).toEqual([]);
    else expect(elsewhere.length).toBeGreaterThan(0); // the way is there, and what comes by it is looked at below
    for (const message of elsewhere) {
      const { subject, data } = message;
      const [first, device, verb] = subject.split('.');
      const said = message.string();
      // nothing but the runner's own gate keeps it from answering where it may speak itself: looked at below
      if (role === 'api' && said === 'an answer of the holder') expect(may('runner', subject)).toBe(true);
      else expect(said, subject).toMatch(/^\{"(?:type":"io\.nats\.jetstream\.api\.|stream":"|error":)/);
      if (first === 'dc1' && verb && (verbs as string[]).includes(verb)) expect(whyStray(message)).toBeDefined();
      if (first === 'audit') expect(parseRecord(AuditRecord, data)).toBeUndefined();
      if (first === 'dc1' && verb === 'job') expect(parseRecord(Job, data)).toBeUndefined();
      if (first === 'dc1' && verb === 'bgp') expect(parseRecord(BgpDay, data)).toBeUndefined();
      for (const bucket of bucketNames)
        if (first === '$KV' && device === `dc1-${bucket}`) expect(parseRecord(schemas[bucket], data)).toBeUndefined();
    }
    if (role === 'runner') expect(await (await fetchMessage(operator, 'leaf1'))?.hash()).toBe('');
  });

  it('every stream is as it was', async () => {
    await operator.ensure();
    expect((await operator.jsm.streams.names().next()).sort()).toHaveLength(streamConfigs('dc1').length);
    for await (const stream of operator.jsm.streams.list()) expect(stream.state.consumer_count).toBe(0);
  });
});

describe('a runner at work', () => {
  it.each(roles)('does nothing for what a %s sends round about, and deploys on', async (role) => {
    await using nats = await restrictedNats();
    const operator = await nats.open('operator');
    const device = new FakeDevice(text);
    const watcher = await nats.open('watcher');
    await using _runner = await runnerForTest(await nats.open('runner'), device);
    await publishIntent(watcher, 'leaf1', `${text}!\n`, { fromSource: true });
    const stateOf = async () => (await getRecord(operator.state, DeviceState, 'leaf1'))?.value;
    await expect.poll(async () => (await stateOf())?.sync, { timeout: 30_000 }).toBe('in_sync');
    const before = (await listJobs(operator)).jobs.map(({ id }) => id);
    // the lease is renewed all the time, and whoever may ask may name any inbox
    const others = targets.filter((target) => !may(role, target) && !/\.lease\.|-lease\.|^_INBOX/.test(target));
    await tryAll(await nats.connect(role), role, operator, others);
    const after = (await listJobs(operator)).jobs.filter(({ kind }) => kind !== 'deploy').map(({ id }) => id);
    expect(after.filter((id) => !before.includes(id))).toEqual([]);
    expect([device.running, device.commits.length]).toEqual([`${text}!\n`, 1]);
    const { seq } = (await fetchMessage(watcher, 'leaf1')) ?? { seq: 0 };
    await publishIntent(watcher, 'leaf1', `${text}!\n!\n`, { fromSource: true }, seq);
    await expect.poll(() => device.running, { timeout: 30_000 }).toBe(`${text}!\n!\n`);
    await expect.poll(async () => (await stateOf())?.sync, { timeout: 30_000 }).toBe('in_sync');
    expect(await ask(await nats.open('api'), 'leaf1', 'ping', {})).toMatchObject({ session: 'connected' });
  });
});
