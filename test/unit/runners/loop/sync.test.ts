import { describe, expect, it } from 'vitest';
import { DeviceState } from '../../../../core/bus.ts';
import { getRecord, putRecord } from '../../../../core/store/records.ts';
import { syncOf } from '../../../../runners/loop/sync.ts';
import { FakeDevice } from '../../../fake-device.ts';
import { natsForTest } from '../../../nats.ts';
import { deployForTest, runnerForTest, stateWhen } from '../../../runner.ts';
import { stateOf } from '../../api/harness.ts';

const generation = { sha256: 'a'.repeat(64), at: '2026-01-01T00:00:00.000000000Z' };
const at = '2026-01-31T09:12:45.123Z';
const failed = stateOf('leaf1', {
  intent: { generation },
  attempt: { generation, job: 'j1', at, outcome: 'not_converged', count: 1 },
});
const seen = { runningSha256: 'b', managed: true, source: undefined, deploying: undefined };

describe('the reason in the status of a device', () => {
  it('is one line, whatever the device said, and names where the rest is', () => {
    const { reason } = syncOf(failed, seen, 'not_converged: leaf1: still differs:\n--- a\n+++ b\n');
    expect(reason).toBe('not_converged: leaf1: still differs: … (`plumb job j1` shows the rest)');
    expect(syncOf(failed, seen, 'refused: leaf1: no').reason).toBe('refused: leaf1: no');
  });

  it('says since when there is no session, beside what failed', () => {
    const gone = { ...failed, session: { state: 'disconnected', error: 'leaf1: no route', at } as const };
    expect(syncOf(gone, seen, 'refused: leaf1: no').reason).toBe(
      'refused: leaf1: no; no session since 2026-01-31 09:12:45 UTC',
    );
    expect(syncOf({ ...gone, attempt: null }, seen, '')).toEqual({
      sync: 'unknown',
      reason: 'no session since 2026-01-31 09:12:45 UTC: leaf1: no route',
    });
  });

  it('says of a device that does not answer since when, before its connection is given up', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice('hostname leaf1\nntp server 192.0.2.1\n');
    await using _runner = await runnerForTest(nats.store, device);
    await deployForTest(nats.store, device.running);
    await stateWhen(nats.store, ({ sync }) => sync === 'in_sync');
    let answer = () => {};
    device.on = (operation) => {
      if (operation === 'config') {
        return new Promise<void>((resolve) => {
          answer = resolve;
        });
      }
    };
    const { sync } = await stateWhen(nats.store, ({ reason }) => reason.startsWith('no answer since '));
    expect(sync).toBe('unknown');
    device.on = () => {};
    answer();
    await stateWhen(nats.store, ({ sync: now }) => now === 'in_sync');
  });

  it('says after a restart of the runner, too, why the newest text was not taken', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice('hostname leaf1\n');
    {
      await using _runner = await runnerForTest(nats.store, device);
      await deployForTest(nats.store, 'hostname leaf9\n');
      await stateWhen(nats.store, ({ reason }) => reason.startsWith('refused: '));
    }
    const before = (await getRecord(nats.store.state, DeviceState, 'leaf1'))?.value;
    await putRecord(nats.store.state, 'leaf1', { ...before, reason: 'of before' });
    await using _next = await runnerForTest(nats.store, device);
    const { reason } = await stateWhen(nats.store, (state) => state.reason.startsWith('refused'));
    expect(reason).toBe(before?.reason);
  });

  it('keeps the time when the session was lost, however often it is tried again', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice('hostname leaf1\n');
    await using _runner = await runnerForTest(nats.store, device);
    await stateWhen(nats.store, ({ session }) => session.state === 'connected');
    device.reachable = false;
    const first = await stateWhen(nats.store, ({ session }) => session.error.includes('no route'));
    device.refuses = true;
    device.reachable = true;
    const later = await stateWhen(nats.store, ({ session }) => session.error.includes('denied'));
    expect(later.session.at).toBe(first.session.at);
  });

  it('names what shows a drift', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice('hostname leaf1\nntp server 192.0.2.1\n');
    await using _runner = await runnerForTest(nats.store, device);
    await deployForTest(nats.store, device.running);
    device.running += 'by hand\n';
    const { reason } = await stateWhen(nats.store, ({ reason }) => reason.startsWith('drift'));
    expect(reason).toContain('`plumb diff leaf1` shows how');
  });
});
