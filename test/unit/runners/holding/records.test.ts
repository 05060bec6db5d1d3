import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DeviceState, type Job } from '../../../../core/bus.ts';
import { PlumbError } from '../../../../core/errors.ts';
import { watchJob } from '../../../../core/store/job-watch.ts';
import { endUntaken, getStoredJob, newJob, putJob } from '../../../../core/store/jobs.ts';
import { getRecord } from '../../../../core/store/records.ts';
import { StateKeeper } from '../../../../runners/holding/device-state.ts';
import { JobRecord } from '../../../../runners/holding/job-record.ts';
import { leaseForTest } from '../../../lease.ts';
import { natsForTest } from '../../../nats.ts';

const log = pino({ level: 'silent' });
const applied = { kind: 'applied' } as const;
const failed = { kind: 'failed', code: 'commit_failed', detail: 'gone' } as const;

describe('the record of a job', () => {
  let nats: Awaited<ReturnType<typeof natsForTest>>;
  beforeAll(async () => {
    nats = await natsForTest();
  });
  afterAll(() => nats[Symbol.asyncDispose]());

  const stored = (id: string) => getStoredJob(nats.store, id, 'leaf1');
  /** A job that runner `a` has begun under epoch 5, and its lease. */
  const begun = async () => {
    const lease = leaseForTest('leaf1', 'a', 5);
    const record = new JobRecord({ store: nats.store, log, lease }, newJob('leaf1', 'deploy'));
    record.step('checking');
    await expect.poll(() => stored(record.job.id)).toMatchObject({ job: { state: 'checking' } });
    return { lease, record, id: record.job.id };
  };
  const takenOver = async (id: string, epoch = 6) => {
    const { job, seq } = await stored(id);
    const lease = leaseForTest('leaf1', 'b', epoch);
    const record = new JobRecord({ store: nats.store, log, lease }, job ?? newJob('leaf1', 'deploy', id), seq);
    await record.finish(applied);
    return record;
  };

  it('is not written any more once the lease has lapsed, whoever holds the device', async () => {
    const { lease, record, id } = await begun();
    const before = await stored(id);
    lease.lapse();
    record.warn('a last word');
    await record.finish(failed);
    expect(await stored(id)).toEqual(before);
  });

  it.each([
    ['ends', (record: JobRecord) => record.finish(applied)],
    ['is followed', async (record: JobRecord) => record.step('checking')],
  ])('has no step that %s before it began, where a successor has a clock that is behind', async (_, goOn) => {
    const startedAt = new Date(Date.now() + 3_600_000).toISOString();
    const job: Job = { ...newJob('leaf1', 'deploy'), steps: [{ step: 'committing', startedAt }] };
    const record = new JobRecord({ store: nats.store, log, lease: leaseForTest('leaf1', 'b', 6) }, job);
    await goOn(record);
    expect(record.job.steps[0]).toMatchObject({ startedAt, endedAt: startedAt });
  });

  it('says who took it over, from whom, at which step, and under which epochs', async () => {
    const { id } = await begun();
    await takenOver(id);
    expect((await stored(id)).job).toMatchObject({
      outcome: applied,
      runner: 'b',
      epoch: 6,
      takeovers: [{ step: 'checking', from: 'a', fromEpoch: 5, by: 'b', epoch: 6 }],
    });
  });

  it.each([6, 5])('is not written over one of epoch %i by another runner, and the lease is given up', async (epoch) => {
    const { lease, record, id } = await begun();
    await takenOver(id, epoch);
    const before = await stored(id);
    await record.finish(failed); // its lease has not lapsed yet: only what is stored tells
    expect(await stored(id)).toEqual(before);
    expect([lease.signal.aborted, lease.lostTo]).toEqual([true, epoch]);
  });

  it('replaces one of an older epoch, which a restored store brought back', async () => {
    const { record: older, id } = await begun();
    const record = await takenOver(id);
    const { seq } = await stored(id);
    await putJob(nats.store, older.job, seq);
    await record.finish(applied);
    expect((await stored(id)).job).toMatchObject({ outcome: applied, epoch: 6 });
  });

  it('is written anew where the stream was deleted', async () => {
    const { record, id } = await begun();
    await nats.store.jsm.streams.delete('dc1-jobs');
    await nats.store.ensure();
    await record.finish(applied);
    expect((await stored(id)).job).toMatchObject({ outcome: applied, epoch: 5 });
  });

  it('is ended by whoever asked only as long as no runner has begun it', async () => {
    const { id } = await begun();
    const error = new PlumbError('no_runner', 'leaf1: no runner holds it');
    await endUntaken(nats.store, { id, device: 'leaf1' }, error);
    expect((await stored(id)).job).toMatchObject({ state: 'checking' });
    const waiting = newJob('leaf1', 'bgp');
    await putJob(nats.store, waiting);
    await endUntaken(nats.store, waiting, error);
    expect((await stored(waiting.id)).job).toMatchObject({ state: 'finished', outcome: { code: 'no_runner' } });
  });

  it('is shown to those who follow it as it is stored, not as somebody tried to write it', async () => {
    const { record, id } = await begun();
    const shown: unknown[] = [];
    const followed = (async () => {
      for await (const { outcome, warnings } of watchJob(nats.store, id, AbortSignal.timeout(10_000), 'leaf1'))
        shown.push(outcome ?? warnings);
    })();
    await expect.poll(() => shown).toEqual([[]]);
    const { seq } = await stored(id);
    record.warn('it goes on');
    await expect.poll(() => shown).toEqual([[], ['it goes on']]);
    const late = { ...record.job, state: 'finished' as const, outcome: failed };
    await expect(putJob(nats.store, late, seq)).rejects.toMatchObject({ code: 'conflict' });
    await record.finish(applied);
    await followed;
    expect(shown).toEqual([[], ['it goes on'], applied]);
  });
});

describe('the record of a device', () => {
  it('is not written any more once the lease has lapsed', async () => {
    await using nats = await natsForTest();
    const lease = leaseForTest('leaf1', 'a', 5);
    const state = await StateKeeper.open(nats.store, lease);
    const before = await getRecord(nats.store.state, DeviceState, 'leaf1');
    lease.lapse();
    await expect(state.update({ reason: 'a last word' })).rejects.toMatchObject({ code: 'lease_lost' });
    expect(await getRecord(nats.store.state, DeviceState, 'leaf1')).toEqual(before);
  });

  it.each([6, 5])('is not written over one of epoch %i by another runner, and the lease is given up', async (epoch) => {
    await using nats = await natsForTest();
    const lease = leaseForTest('leaf1', 'a', 5);
    const state = await StateKeeper.open(nats.store, lease);
    const found = await getRecord(nats.store.state, DeviceState, 'leaf1');
    await nats.store.state.put('leaf1', JSON.stringify({ ...found?.value, runner: 'b', epoch, reason: 'mine' }));
    await expect(state.update({ reason: 'a last word' })).rejects.toMatchObject({ code: 'lease_lost' });
    expect((await getRecord(nats.store.state, DeviceState, 'leaf1'))?.value).toMatchObject({ epoch, reason: 'mine' });
    expect([lease.signal.aborted, lease.lostTo]).toEqual([true, epoch]);
  });
});
