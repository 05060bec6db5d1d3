import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Job } from '../../../../core/bus.ts';
import { ask } from '../../../../core/store/ask.ts';
import { publishIntent } from '../../../../core/store/intents.ts';
import { listJobs, newJob, putJob } from '../../../../core/store/jobs.ts';
import { sha256 } from '../../../../core/store/payload.ts';
import type { Store } from '../../../../core/store/store.ts';
import { FakeDevice, heard, peer } from '../../../fake-device.ts';
import { natsForTest } from '../../../nats.ts';
import { jobAt, runnerForTest, stateWhen } from '../../../runner.ts';
import { config, makeFolder, openFilesIn, published, watchStore } from '../../watcher/site.ts';

const source = config('leaf1');
const byHand = config('leaf1', 'by hand');

/** A session whose counters stand still: what is checked is never proven, and stays a trial. */
const unproven = () => ({ global: { router_id: null, peers: { '192.0.2.1': peer() } } });

/** A real watcher on a folder, a real runner, and a device that runs what the source holds. */
const site = async () => {
  const nats = await natsForTest();
  const folder = await makeFolder();
  const device = new FakeDevice(config('leaf1', 'before'));
  const { watcher } = watchStore(nats.store, await openFilesIn(folder.folder));
  const runner = await runnerForTest(nats.store, device);
  await stateWhen(nats.store, ({ sync }) => sync === 'in_sync');
  return {
    ...nats,
    folder,
    device,
    [Symbol.asyncDispose]: async () => {
      await runner[Symbol.asyncDispose]();
      await watcher[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
      await nats[Symbol.asyncDispose]();
    },
  };
};

const say = (store: Store, verb: 'cancel' | 'rollback' | 'resume' | 'retry', request = {}, author = 'ann') =>
  ask(store, 'leaf1', verb, request as { job: string }, { author });

const byHandJob = async (store: Store, text: string): Promise<string> => {
  const job = newJob('leaf1', 'deploy');
  await putJob(store, job);
  await publishIntent(store, 'leaf1', text, { job: job.id });
  return job.id;
};

const rollback = async (store: Store): Promise<Job> => {
  const { job } = (await say(store, 'rollback')) as { job: string };
  return jobAt(store, job);
};

describe('a text that was cancelled while it was checked', () => {
  it('does not come back by a rollback and a resume, which mean the source', async () => {
    await using all = await site();
    const { store, device } = all;
    device.bgp = unproven;
    const job = await byHandJob(store, byHand);
    await jobAt(store, job, 'checking');
    expect(device.running).toBe(byHand);
    await say(store, 'cancel', { job });
    const cancelled = await jobAt(store, job);
    expect(cancelled.outcome).toMatchObject({ kind: 'failed', code: 'cancelled' });
    expect(cancelled.said).toMatchObject([{ did: 'cancel', by: 'ann', sha256: sha256(byHand) }]);
    device.bgp = heard('192.0.2.1');
    await stateWhen(store, ({ sync, intent }) => sync === 'in_sync' && intent?.generation.sha256 === sha256(source));
    expect(await published(store, 'leaf1')).toBe(source); // the watcher's answer to a hand text that is taken back
    const back = await rollback(store);
    expect(back).toMatchObject({ outcome: { kind: 'applied' }, said: [{ did: 'rollback', by: 'ann' }] });
    expect(device.running).toBe(config('leaf1', 'before'));
    const held = await stateWhen(store, ({ sync }) => sync === 'out_of_sync');
    expect(held.reason).toContain(`rolled back by job ${back.id} (ann); \`plumb resume leaf1\` deploys it again`);
    await say(store, 'resume', {}, 'bob');
    const resumed = await stateWhen(store, ({ sync }) => sync === 'in_sync');
    expect(device.running).toBe(source);
    expect(device.commits.map(({ sha256 }) => sha256).filter((text) => text === sha256(byHand))).toHaveLength(1);
    expect((await jobAt(store, resumed.lastJob ?? '')).said).toMatchObject([{ did: 'resume', by: 'bob' }]);
    expect(resumed.blocked).toMatchObject([{ sha256: sha256(byHand), why: 'cancelled', by: 'ann', job }]);
  });

  it('stays taken back when the same bytes arrive again, until someone names it', async () => {
    await using all = await site();
    const { store, device } = all;
    device.bgp = unproven;
    const first = await byHandJob(store, byHand);
    await jobAt(store, first, 'checking');
    await say(store, 'cancel', { job: first });
    await jobAt(store, first);
    device.bgp = heard('192.0.2.1');
    await stateWhen(store, ({ sync }) => sync === 'in_sync');
    const again = await jobAt(store, await byHandJob(store, byHand));
    expect(again.outcome).toMatchObject({ code: 'conflict', detail: expect.stringContaining('plumb retry leaf1') });
    expect(device.running).toBe(source);
    await writeFile(all.folder.configPath('leaf1'), byHand); // even where it is the source that brings it
    await stateWhen(
      store,
      ({ intent, reason }) => intent?.source !== undefined && reason.includes('plumb resume leaf1'),
    );
    await say(store, 'resume');
    await stateWhen(store, ({ sync }) => sync === 'in_sync');
    expect(device.running).toBe(byHand);
  });
});

describe('a job that nobody has begun', () => {
  it('is cancelled with its text, and the text is not begun later', async () => {
    await using all = await site();
    const { store, device } = all;
    device.bgp = unproven;
    const first = await byHandJob(store, byHand);
    await jobAt(store, first, 'checking');
    const queued = await byHandJob(store, config('leaf1', 'queued'));
    await say(store, 'cancel', { job: queued });
    expect((await jobAt(store, queued)).outcome).toMatchObject({ code: 'cancelled' });
    await say(store, 'cancel', { job: first });
    device.bgp = heard('192.0.2.1');
    await stateWhen(store, ({ sync }) => sync === 'in_sync');
    expect(device.running).toBe(source);
    expect(device.commits.some(({ job }) => job === queued)).toBe(false);
  });
});

describe('what a publisher by hand says of itself', () => {
  it('is marked as a claim, and what the source says is not', async () => {
    await using all = await site();
    const { store } = all;
    const job = newJob('leaf1', 'deploy');
    await publishIntent(store, 'leaf1', byHand, { job: job.id, author: 'the boss', commit: 'abc123' });
    expect(await jobAt(store, job.id)).toMatchObject({ author: 'the boss', claimed: true });
    const { applied } = await stateWhen(store, ({ hand }) => hand !== null);
    expect(applied).toMatchObject({ commit: 'abc123', claimed: true });
    await say(store, 'resume');
    await stateWhen(store, ({ sync }) => sync === 'in_sync');
    const { jobs } = await listJobs(store, { devices: ['leaf1'], kind: 'deploy' });
    expect(jobs.filter(({ claimed }) => claimed).map(({ id }) => id)).toEqual([job.id]);
  });
});

describe('the last change of a device', () => {
  it('is told of deployments and of what was changed by hand, not of texts that were already right', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(source);
    await using _runner = await runnerForTest(nats.store, device);
    await publishIntent(nats.store, 'leaf1', source, { fromSource: true });
    const right = await stateWhen(nats.store, ({ sync }) => sync === 'in_sync');
    expect(right.changed).toMatchObject({ at: null });
    await publishIntent(nats.store, 'leaf1', byHand, { fromSource: true });
    const deployed = await stateWhen(nats.store, ({ changed }) => changed?.at != null);
    device.running = `${byHand}! drift\n`;
    const drifted = await stateWhen(nats.store, ({ changed }) => changed?.at !== deployed.changed?.at);
    expect((drifted.changed?.at ?? '') > (deployed.changed?.at ?? '')).toBe(true);
  });
});

describe('a rollback that fails', () => {
  it('takes nothing back', async () => {
    await using all = await site();
    const { store, device } = all;
    device.bgp = () => ({
      global: { router_id: null, peers: { '192.0.2.1': peer({ is_up: device.running === source }) } },
    });
    const { job } = (await say(store, 'rollback')) as { job: string };
    await jobAt(store, job, 'checking');
    await stateWhen(store, ({ blocked }) => blocked.length === 1);
    await say(store, 'cancel', { job });
    expect((await jobAt(store, job)).outcome).toMatchObject({ code: 'cancelled' });
    expect((await stateWhen(store, ({ sync }) => sync === 'in_sync')).blocked).toEqual([]);
    expect(device.running).toBe(source);
  });
});

describe('resume', () => {
  it('says what to do where the source holds nothing', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(source);
    await using _runner = await runnerForTest(nats.store, device);
    await publishIntent(nats.store, 'leaf1', byHand, {});
    await stateWhen(nats.store, ({ sync }) => sync === 'in_sync');
    await expect(say(nats.store, 'resume')).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('plumb retry leaf1'),
    });
  });
});
