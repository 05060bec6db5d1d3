import { describe, expect, it } from 'vitest';
import type { Job } from '../../../../core/bus.ts';
import { fetchIntent } from '../../../../core/store/intents.ts';
import { getJob, newJob } from '../../../../core/store/jobs.ts';
import { jobOfIntent } from '../../../../core/store/publish.ts';
import { putRecord } from '../../../../core/store/records.ts';
import type { Store } from '../../../../core/store/store.ts';
import { natsForTest } from '../../../nats.ts';
import { storeJob } from '../../../stored.ts';
import { stateOf } from '../../api/harness.ts';
import { entryOf, eventually, inventoryOf, makeFolder, openFilesIn, watchStore } from '../site.ts';

/** The job of the text that waits for a runner. */
const queued = async (store: Store, device: string): Promise<string> => {
  const intent = await fetchIntent(store, device);
  return intent ? jobOfIntent(intent) : '';
};

/** The job that a runner took as far as this. */
const taken = async (store: Store, device: string, state: Job['state']): Promise<string> => {
  const { generation } = (await fetchIntent(store, device)) ?? {};
  const job: Job = { ...newJob(device, 'deploy'), state, runner: 'r1', epoch: 1 };
  await storeJob(store, job);
  if (generation) {
    const attempt = { generation, job: job.id, at: job.createdAt, outcome: state, count: 1 };
    await putRecord(store.state, device, stateOf(device, { attempt }));
  }
  return job.id;
};

const outcomes = (store: Store, ids: readonly string[]) =>
  Promise.all(ids.map(async (id) => (await getJob(store, id))?.outcome));

const cancelled = { kind: 'failed', code: 'cancelled', detail: expect.stringContaining('removed from the inventory') };

describe('what waits for a device', () => {
  it('is cancelled once the inventory has it no more; what is under way its runner ends', async () => {
    await using nats = await natsForTest();
    const { store } = nats;
    await using folder = await makeFolder(['leaf1', 'leaf2', 'leaf3']);
    const { watcher } = watchStore(store, await openFilesIn(folder.folder));
    await using _watcher = watcher;
    await watcher.ready;
    const waiting = [await queued(store, 'leaf2'), await queued(store, 'leaf3')];
    const left = [await queued(store, 'leaf1'), await taken(store, 'leaf3', 'checking')];
    await folder.write('inventory.yml', inventoryOf(['leaf1', 'renamed']));
    await eventually(async () => expect(await entryOf(store, 'leaf2')).toBeUndefined());
    await eventually(async () => expect(await entryOf(store, 'leaf3')).toBeUndefined());
    expect(await outcomes(store, waiting)).toEqual([
      expect.objectContaining(cancelled),
      expect.objectContaining(cancelled),
    ]);
    expect(await outcomes(store, left)).toEqual([undefined, undefined]);
  });

  it('is cancelled where the device was removed while no watcher was up, an approval that is waited for as well', async () => {
    await using nats = await natsForTest();
    const { store } = nats;
    await using folder = await makeFolder(['leaf1', 'leaf2']);
    const first = watchStore(store, await openFilesIn(folder.folder));
    await first.watcher.ready;
    await first.watcher[Symbol.asyncDispose]();
    const waiting = [await queued(store, 'leaf2'), await taken(store, 'leaf2', 'awaiting')];
    await folder.write('inventory.yml', inventoryOf(['leaf1']));
    const second = watchStore(store, await openFilesIn(folder.folder));
    await using _watcher = second.watcher;
    await second.watcher.ready;
    expect(await outcomes(store, waiting)).toEqual([
      expect.objectContaining(cancelled),
      expect.objectContaining(cancelled),
    ]);
  });
});
