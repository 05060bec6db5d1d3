import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { Inventory, Policy } from '../../../../core/inventory/schema.ts';
import { ask } from '../../../../core/store/ask.ts';
import { getJob, listJobs } from '../../../../core/store/jobs.ts';
import { sha256 } from '../../../../core/store/payload.ts';
import type { Store } from '../../../../core/store/store.ts';
import { startRunner } from '../../../../runners/main.ts';
import { FakeDevice } from '../../../fake-device.ts';
import { natsForTest } from '../../../nats.ts';
import {
  askedAgain,
  deployForTest,
  deviceForTest,
  jobAt,
  jobWhen,
  publishForTest,
  stateWhen,
} from '../../../runner.ts';

const old = 'hostname leaf1\nrouter bgp 65001\n';
const wanted = 'hostname leaf1\nrouter bgp 65001\n neighbor 10.0.0.0\n';
const other = 'hostname leaf1\nrouter bgp 65001\n neighbor 10.0.0.2\n';

const inventoryOf = (policy: Partial<Policy>, vars: Record<string, string> = {}): Inventory => {
  const entry = { ...deviceForTest({ approval: 'manual', ...policy }), vars };
  return { site: 'dc1', lab: true, path: '/dev/null', devices: new Map([[entry.name, entry]]) };
};

const runnerOf = (store: Store, device: FakeDevice, policy: Partial<Policy> = {}) =>
  startRunner({
    store,
    inventory: inventoryOf(policy),
    driverFor: () => device.driver,
    knownHosts: '/dev/null',
    log: pino({ level: 'silent' }),
    version: 'test',
    settled: true,
  });

/** A device whose diff waits. */
const waiting = async (policy: Partial<Policy> = {}) => {
  const nats = await natsForTest();
  const device = new FakeDevice(old);
  const runner = await runnerOf(nats.store, device, policy);
  const { id } = await deployForTest(nats.store, wanted, {}, 'awaiting');
  const { epoch } = await stateWhen(nats.store, ({ sync }) => sync === 'awaiting');
  const takenAnew = () => stateWhen(nats.store, (state) => state.epoch > epoch && state.session.state === 'connected');
  return {
    ...nats,
    device,
    runner,
    id,
    takenAnew,
    [Symbol.asyncDispose]: async () => {
      await runner[Symbol.asyncDispose]();
      await nats[Symbol.asyncDispose]();
    },
  };
};

describe.concurrent('a job that waits for an approval', () => {
  it('goes on waiting when its device is taken anew, and is what an approval of before then lets go on', async () => {
    await using it = await waiting();
    const before = await getJob(it.store, it.id);
    it.runner.reload(inventoryOf({}, { site: 'moved' }));
    expect(await ask(it.store, 'leaf1', 'resume', {})).toMatchObject({ waiting: it.id }); // in this very moment
    await it.takenAnew();
    expect(await getJob(it.store, it.id)).toMatchObject({
      state: 'awaiting',
      steps: before?.steps,
      diff: before?.diff,
    });
    expect((await listJobs(it.store)).jobs).toHaveLength(1);
    await ask(it.store, 'leaf1', 'approve', { job: it.id, intent: sha256(wanted), running: sha256(old) });
    expect((await jobAt(it.store, it.id)).outcome).toEqual({ kind: 'applied' });
    expect(it.device.commits).toHaveLength(1);
  });

  it('goes on waiting when another runner takes the device over, and is cancelled there', async () => {
    await using it = await waiting();
    await using _second = await runnerOf(it.store, it.device);
    await it.runner[Symbol.asyncDispose]();
    await it.takenAnew();
    expect((await getJob(it.store, it.id))?.state).toBe('awaiting');
    await ask(it.store, 'leaf1', 'cancel', { job: it.id });
    expect((await jobAt(it.store, it.id)).outcome).toMatchObject({ code: 'cancelled' });
  });

  it('is superseded, and not abandoned, where another text came while nobody held the device', async () => {
    await using it = await waiting();
    await it.runner[Symbol.asyncDispose]();
    const by = await publishForTest(it.store, other);
    await using _second = await runnerOf(it.store, it.device);
    expect(await jobAt(it.store, it.id)).toMatchObject({ outcome: { code: 'superseded' }, supersededBy: by });
    const next = await jobAt(it.store, by, 'awaiting');
    expect(next.warnings.join()).toContain(`job ${it.id} was waiting for an approval`);
  });

  it('goes on without a word where the new policy asks for none', async () => {
    await using it = await waiting();
    await ask(it.store, 'leaf1', 'approve', { job: it.id });
    await jobAt(it.store, it.id);
    const { id } = await deployForTest(it.store, other, {}, 'awaiting');
    await stateWhen(it.store, ({ sync }) => sync === 'awaiting');
    it.runner.reload(inventoryOf({ approval: 'auto' }));
    expect((await jobAt(it.store, id)).outcome).toEqual({ kind: 'applied' });
  });

  it('is diffed and asked anew, under the same id, where the device changed meanwhile', async () => {
    await using it = await waiting();
    it.runner.reload(inventoryOf({}, { site: 'moved' }));
    await it.takenAnew();
    it.device.running = `${old}by hand\n`;
    await ask(it.store, 'leaf1', 'approve', { job: it.id });
    const job = await jobWhen(it.store, it.id, askedAgain);
    expect(job).toMatchObject({ state: 'awaiting', diff: expect.stringContaining('by hand') });
    expect(it.device.commits).toEqual([]);
  });

  it('has the approval of before where its runner stopped before it acted on it', async () => {
    await using it = await waiting();
    let reached = () => {};
    const connecting = new Promise<void>((resolve) => {
      reached = resolve;
    });
    let goOn = () => {};
    const gate = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    it.device.on = async (operation) => {
      if (operation !== 'diff') return;
      reached();
      await gate;
    };
    await ask(it.store, 'leaf1', 'approve', { job: it.id });
    await connecting;
    const stopped = it.runner[Symbol.asyncDispose]();
    goOn();
    await stopped;
    expect(await getJob(it.store, it.id)).toMatchObject({ state: 'awaiting', said: [{ did: 'approve' }] });
    expect(it.device.commits).toEqual([]);
    await using _second = await runnerOf(it.store, it.device);
    const { outcome, said } = await jobAt(it.store, it.id);
    expect([outcome, said?.length, it.device.commits.length]).toEqual([{ kind: 'applied' }, 1, 1]);
  });

  it('expires after the time that its policy gave it, however often its device was taken anew', async ({ expect }) => {
    await using it = await waiting({ approvalSeconds: 2 });
    it.runner.reload(inventoryOf({ approvalSeconds: 2 }, { site: 'moved' }));
    await it.takenAnew();
    const looked = async () => {
      await it.store.inventory.put('leaf1', '{}'); // whatever it is, the runner looks again
      return (await getJob(it.store, it.id))?.outcome;
    };
    await expect.poll(looked, { timeout: 20_000, interval: 500 }).toMatchObject({ code: 'expired' });
    const { steps } = (await getJob(it.store, it.id)) ?? { steps: [] };
    expect(steps.filter(({ step }) => step === 'awaiting')).toHaveLength(1);
  });
});

describe.concurrent('no answer hides the job that waits', () => {
  it('to a resume, also of a device that was held; to a hold; to a retry of a held one', async () => {
    await using it = await waiting();
    const { store, id } = it;
    expect(await ask(store, 'leaf1', 'resume', {})).toMatchObject({ held: false, waiting: id });
    expect(await ask(store, 'leaf1', 'hold', { reason: 'works' })).toMatchObject({ waiting: id });
    const named = { code: 'conflict', message: expect.stringContaining(`plumb cancel ${id}`) };
    await expect(ask(store, 'leaf1', 'retry', {})).rejects.toMatchObject(named);
    expect(await ask(store, 'leaf1', 'resume', {})).toMatchObject({ held: true, waiting: id });
    await expect(ask(store, 'leaf1', 'retry', {})).rejects.toMatchObject(named);
  });

  it('to a cancel of another job, nor to a rollback', async () => {
    await using it = await waiting();
    const { store, id } = it;
    await ask(store, 'leaf1', 'approve', { job: id });
    await jobAt(store, id);
    const { id: second } = await deployForTest(store, other, {}, 'awaiting');
    await stateWhen(store, ({ sync }) => sync === 'awaiting');
    const wrong = { code: 'conflict', message: expect.stringContaining(`plumb approve ${second}`) };
    await expect(ask(store, 'leaf1', 'cancel', { job: id })).rejects.toMatchObject(wrong);
    const { job } = (await ask(store, 'leaf1', 'rollback', {})) as { job: string };
    const rollback = await jobAt(store, job);
    expect([rollback.outcome, rollback.warnings.join()]).toEqual([
      { kind: 'applied' },
      expect.stringContaining(`job ${second} was waiting for an approval`),
    ]);
    expect((await jobAt(store, second)).outcome).toMatchObject({ code: 'superseded' });
  });
});
