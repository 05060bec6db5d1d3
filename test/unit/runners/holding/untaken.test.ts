import { afterEach, expect, it, vi } from 'vitest';
import { log } from '../../../../core/log.ts';
import { getJob, newJob, untakenMs } from '../../../../core/store/jobs.ts';
import { closeOrphans } from '../../../../runners/holding/recover.ts';
import { leaseForTest } from '../../../lease.ts';
import { natsForTest } from '../../../nats.ts';
import { storeJob } from '../../../stored.ts';

afterEach(() => void vi.useRealTimers());

it('a job that nobody was asked for ends once its device changes hands, where it has waited long enough', async () => {
  await using nats = await natsForTest();
  const { store } = nats;
  const { id } = newJob('leaf1', 'command');
  await storeJob(store, newJob('leaf1', 'command', id));
  const recording = { store, log, lease: leaseForTest('leaf1', 'r1', 2) };
  const state = async () => {
    await closeOrphans(recording, [], undefined, async () => []);
    return getJob(store, id);
  };
  expect(await state()).toMatchObject({ state: 'queued' }); // its asker may be about to ask
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + untakenMs + 5_000 });
  expect(await state()).toMatchObject({ state: 'finished', outcome: { kind: 'failed', code: 'abandoned' } });
});
