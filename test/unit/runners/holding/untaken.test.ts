import { afterEach, describe, expect, it, vi } from 'vitest';
import { leaseKey } from '../../../../core/bus.ts';
import { log } from '../../../../core/log.ts';
import { fetchIntent, publishIntent } from '../../../../core/store/intents.ts';
import { getJob, newJob, untakenMs } from '../../../../core/store/jobs.ts';
import { putRecord } from '../../../../core/store/records.ts';
import type { Store } from '../../../../core/store/store.ts';
import { closeOrphans } from '../../../../runners/holding/recover.ts';
import { leaseForTest } from '../../../lease.ts';
import { natsForTest } from '../../../nats.ts';
import { storedEarlier, storeJob } from '../../../stored.ts';

afterEach(() => void vi.useRealTimers());

/** A device changes hands: its new holder has just beaten, and looks through what is open. */
const takenOver = async (store: Store) => {
  await putRecord(store.lease, leaseKey.runner('r1'), { n: 1, at: new Date().toISOString() });
  const recording = { store, log, lease: leaseForTest('leaf1', 'r1', 2) };
  await closeOrphans(recording, [], await fetchIntent(store, 'leaf1'), async () => []);
};

describe('a job that nobody was asked for', () => {
  it('ends once its device changes hands, where it has waited long enough', async () => {
    await using nats = await natsForTest();
    const { store } = nats;
    const job = newJob('leaf1', 'command');
    await storeJob(store, job);
    storedEarlier(store, job.id, untakenMs + 5_000);
    await takenOver(store);
    expect(await getJob(store, job.id)).toMatchObject({ outcome: { kind: 'failed', code: 'abandoned' } });
  });

  it.each([untakenMs + 5_000, -untakenMs - 5_000])(
    "stays open while it is young by the server's clock, whatever the runner's says: %d ms ahead",
    async (aheadMs) => {
      await using nats = await natsForTest();
      const { store } = nats;
      const job = newJob('leaf1', 'command');
      await storeJob(store, job);
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + aheadMs });
      await takenOver(store);
      expect(await getJob(store, job.id)).toMatchObject({ state: 'queued' }); // its asker may be about to ask
    },
  );
});

it("a job whose text is on its way waits for it, also where its publisher's clock is behind the server's", async () => {
  await using nats = await natsForTest();
  const { store } = nats;
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 60_000 });
  const job = newJob('leaf1', 'deploy');
  vi.useRealTimers();
  await publishIntent(store, 'leaf1', 'hostname leaf1\n', {});
  await storeJob(store, job);
  await takenOver(store);
  expect(await getJob(store, job.id)).toMatchObject({ state: 'queued' });
});
