import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DeviceState, type Job, type Lease } from '../../../../core/bus.ts';
import { publishIntent } from '../../../../core/store/intents.ts';
import { getJob, getStoredJob, newJob, putJob } from '../../../../core/store/jobs.ts';
import { sha256 } from '../../../../core/store/payload.ts';
import { getRecord } from '../../../../core/store/records.ts';
import { FakeDevice } from '../../../fake-device.ts';
import { natsForTest, restartableNats } from '../../../nats.ts';
import { deployForTest, jobAt, publishForTest, runnerForTest, stateWhen } from '../../../runner.ts';

const old = 'hostname leaf1\nrouter bgp 65001\n';
const wanted = 'hostname leaf1\nrouter bgp 65001\n neighbor 10.0.0.0\n';
const other = 'hostname leaf1\nrouter bgp 65001\n neighbor 10.0.0.2\n';

describe('two runners of one device', () => {
  it('share it out: one works, the other takes over when the first lets go', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    const first = await runnerForTest(nats.store, device);
    await stateWhen(nats.store, ({ runner }) => runner === first.name);
    await using second = await runnerForTest(nats.store, device);
    expect((await deployForTest(nats.store, wanted)).outcome).toEqual({ kind: 'applied' });
    expect([first.devices(), second.devices()]).toEqual([['leaf1'], []]);
    const epoch = (await getRecord(nats.store.state, DeviceState, 'leaf1'))?.value.epoch ?? 0;
    await first[Symbol.asyncDispose]();
    const state = await stateWhen(nats.store, ({ runner }) => runner === second.name);
    expect(state.epoch).toBeGreaterThan(epoch);
    expect(device.commits).toHaveLength(1);
  });

  it('never both: a holder whose lease was taken stops before its next write', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    let reached = () => {};
    const loading = new Promise<void>((resolve) => {
      reached = resolve;
    });
    let goOn = () => {};
    const gate = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    device.on = async (operation) => {
      if (operation !== 'commit') return;
      reached();
      await gate;
    };
    await using runner = await runnerForTest(nats.store, device);
    const id = await publishForTest(nats.store, wanted);
    await loading;
    await jobAt(nats.store, id, 'committing');
    const epoch = Math.floor(Date.now() / 1000) + 100;
    await nats.store.lease.put('leaf1', JSON.stringify({ runner: 'someone-else', epoch } satisfies Lease));
    await expect.poll(() => runner.devices()).toEqual([]); // the bucket tells of it
    const { seq } = await getStoredJob(nats.store, id);
    goOn();
    await expect.poll(() => device.candidates).toBe(0); // given up
    expect([device.running, device.commits]).toEqual([old, []]);
    expect(await getStoredJob(nats.store, id)).toMatchObject({ job: { state: 'committing' }, seq });
    // nobody renews that lease: once it has expired the runner is the next holder
    const job = await jobAt(nats.store, id);
    expect(job).toMatchObject({ outcome: { kind: 'applied' }, takeovers: [{ step: 'committing', by: runner.name }] });
    expect(job.epoch).toBeGreaterThan(epoch);
  });
});

describe('a runner that is begun again', () => {
  it('undoes a trial that its predecessor left, and deploys the newest intent', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    const dead = await runnerForTest(nats.store, device);
    await stateWhen(nats.store, ({ session }) => session.state === 'connected');
    await dead[Symbol.asyncDispose]();
    const session = device.session();
    const left = await session.load(wanted, 'replace', { job: 'left', epoch: 1, sha256: 'x' });
    await left.commit({ confirmSeconds: 600, fence: () => {} });
    await publishIntent(nats.store, 'leaf1', other, { fromSource: true });
    await using _runner = await runnerForTest(nats.store, device);
    await stateWhen(nats.store, ({ sync }) => sync === 'in_sync');
    expect([device.running, device.trial]).toEqual([other, undefined]);
    expect(device.history.find(({ job }) => job === 'left')?.outcome).toBe('undone');
  });

  it.each([true, false])(
    'ends the job that its predecessor left with what became of its trial (at once: %s)',
    async (up) => {
      await using nats = await natsForTest();
      const device = new FakeDevice(old);
      const dead = await runnerForTest(nats.store, device);
      await stateWhen(nats.store, ({ session }) => session.state === 'connected');
      await dead[Symbol.asyncDispose]();
      const at = new Date(Date.now() - 60_000).toISOString();
      const steps: Job['steps'] = [
        { step: 'committing', startedAt: at },
        { step: 'checking', startedAt: at },
      ];
      const job: Job = { ...newJob('leaf1', 'deploy'), state: 'checking', runner: 'dead', epoch: 1, steps };
      await putJob(nats.store, job);
      const left = await device.session().load(wanted, 'replace', { job: job.id, epoch: 1, sha256: 'x' });
      await left.commit({ confirmSeconds: 600, fence: () => {} });
      await publishIntent(nats.store, 'leaf1', other, { fromSource: true });
      device.reachable = up;
      await using _runner = await runnerForTest(nats.store, device);
      const undid = `undid the unconfirmed trial of job ${job.id}`;
      const { outcome } = await jobAt(nats.store, job.id);
      expect(outcome).toMatchObject({
        code: 'abandoned',
        detail: expect.stringContaining(up ? `: ${undid}` : 'is not known yet and will be added here: fake: no route'),
      });
      device.reachable = true;
      await stateWhen(nats.store, ({ sync }) => sync === 'in_sync');
      expect([device.running, device.trial]).toEqual([other, undefined]);
      if (!up) await expect.poll(async () => (await getJob(nats.store, job.id))?.warnings.join()).toContain(undid);
    },
  );

  it('does not deploy an intent again that is applied', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    const first = await runnerForTest(nats.store, device);
    await deployForTest(nats.store, wanted);
    await first[Symbol.asyncDispose]();
    await using second = await runnerForTest(nats.store, device);
    await stateWhen(nats.store, ({ runner, sync }) => runner === second.name && sync === 'in_sync');
    expect(device.commits).toHaveLength(1);
  });

  it('says that a rollback was cut off before it did anything, and what takes it up', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    const first = await runnerForTest(nats.store, device);
    const { id } = await deployForTest(nats.store, wanted);
    await first[Symbol.asyncDispose]();
    const at = new Date().toISOString();
    const steps = [{ step: 'connecting', startedAt: at }] as const;
    const job: Job = {
      ...newJob('leaf1', 'rollback'),
      state: 'connecting',
      runner: 'dead',
      epoch: 1,
      steps: [...steps],
    };
    await putJob(nats.store, job);
    const state = await stateWhen(nats.store, () => true);
    const blocked = [{ sha256: sha256(wanted), why: 'rolled_back', job: job.id, since: at, by: 'ann' }];
    await nats.store.state.put('leaf1', JSON.stringify({ ...state, blocked }));
    await using _second = await runnerForTest(nats.store, device);
    const { reason } = await stateWhen(nats.store, (each) => each.reason.includes('it is still running'));
    expect(reason).toContain(
      'it is still running, so the rollback was interrupted: `plumb rollback leaf1` completes it',
    );
    expect((await jobAt(nats.store, job.id)).outcome).toMatchObject({
      code: 'abandoned',
      hint: '`plumb status leaf1` shows what is running; `plumb rollback leaf1` rolls back again',
    });
    expect(await getJob(nats.store, id)).toMatchObject({ outcome: { kind: 'applied' } });
  });

  it('gives an intent up that crashes cut off three times', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    const first = await runnerForTest(nats.store, device);
    const { seq } = await publishIntent(nats.store, 'leaf1', `${old}bad\n`, { fromSource: true });
    const { attempt, ...state } = await stateWhen(nats.store, (state) => state.attempt?.outcome === 'rejected');
    expect(seq).toBe(1);
    await first[Symbol.asyncDispose]();
    await nats.store.state.put(
      'leaf1',
      JSON.stringify({ ...state, attempt: { ...attempt, outcome: 'started', count: 3 } }),
    );
    await using _second = await runnerForTest(nats.store, device);
    expect((await stateWhen(nats.store, ({ reason }) => reason.startsWith('abandoned'))).attempt?.outcome).toBe(
      'abandoned',
    );
  });
});

describe('without its store', () => {
  it('a device stays as it is when all streams and buckets are deleted, and the records come back', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    await using _runner = await runnerForTest(nats.store, device);
    await deployForTest(nats.store, wanted);
    await stateWhen(nats.store, ({ sync }) => sync === 'in_sync');
    for (const name of ['dc1-intent', 'dc1-jobs', 'KV_dc1-state', 'KV_dc1-inventory'])
      await nats.store.jsm.streams.delete(name);
    await nats.store.ensure();
    await publishIntent(nats.store, 'leaf1', wanted, { fromSource: true });
    const state = await stateWhen(
      nats.store,
      ({ sync, attempt }) => sync === 'in_sync' && attempt?.outcome === 'unchanged',
    );
    expect(state.applied?.generation.sha256).toBe(state.intent?.generation.sha256);
    expect(device.commits).toHaveLength(1);
  });

  it('a new runner that finds a device it knows nothing of, but which was deployed to, asks before it changes it', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    const first = await runnerForTest(nats.store, device);
    await deployForTest(nats.store, wanted);
    await first[Symbol.asyncDispose]();
    for (const name of ['dc1-intent', 'dc1-jobs', 'KV_dc1-state']) await nats.store.jsm.streams.delete(name);
    await nats.store.ensure();
    await using _second = await runnerForTest(nats.store, device);
    expect((await deployForTest(nats.store, other, {}, 'awaiting')).warnings.join()).toContain('record is lost');
    expect(device.running).toBe(wanted);
  });

  it('an older intent of a restored store is not deployed', async () => {
    await using nats = await restartableNats();
    const device = new FakeDevice(old);
    await using _runner = await runnerForTest(nats.store, device);
    await deployForTest(nats.store, wanted);
    await nats.stop();
    const backup = `${nats.folder}-backup`;
    await cp(join(nats.folder, 'jetstream'), backup, { recursive: true });
    await nats.start();
    await deployForTest(nats.store, other);
    await nats.stop();
    await rm(join(nats.folder, 'jetstream'), { recursive: true });
    await cp(backup, join(nats.folder, 'jetstream'), { recursive: true });
    await rm(backup, { recursive: true });
    await nats.start();
    // the restored message was seen and judged once the record says so
    await stateWhen(nats.store, ({ reason }) => reason.startsWith('stale_intent'));
    expect([device.running, device.commits.length]).toEqual([other, 2]);
    const again = await deployForTest(nats.store, other); // what the watcher does: the source's text again
    expect(again.outcome).toEqual({ kind: 'unchanged' });
    expect(device.running).toBe(other);
    expect(device.commits).toHaveLength(2);
  });

  it('a deployment under way when NATS goes away ends in a known state, and is done when NATS is back', async () => {
    await using nats = await restartableNats();
    const device = new FakeDevice(old);
    let stopped = () => {};
    const away = new Promise<void>((resolve) => {
      stopped = resolve;
    });
    device.on = async (operation) => {
      if (operation !== 'committed' || device.commits.length > 1) return;
      await nats.stop();
      stopped();
    };
    await using _runner = await runnerForTest(nats.store, device);
    const id = await publishForTest(nats.store, wanted);
    await away;
    await expect.poll(() => device.trial, { timeout: 15_000 }).toBeUndefined(); // decided on the device, either way
    await nats.start();
    await stateWhen(nats.store, ({ sync }) => sync === 'in_sync');
    expect(device.running).toBe(wanted);
    expect((await getJob(nats.store, id))?.state).toBe('finished');
  });
});
