import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { watchJob } from '../../../core/store/job-watch.ts';
import type { Sim } from '../../../lab/sim/sim.ts';
import { natsForTest } from '../../nats.ts';
import { deployForTest, jobAt, publishForTest, stateWhen } from '../../runner.ts';
import { atCheck } from '../events.ts';
import { held } from '../held.ts';

const before =
  'system {\n    host-name leaf1;\n    root-authentication {\n        encrypted-password "$6$abc$def";\n    }\n}\n';
const after = `${before}snmp {\n    location there;\n}\n`;
const platform = 'junos';

describe.each(['netconf', 'ssh'] as const)('a deployment to Junos over %s', (transport) => {
  let nats: Awaited<ReturnType<typeof natsForTest>>;
  let device: Awaited<ReturnType<typeof held>>;
  let sim: Sim;
  const start = async (options: Partial<Parameters<typeof held>[2]> = {}) => {
    device = await held(nats.store, transport, { platform, config: before, ...options });
    sim = device.sim;
  };
  beforeEach(async () => {
    nats = await natsForTest();
  });
  /** Resolves with what a step of the job says, once it says so. */
  const detailOf = async (id: string, wanted: RegExp): Promise<string | undefined> => {
    for await (const { steps } of watchJob(nats.store, id, AbortSignal.timeout(100_000))) {
      const said = steps.find(({ detail }) => wanted.test(detail ?? ''))?.detail;
      if (said !== undefined) return said;
    }
    return undefined;
  };
  afterEach(async () => {
    await device[Symbol.asyncDispose]();
    await nats[Symbol.asyncDispose]();
  });

  it('that somebody’s uncommitted edit keeps from being confirmed names him, goes back, and is done once he is gone', async () => {
    await start();
    atCheck(sim, () => sim.box.foreign('session', 'carol'));
    const id = await publishForTest(nats.store, after, { confirmSeconds: 60 });
    const waits = await detailOf(id, /carol/);
    expect(waits).toMatch(/leaf1: .*configuration database modified.*\(carol/);
    expect([sim.trial === undefined, sim.running.includes('half done')]).toEqual([false, false]);
    sim.device.clock.advance(61_000);
    const job = await jobAt(nats.store, id);
    expect(job.outcome).toMatchObject({
      code: 'locked',
      detail: expect.stringMatching(/passed but could not be confirmed, so the device undid it: .*carol/),
    });
    sim.box.foreign('none', 'carol');
    await stateWhen(nats.store, ({ sync }) => sync === 'in_sync');
    expect(sim.running).toContain('location there');
  });

  it('is good though the lock cannot be given back, with a warning, and its session is ended', async () => {
    await start();
    sim.faults.set(
      transport === 'netconf' ? { deny: { match: '^unlock-configuration$' } } : { drop: { match: '^exit config' } },
    );
    atCheck(sim, () => sim.faults.set({ deny: null, drop: null }));
    const job = await deployForTest(nats.store, after, { confirmSeconds: 600 });
    expect(job.outcome).toEqual({ kind: 'applied' });
    expect(job.warnings.join()).toContain('the lock could not be released');
    await stateWhen(nats.store, ({ sync }) => sync === 'in_sync');
    expect(sim.sessions).toEqual([]);
  });

  it('whose undo comes 35 s late is seen to be undone', async () => {
    await start({ faults: { undoLateMs: 35_000 } });
    atCheck(sim, () => sim.box.foreign('lock', 'carol')); // nobody but the timer ends it
    const id = await publishForTest(nats.store, after, { confirmSeconds: 60 });
    await detailOf(id, /carol/);
    sim.device.clock.advance(61_000);
    expect(sim.trial).toBeDefined();
    sim.device.clock.advance(35_000);
    const job = await jobAt(nats.store, id);
    expect(job.outcome).toMatchObject({ code: 'locked', detail: expect.stringContaining('the device undid it') });
    expect(sim.trial).toBeUndefined();
    expect(sim.running).not.toContain('location there');
  });
});

it('a deployment to Junos that is refused what it asks ends in a job that says so', async () => {
  await using nats = await natsForTest();
  await using device = await held(nats.store, 'netconf', { platform, config: before });
  device.sim.faults.set({ deny: { match: '^get-commit-information$' } });
  const job = await deployForTest(nats.store, after);
  expect(job.outcome).toMatchObject({
    code: 'rejected',
    detail: expect.stringMatching(/leaf1: <get-commit-information>: permission denied/),
  });
});
