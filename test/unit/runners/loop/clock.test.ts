import { afterEach, describe, expect, it, vi } from 'vitest';
import { streams } from '../../../../core/bus.ts';
import { newJob } from '../../../../core/store/jobs.ts';
import { sha256 } from '../../../../core/store/payload.ts';
import { putRecord } from '../../../../core/store/records.ts';
import type { Store } from '../../../../core/store/store.ts';
import { FakeDevice } from '../../../fake-device.ts';
import { natsForTest } from '../../../nats.ts';
import { deployForTest, runnerForTest, stateWhen } from '../../../runner.ts';
import { stateOf } from '../../api/harness.ts';

const old = 'hostname leaf1\nrouter bgp 65001\n';
const wanted = 'hostname leaf1\nrouter bgp 65001\n neighbor 10.0.0.0\n';
const ahead = '2099-01-01T00:00:00.000000000Z';

const created = async ({ jsm, site }: Store) => (await jsm.streams.info(streams.intent(site))).created;

/** The record of a device on which a runner tried the text `old`, when clocks showed these times. */
const triedBefore = async (store: Store, message: { at: string; stream: string; seq: number }, at: string) => {
  const generation = { ...message, sha256: sha256(old) };
  const attempt = { generation, job: newJob('leaf1', 'deploy').id, at, outcome: 'applied', count: 1 };
  await putRecord(store.state, 'leaf1', stateOf('leaf1', { attempt, epoch: 0 }));
};

describe('a clock that was ahead', () => {
  const now = new Date().toISOString();
  it.each([
    ["the server's", (stream: string) => ({ at: ahead, stream, seq: 0 }), now],
    ["the server's, and the store was deleted since,", () => ({ at: ahead, stream: 'gone', seq: 9 }), now],
    ["the server's and the runner's,", (stream: string) => ({ at: ahead, stream, seq: 0 }), ahead],
    ['both, and the store was deleted since,', () => ({ at: ahead, stream: 'gone', seq: 9 }), ahead],
  ])('%s stops no later text', async (_, message, triedAt) => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    await triedBefore(nats.store, message(await created(nats.store)), triedAt);
    await using _runner = await runnerForTest(nats.store, device);
    expect((await deployForTest(nats.store, wanted)).outcome).toEqual({ kind: 'applied' });
    await stateWhen(nats.store, ({ sync }) => sync === 'in_sync');
  });
});

describe('a message that is older than what was tried last', () => {
  it('is never deployed, and its job says so', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    const stream = await created(nats.store);
    await triedBefore(nats.store, { at: new Date(Date.now() + 30_000).toISOString(), stream, seq: 9 }, ahead);
    await using _runner = await runnerForTest(nats.store, device);
    expect((await deployForTest(nats.store, wanted)).outcome).toMatchObject({ kind: 'failed', code: 'stale_intent' });
    expect([device.running, device.commits]).toEqual([old, []]);
  });
});

describe("a runner whose clock is two hours behind the server's", () => {
  afterEach(() => vi.useRealTimers());

  it('deploys each text in its turn, and its jobs name the clock', async () => {
    await using nats = await natsForTest();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 2 * 3_600_000, shouldAdvanceTime: true });
    const device = new FakeDevice(old);
    await using _runner = await runnerForTest(nats.store, device);
    for (const text of [wanted, `${wanted} neighbor 10.0.0.2\n`]) {
      const job = await deployForTest(nats.store, text);
      expect(job.outcome).toEqual({ kind: 'applied' });
      expect(job.warnings.join()).toContain("the runner's is behind");
      expect(device.running).toBe(text);
    }
    for (const name of ['dc1-intent', 'dc1-jobs']) await nats.store.jsm.streams.delete(name);
    await nats.store.ensure();
    expect((await deployForTest(nats.store, wanted)).outcome).toEqual({ kind: 'applied' });
  });
});
