import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Job } from '../../../../core/bus.ts';
import { fetchIntent, publishIntent } from '../../../../core/store/intents.ts';
import { getJob, listJobs, newJob, putJob } from '../../../../core/store/jobs.ts';
import { jobOfIntent, publishUnder } from '../../../../core/store/publish.ts';
import type { Store } from '../../../../core/store/store.ts';
import { FakeDevice } from '../../../fake-device.ts';
import { natsForTest } from '../../../nats.ts';
import { jobAt, runnerForTest, stateWhen } from '../../../runner.ts';
import { storedEarlier } from '../../../stored.ts';
import { change, config, eventually, makeRepository, openGitIn, published, watchStore } from '../../watcher/site.ts';

afterEach(() => void vi.useRealTimers());

const text = (note: string) => config('leaf1', note);

const publish = async (store: Store, note: string, job = newJob('leaf1', 'deploy')): Promise<Job> => {
  await publishUnder(store, job, text(note), { fromSource: true });
  return job;
};

/** Publishes as anyone's client does. @returns the job that the message gets */
const publishBare = async (store: Store, note: string): Promise<string> => {
  await store.js.publish('dc1.leaf1.configure', text(note));
  const intent = await fetchIntent(store, 'leaf1');
  return intent ? jobOfIntent(intent) : '';
};

const superseded = (by: string) => ({
  state: 'finished',
  outcome: { kind: 'failed', code: 'superseded' },
  supersededBy: by,
});

const deployed = async (store: Store) => {
  const device = new FakeDevice(text('old'));
  const runner = await runnerForTest(store, device);
  await stateWhen(store, ({ sync }) => sync === 'in_sync');
  return { device, [Symbol.asyncDispose]: () => runner[Symbol.asyncDispose]() };
};

const deployedOnce = async (store: Store, job?: Job): Promise<string> => {
  await publish(store, 'applied', job);
  await using _first = await deployed(store);
  return (await stateWhen(store, ({ applied }) => applied !== null)).applied?.job ?? '';
};

describe('a text that was published while no runner was there', () => {
  it('of each commit ends in a record, which names the one that took its place', async () => {
    await using nats = await natsForTest();
    await using folder = await makeRepository(['leaf1']);
    const { watcher } = watchStore(nats.store, await openGitIn(folder.folder));
    await watcher.ready;
    for (const note of ['two', 'three', 'four']) {
      await change(folder, note);
      await eventually(async () => expect(await published(nats.store, 'leaf1')).toBe(text(note)));
    }
    await using _deployed = await deployed(nats.store);
    const { jobs } = await listJobs(nats.store, { kind: 'deploy' });
    const [newest, ...skipped] = jobs;
    expect(newest).toMatchObject({ outcome: { kind: 'applied' }, author: 'Ann <ann@example.net>' });
    expect(skipped).toHaveLength(3);
    for (const job of skipped) expect(job).toMatchObject(superseded(newest?.id ?? ''));
    expect(new Set(jobs.map(({ commit }) => commit)).size).toBe(4);
    await watcher[Symbol.asyncDispose]();
  });

  it('ends in a record however many there were', async () => {
    await using nats = await natsForTest();
    const jobs: Job[] = [];
    for (let count = 0; count < 120; count++) jobs.push(await publish(nats.store, `${count}`));
    await using _deployed = await deployed(nats.store);
    const last = jobs.pop()?.id ?? '';
    for (const { id } of jobs) expect(await getJob(nats.store, id)).toMatchObject(superseded(last));
  });

  it("by anyone's client ends in a record, too, where another text came after it", async () => {
    await using nats = await natsForTest();
    await deployedOnce(nats.store);
    const bare = await publishBare(nats.store, 'bare');
    const last = await publish(nats.store, 'last');
    await using _after = await deployed(nats.store);
    await jobAt(nats.store, last.id);
    expect(await getJob(nats.store, bare)).toMatchObject(superseded(last.id));
  });

  it.each([
    ['', 0],
    [", as the publisher's clock was ahead", 60_000],
  ])('is not reported where its record is lost and it may have been deployed%s', async (_, aheadMs) => {
    await using nats = await natsForTest();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + aheadMs });
    const job = newJob('leaf1', 'deploy');
    vi.useRealTimers();
    const before = await deployedOnce(nats.store, job);
    await nats.store.jsm.streams.delete('dc1-jobs');
    await nats.store.ensure();
    await publish(nats.store, 'last');
    await using _after = await deployed(nats.store);
    await stateWhen(nats.store, ({ applied }) => applied?.job !== before);
    expect((await listJobs(nats.store, { kind: 'deploy' })).jobs).toHaveLength(1);
  });

  it('of a publisher that died before it could publish ends as well', async () => {
    await using nats = await natsForTest();
    const lost = newJob('leaf1', 'deploy');
    await putJob(nats.store, lost);
    storedEarlier(nats.store, lost.id, 60_000);
    const last = await publish(nats.store, 'last');
    await using _deployed = await deployed(nats.store);
    expect(await jobAt(nats.store, lost.id)).toMatchObject(superseded(last.id));
  });
});

describe('a text that a runner hears of and does not come to', () => {
  it("ends in a record, whoever's client published it", async () => {
    await using nats = await natsForTest();
    await publishIntent(nats.store, 'leaf1', text('old'), { fromSource: true });
    await using all = await deployed(nats.store);
    const { device } = all;
    let goOn = () => {};
    const gate = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    let reached = () => {};
    const loading = new Promise<void>((resolve) => {
      reached = resolve;
    });
    device.on = async (operation) => {
      if (operation !== 'diff') return;
      reached();
      await gate;
    };
    const first = await publishBare(nats.store, 'one');
    await loading;
    const second = await publishBare(nats.store, 'two');
    const third = await publishBare(nats.store, 'three');
    await nats.store.nc.flush();
    goOn();
    expect(await jobAt(nats.store, third)).toMatchObject({ outcome: { kind: 'applied' } });
    expect(await jobAt(nats.store, first)).toMatchObject({ outcome: { code: 'superseded' } });
    expect(await jobAt(nats.store, second)).toMatchObject(superseded(third));
    expect((await listJobs(nats.store, { kind: 'deploy' })).jobs).toHaveLength(4);
  });
});
