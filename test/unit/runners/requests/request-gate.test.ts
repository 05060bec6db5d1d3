import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requests, type Verb } from '../../../../core/bus.ts';
import { ask } from '../../../../core/store/ask.ts';
import { listJobs } from '../../../../core/store/jobs.ts';
import type { RunnerHandle } from '../../../../runners/main.ts';
import { FakeDevice } from '../../../fake-device.ts';
import { natsForTest } from '../../../nats.ts';
import { deployForTest, jobAt, runnerForTest, stateWhen } from '../../../runner.ts';

const old = 'hostname leaf1\nrouter bgp 65001\n neighbor 10.0.0.0 remote-as 65000\n';
const wanted = `${old} neighbor 10.0.0.0 description new\n`;
const verbs = Object.keys(requests) as Verb[];
/** What each verb would take as a text. */
const text: Partial<Record<Verb, string>> = { command: 'show version', rollback: 'last', resume: 'yes', retry: 'why' };

describe('a request', () => {
  let nats: Awaited<ReturnType<typeof natsForTest>>;
  let device: FakeDevice;
  let runner: RunnerHandle;
  const jobs = async () => (await listJobs(nats.store)).jobs.map(({ id, kind }) => `${kind} ${id}`);

  /** Sends something on a request's subject, and resolves once the runner has seen it too. */
  const seen = async (verb: Verb, send: () => Promise<void> | void): Promise<void> => {
    const subscription = nats.store.nc.subscribe(`dc1.leaf1.${verb}`, { max: 1 });
    await nats.store.nc.flush();
    await send();
    for await (const _ of subscription) break;
    await ask(nats.store, 'leaf1', 'ping', {});
  };

  beforeAll(async () => {
    nats = await natsForTest();
    device = new FakeDevice(old);
    runner = await runnerForTest(nats.store, device);
    await deployForTest(nats.store, wanted);
    await stateWhen(nats.store, ({ sync }) => sync === 'in_sync');
  });
  afterAll(async () => {
    await runner[Symbol.asyncDispose]();
    await nats[Symbol.asyncDispose]();
  });

  it.each(['rollback', 'resume', 'retry'] as const)('for a %s without a body is refused', async (verb) => {
    for (const body of ['', '\n', ' ']) {
      const reply = await nats.store.nc.request(`dc1.leaf1.${verb}`, body, { timeout: 5_000 });
      expect(reply.headers?.get('Nats-Service-Error-Code')).toBe('invalid_request');
      expect(reply.string()).toContain(`leaf1: a "${verb}" request needs `);
    }
  });

  it('for a resume says yes, and nothing else', async () => {
    const reply = await nats.store.nc.request('dc1.leaf1.resume', wanted, { timeout: 5_000 });
    expect(reply.headers?.get('Nats-Service-Error-Code')).toBe('invalid_request');
    expect((await nats.store.nc.request('dc1.leaf1.resume', 'yes', { timeout: 5_000 })).string()).toBe(
      'device: leaf1\nheld: false\nwaiting: null',
    );
  });

  it.each(verbs)('for %s that a stream delivers is not done', async (verb) => {
    const before = await jobs();
    const body = text[verb] ?? '';
    await nats.store.jsm.streams.add({ name: 'made', subjects: ['made'] });
    for (const ack_policy of ['none', 'explicit'] as const) {
      await nats.store.js.publish('made', body);
      await seen(verb, async () => {
        const name = `to-${verb}-${ack_policy}`;
        const config = { name, deliver_subject: `dc1.leaf1.${verb}`, ack_policy, deliver_policy: 'last' } as const;
        await nats.store.jsm.consumers.add('made', config);
      });
    }
    await nats.store.jsm.streams.delete('made');
    expect(await jobs()).toEqual(before);
    expect(device.running).toBe(wanted);
  });

  it.each(verbs)('for %s without an inbox for the answer is not done', async (verb) => {
    const before = await jobs();
    const body = text[verb] ?? '{}';
    await seen(verb, () => nats.store.nc.publish(`dc1.leaf1.${verb}`, body));
    const answers: string[] = [];
    for (const reply of ['dc1.leaf2.configure', '$KV.dc1-state.leaf2', `dc1.leaf2.${verb}`, 'INBOX.x', '_INBOXES.x']) {
      const listening = nats.store.nc.subscribe(reply, {
        callback: (_error, { subject }) => void answers.push(subject),
      });
      await seen(verb, () => nats.store.nc.publish(`dc1.leaf1.${verb}`, body, { reply }));
      listening.unsubscribe();
    }
    expect(answers).toEqual([]);
    expect(await jobs()).toEqual(before);
    expect(device.running).toBe(wanted);
  });

  it('for a read that a stream answers into the subject is not done', async () => {
    const before = await jobs();
    await nats.store.jsm.streams.add({ name: 'made', subjects: ['made'], allow_direct: true });
    await nats.store.js.publish('made', 'last');
    await seen('rollback', () =>
      nats.store.nc.publish('$JS.API.DIRECT.GET.made', '{"seq":1}', { reply: 'dc1.leaf1.rollback' }),
    );
    await seen('rollback', () =>
      nats.store.nc.publish('$JS.API.STREAM.MSG.GET.made', '{"seq":1}', { reply: 'dc1.leaf1.rollback' }),
    );
    await nats.store.jsm.streams.delete('made');
    expect(await jobs()).toEqual(before);
  });

  it('of a person for the last rollback is done', async () => {
    const reply = await nats.store.nc.request('dc1.leaf1.rollback', 'last', { timeout: 5_000 });
    const job = /^job: (\w+)$/.exec(reply.string())?.[1] ?? '';
    expect((await jobAt(nats.store, job)).outcome).toEqual({ kind: 'applied' });
    expect(device.running).toBe(old);
  });
});
