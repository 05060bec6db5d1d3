import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { Inventory } from '../../../../core/inventory/schema.ts';
import { publishIntent } from '../../../../core/store/intents.ts';
import { newJob, putJob } from '../../../../core/store/jobs.ts';
import { sha256 } from '../../../../core/store/payload.ts';
import { putRecord } from '../../../../core/store/records.ts';
import type { Store } from '../../../../core/store/store.ts';
import { startRunner } from '../../../../runners/main.ts';
import { FakeDevice } from '../../../fake-device.ts';
import { natsForTest } from '../../../nats.ts';
import { deployForTest, deviceForTest, jobAt, publishForTest, runnerForTest, stateWhen } from '../../../runner.ts';

const old = 'hostname leaf1\nrouter bgp 65001\n';
const wanted = `${old} neighbor 10.0.0.0\n`;
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

describe('a job that another runner takes over after the device took its change', () => {
  it.each([
    ['reading_back', sha256(wanted)],
    ['confirming', sha256(old)],
  ] as const)('in "%s" is applied, also on a device that keeps nothing of it', async (step, runningSha256) => {
    await using nats = await natsForTest();
    const device = new FakeDevice(wanted); // nothing is saved on it, as by NETCONF
    const job = newJob('leaf1', 'deploy');
    const steps = (['committing', 'checking', step] as const).map((each, n) => ({
      step: each,
      startedAt: minutesAgo(60 - n),
    }));
    await putJob(nats.store, { ...job, runner: 'elsewhere', epoch: 1, state: step, steps, runningSha256 });
    await publishIntent(nats.store, 'leaf1', wanted, { fromSource: true, job: job.id });
    await using _runner = await runnerForTest(nats.store, device);
    expect((await jobAt(nats.store, job.id)).outcome).toEqual({ kind: 'applied' });
    expect(device.commits).toEqual([]);
    const { changed } = await stateWhen(nats.store, ({ applied }) => applied !== null);
    expect(changed?.at).toBe(steps[1]?.startedAt); // not since it was taken over
  });

  it('and is ended as abandoned changed the device when it committed', async () => {
    await using nats = await natsForTest();
    const { store } = nats;
    const device = new FakeDevice(old);
    {
      await using _first = await runnerForTest(store, device);
      await deployForTest(store, wanted);
    }
    device.running = old; // as a rollback that was confirmed, and whose runner died before it could say so
    const job = newJob('leaf1', 'rollback');
    const { id, createdAt } = job;
    const steps = (['committing', 'checking'] as const).map((step, n) => ({ step, startedAt: minutesAgo(60 - n) }));
    const state = await stateWhen(store, ({ applied }) => applied !== null);
    await putJob(store, { ...job, runner: 'elsewhere', epoch: 1, state: 'checking', steps });
    await putRecord(store.state, 'leaf1', {
      ...state,
      trial: { job: id, name: 'x', expiresAt: createdAt },
      changed: { at: minutesAgo(120), runningSha256: sha256(wanted) },
      blocked: [{ sha256: sha256(wanted), why: 'rolled_back', job: id, by: 'ann', since: createdAt }],
    });
    await using _runner = await runnerForTest(store, device);
    const { changed } = await stateWhen(store, (now) => now.changed?.runningSha256 === sha256(old));
    expect(changed?.at).toBe(steps[1]?.startedAt);
    expect((await jobAt(store, id)).outcome).toMatchObject({ code: 'abandoned' });
    device.running = `${old}typed\n`; // what is typed later is no longer that job's
    const typed = await stateWhen(store, (now) => now.changed?.runningSha256 === sha256(device.running));
    expect((typed.changed?.at ?? '') > createdAt).toBe(true);
  });
});

type Line = { level: number; device?: string; job?: string; code?: string; msg: string };

const loggingRunner = async (store: Store, device: FakeDevice) => {
  const lines: Line[] = [];
  const entry = deviceForTest();
  const inventory: Inventory = { site: 'dc1', lab: true, path: '/dev/null', devices: new Map([[entry.name, entry]]) };
  const log = pino({}, { write: (line: string) => void lines.push(JSON.parse(line) as Line) });
  const driverFor = () => device.driver;
  const runner = await startRunner({
    store,
    inventory,
    driverFor,
    knownHosts: '/dev/null',
    log,
    version: 'test',
    settled: true,
  });
  return { runner, warnings: () => lines.filter(({ level }) => level === 40) };
};

describe('the log of a runner', () => {
  it('has a line for each deployment that failed: device, job, code, what next', async () => {
    await using nats = await natsForTest();
    const { runner, warnings } = await loggingRunner(nats.store, new FakeDevice(old));
    await using _runner = runner;
    const { id } = await deployForTest(nats.store, `${old}bad line\n`);
    expect(warnings()).toMatchObject([
      { device: 'leaf1', job: id, code: 'rejected', msg: expect.stringContaining('bad line') },
    ]);
    expect(warnings()[0]?.msg).toContain(`plumb job ${id}`);
  });

  it('has a line for a lease that was lost, and the job that was under way', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    const { runner, warnings } = await loggingRunner(nats.store, device);
    await using _runner = runner;
    await stateWhen(nats.store, ({ session }) => session.state === 'connected');
    let goOn = () => {};
    device.on = (operation) => {
      if (operation === 'commit') {
        return new Promise<void>((resolve) => {
          goOn = resolve;
        });
      }
    };
    const id = await publishForTest(nats.store, wanted);
    await jobAt(nats.store, id, 'committing');
    await nats.store.lease.put('leaf1', JSON.stringify({ runner: 'someone-else', epoch: 9_999_999_999 }));
    await expect.poll(() => warnings(), { timeout: 10_000 }).toHaveLength(1);
    goOn();
    expect(warnings()).toMatchObject([{ device: 'leaf1', job: id, code: 'lease_lost' }]);
    expect(warnings()[0]?.msg).toMatch(/someone-else holds it; .*next holder continues the job/);
  });

  it('has none for a lease that is given back', async () => {
    await using nats = await natsForTest();
    const { runner, warnings } = await loggingRunner(nats.store, new FakeDevice(old));
    await stateWhen(nats.store, ({ session }) => session.state === 'connected');
    await runner[Symbol.asyncDispose]();
    expect(warnings()).toEqual([]);
  });
});
