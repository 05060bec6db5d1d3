import { describe, expect, it } from 'vitest';
import type { Job } from '../../../../core/bus.ts';
import { ask } from '../../../../core/store/ask.ts';
import { getStoredJob, listJobs, putJob } from '../../../../core/store/jobs.ts';
import { sha256 } from '../../../../core/store/payload.ts';
import { putRecord } from '../../../../core/store/records.ts';
import type { Store } from '../../../../core/store/store.ts';
import { FakeDevice } from '../../../fake-device.ts';
import { natsForTest } from '../../../nats.ts';
import { deployForTest, jobAt, runnerForTest, stateWhen } from '../../../runner.ts';

const old = 'hostname leaf1\nold\n';
const wanted = 'hostname leaf1\nnew\n';
const manual = { approval: 'manual' } as const;

/** What the source says of the device. */
const source = (store: Store, text: string | undefined) =>
  putRecord(store.inventory, 'leaf1', {
    device: 'leaf1',
    host: 'leaf1',
    platform: 'generic',
    groups: [],
    policy: {},
    intended: text === undefined ? null : { sha256: sha256(text), path: 'leaf1.cfg' },
  });

/** A device whose diff waits, of a text that the source holds. */
const waiting = async () => {
  const nats = await natsForTest();
  const device = new FakeDevice(old);
  const runner = await runnerForTest(nats.store, device, manual);
  await source(nats.store, wanted);
  const { id } = await deployForTest(nats.store, wanted, {}, 'awaiting');
  await stateWhen(nats.store, ({ sync }) => sync === 'awaiting');
  return {
    ...nats,
    device,
    runner,
    id,
    [Symbol.asyncDispose]: async () => {
      await runner[Symbol.asyncDispose]();
      await nats[Symbol.asyncDispose]();
    },
  };
};

const dropped = {
  outcome: { kind: 'failed', code: 'superseded', detail: expect.stringContaining('the source dropped its text') },
};

describe.concurrent('a job that waits for an approval', () => {
  it('ends when the source drops its text, and the same text asks anew when it comes back', async () => {
    await using it = await waiting();
    await source(it.store, undefined);
    // whichever comes first: nobody's word may count for it
    const refused = { code: expect.stringMatching(/^(?:conflict|unknown_job)$/) };
    await expect(ask(it.store, 'leaf1', 'approve', { job: it.id })).rejects.toMatchObject(refused);
    expect(await jobAt(it.store, it.id)).toMatchObject(dropped);
    await source(it.store, wanted);
    await stateWhen(it.store, ({ sync, attempt }) => sync === 'awaiting' && attempt?.job !== it.id);
    expect(it.device.commits).toEqual([]);
  });

  it('ends likewise where nobody held the device when the source dropped it', async () => {
    await using it = await waiting();
    await it.runner[Symbol.asyncDispose]();
    await source(it.store, undefined);
    await using _second = await runnerForTest(it.store, it.device, manual);
    expect(await jobAt(it.store, it.id)).toMatchObject(dropped);
  });

  it('is not deployed on a word of long ago that nobody acted on', async () => {
    await using it = await waiting();
    await it.runner[Symbol.asyncDispose]();
    const { job, seq } = await getStoredJob(it.store, it.id, 'leaf1');
    const at = new Date(Date.now() - 10 * 60_000).toISOString();
    const word = { did: 'approve', by: 'ann', at, sha256: sha256(wanted), runningSha256: job?.runningSha256 ?? '' };
    await putJob(it.store, { ...(job as Job), said: [word as NonNullable<Job['said']>[number]] }, seq);
    await using _second = await runnerForTest(it.store, it.device, manual);
    const warned = async () => (await listJobs(it.store)).jobs.map(({ state, warnings }) => [state, warnings.join()]);
    const counts = [['awaiting', expect.stringContaining('the approval of ann')]];
    await expect.poll(warned, { timeout: 20_000, interval: 100 }).toEqual(counts);
    await ask(it.store, 'leaf1', 'approve', { job: it.id });
    expect((await jobAt(it.store, it.id)).outcome).toEqual({ kind: 'applied' });
    expect(it.device.commits).toHaveLength(1);
  });
});
