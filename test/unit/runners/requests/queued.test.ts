import { headers as natsHeaders } from '@nats-io/transport-node';
import { describe, expect, it } from 'vitest';
import { headers, subjects, type Verb } from '../../../../core/bus.ts';
import { ask } from '../../../../core/store/ask.ts';
import { getJob, newJob } from '../../../../core/store/jobs.ts';
import { sha256 } from '../../../../core/store/payload.ts';
import type { Store } from '../../../../core/store/store.ts';
import { FakeDevice } from '../../../fake-device.ts';
import { natsForTest } from '../../../nats.ts';
import { jobAt, runnerForTest, stateWhen } from '../../../runner.ts';
import { storeJob } from '../../../stored.ts';

const text = 'hostname leaf1\n';
const file = Buffer.from('hello\n');
const put = { path: '/etc/motd', size: file.length, sha256: sha256(file), offset: 0, content: file.toString('base64') };
/** How long an asker says that it waits. */
const waitMs = 3_000;
const save = { command: 'write memory', change: true, reason: 'CHG-1' };

/** A device with files that does not answer while it is frozen, and tells what it was asked to do. */
class Freezing extends FakeDevice {
  readonly asked: string[] = [];
  #thaw = () => {};

  override get driver() {
    const { capabilities, ...driver } = super.driver;
    return { ...driver, capabilities: { ...capabilities, files: true } };
  }

  override session() {
    return new Proxy(super.session(), {
      get: (session, name, self) => {
        if (typeof name === 'string' && name !== 'closed') this.asked.push(name);
        return Reflect.get(session, name, self);
      },
    });
  }

  /** Resolves once the runner's look at what runs hangs. */
  freeze(): Promise<void> {
    const frozen = new Promise<void>((resolve) => {
      this.#thaw = resolve;
    });
    return new Promise((hangs) => {
      this.on = (operation) => {
        if (operation === 'config') hangs();
        return frozen;
      };
    });
  }

  thaw(): void {
    this.#thaw();
    this.on = () => {};
  }
}

/** A runner whose look at the device hangs. */
const frozen = async () => {
  const nats = await natsForTest();
  const device = new Freezing(text);
  const runner = await runnerForTest(nats.store, device);
  await stateWhen(nats.store, ({ session }) => session.state === 'connected');
  await device.freeze();
  device.asked.length = 0;
  return {
    store: nats.store,
    device,
    [Symbol.asyncDispose]: async () => {
      device.thaw();
      await runner[Symbol.asyncDispose]();
      await nats[Symbol.asyncDispose]();
    },
  };
};

/** Asks as somebody who waits longer than he says: the answer takes its time on a busy machine. @returns how it was refused */
const askFor = async (store: Store, verb: Verb, payload: object, job?: string) => {
  const to = natsHeaders();
  to.set(headers.wait, String(waitMs));
  if (job) to.set(headers.job, job);
  const subject = subjects.request('dc1', 'leaf1', verb);
  const reply = await store.nc.request(subject, JSON.stringify(payload), { headers: to, timeout: 60_000 });
  return { code: reply.headers?.get(headers.errorCode), message: reply.headers?.get(headers.error) };
};

const requests: readonly (readonly [string, Verb, object])[] = [
  ['a change', 'command', save],
  ['a command', 'command', { command: 'show version' }],
  ['a file get', 'file-get', { path: '/etc/motd' }],
  ['bgp', 'bgp', {}],
  ['bgp-detail', 'bgp-detail', {}],
  ['facts', 'facts', {}],
  ['interfaces-ip', 'interfaces-ip', {}],
  ['config', 'config', {}],
  ['a saved config', 'config', { saved: newJob('leaf1', 'deploy').id }],
  ['a diff', 'diff', { config: 'hostname leaf1\nnew\n' }],
  ['a test', 'test', {}],
];

const queued =
  /queued for \d+\.\d s behind a read of the running configuration \(since 20.*Z\); gave up, nothing was sent/;

describe.concurrent('a request that waits behind a read which hangs', () => {
  it('is dropped when its asker stops waiting, whatever was asked for, and never sent later', async () => {
    await using it = await frozen();
    const { store, device } = it;
    const clock = askFor(store, 'ping', { clock: true });
    await Promise.all(
      requests.map(async ([what, verb, payload]) => {
        const job = newJob('leaf1', 'command');
        await storeJob(store, job);
        const refused = { code: 'timeout', message: expect.stringMatching(queued) };
        expect(await askFor(store, verb, payload, job.id), what).toEqual(refused);
        const record = await getJob(store, job.id);
        expect(record?.outcome, what).toMatchObject({ code: 'timeout', detail: expect.stringMatching(queued) });
        expect(
          record?.steps.map(({ step }) => step),
          what,
        ).toEqual(['queued', 'finished']);
      }),
    );
    expect(await clock).toMatchObject({ code: 'timeout', message: expect.stringMatching(queued) });
    device.thaw();
    const { job } = (await ask(store, 'leaf1', 'command', { command: 'show clock' })) as { job: string };
    expect((await getJob(store, job))?.steps.map(({ step }) => step)).toEqual(['queued', 'running', 'finished']);
    // of the runner's own looks, and of that one command
    expect(device.asked.filter((name) => !['config', 'bgp', 'alive'].includes(name))).toEqual(['run']);
  });

  it.each([
    ['a command, for as long as it may take', 'command', { ...save, timeoutSeconds: 1 }],
    ['a file, for as long as its sender waits', 'file-put', put],
  ] as const)('waits, where it changes the device, as %s', async (_, verb, payload) => {
    await using it = await frozen();
    const refused = { code: 'timeout', message: expect.stringMatching(queued) };
    expect(await askFor(it.store, verb, payload)).toEqual(refused);
    it.device.thaw();
    await ask(it.store, 'leaf1', 'facts', {});
    expect(it.device.asked.filter((name) => ['run', 'upload', 'pending'].includes(name))).toEqual([]);
  });

  it('says meanwhile that it is queued, and behind what', async () => {
    await using it = await frozen();
    const job = newJob('leaf1', 'command');
    await storeJob(it.store, job);
    const asked = ask(it.store, 'leaf1', 'command', save, { job: job.id });
    const waits = {
      state: 'queued',
      steps: [{ detail: expect.stringMatching(/^queued behind a read of the running configuration/) }],
    };
    await expect.poll(() => getJob(it.store, job.id)).toMatchObject(waits);
    it.device.thaw();
    await asked;
    expect((await jobAt(it.store, job.id)).outcome).toEqual({ kind: 'done' });
    expect(it.device.asked.filter((name) => name === 'run')).toEqual(['run']);
  });
});
