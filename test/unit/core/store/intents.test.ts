import { describe, expect, it } from 'vitest';
import { fetchIntent, followHeads, publishIntent } from '../../../../core/store/intents.ts';
import { watchJob } from '../../../../core/store/job-watch.ts';
import { getJob, listJobs, newJob } from '../../../../core/store/jobs.ts';
import { natsForTest } from '../../../nats.ts';
import { storeJob } from '../../../stored.ts';

describe('an intent on the bus', () => {
  it('comes back as published, with its generation and headers', async () => {
    await using nats = await natsForTest();
    const { sha256 } = await publishIntent(nats.store, 'leaf1', 'hostname leaf1\n', {
      commit: 'abc',
      fromSource: true,
    });
    const intent = await fetchIntent(nats.store, 'leaf1');
    expect(Buffer.from(intent?.body ?? []).toString()).toBe('hostname leaf1\n');
    expect(intent).toMatchObject({ generation: { sha256 }, meta: { commit: 'abc', fromSource: true } });
    expect(intent?.generation.at).toMatch(/^\d{4}-.*\.\d{9}Z$/);
  });

  it('may be larger than the server takes in one message', async () => {
    await using nats = await natsForTest();
    const noise = Array.from({ length: 200_000 }, () => Math.random().toString(36)).join('\n');
    await publishIntent(nats.store, 'leaf1', noise, {});
    const intent = await fetchIntent(nats.store, 'leaf1');
    expect(Buffer.from(intent?.body ?? []).toString()).toBe(noise);
  });

  it('is not overwritten by a publisher that did not see it', async () => {
    await using nats = await natsForTest();
    const first = await publishIntent(nats.store, 'leaf1', 'a', {}, 0);
    await expect(publishIntent(nats.store, 'leaf1', 'b', {}, 0)).rejects.toMatchObject({ code: 'conflict' });
    await publishIntent(nats.store, 'leaf1', 'b', {}, first.seq);
  });

  it('shows as a head once it is stored, and not where it was refused', async () => {
    await using nats = await natsForTest();
    const stop = new AbortController();
    const heads = followHeads(nats.store, stop.signal, (device) => device !== 'leaf9');
    expect((await heads.next()).value).toBeUndefined();
    const { seq } = await publishIntent(nats.store, 'leaf1', 'old', { author: 'ann' }, 0);
    await expect(publishIntent(nats.store, 'leaf1', 'no', { author: 'bob' }, 0)).rejects.toThrow();
    nats.store.nc.publish('dc1.leaf9.configure', 'of no interest');
    nats.store.nc.publish('dc1.leaf2.configure', 'bare');
    const first = (await heads.next()).value;
    expect(first).toMatchObject({ device: 'leaf1', seq, meta: { author: 'ann' } });
    expect((await heads.next()).value).toMatchObject({ device: 'leaf2', meta: {} });
    const { generation } = (await fetchIntent(nats.store, 'leaf1')) ?? {};
    expect(first).toMatchObject({ at: generation?.at, stream: generation?.stream });
    stop.abort();
    expect(await heads.next()).toEqual({ done: true, value: undefined });
  });

  it('is no text that an answer of nats-server stands for', async () => {
    await using nats = await natsForTest();
    const reply = 'dc1.leaf1.configure';
    for (const [subject, body] of [
      ['$JS.API.STREAM.INFO.dc1-intent', ''],
      ['$JS.API.STREAM.MSG.GET.dc1-intent', '{"seq":1}'],
      ['$JS.API.STREAM.NAMES', ''],
      ['dc1.leaf2.configure', 'hostname leaf2'],
    ] as const) {
      const stored = nats.store.nc.subscribe('stored.dc1.configure.leaf1', { max: 1 });
      nats.store.nc.publish(subject, body, { reply });
      for await (const _ of stored) break;
      await expect(fetchIntent(nats.store, 'leaf1')).rejects.toMatchObject({ code: 'refused' });
    }
  });
});

describe('a job record', () => {
  it('is found by its id alone, listed newest first, and watched to its end', async () => {
    await using nats = await natsForTest();
    const older = newJob('leaf1', 'deploy');
    await storeJob(nats.store, older);
    await new Promise((resolve) => setTimeout(resolve, 2)); // a later millisecond, a greater id
    const newer = newJob('leaf2', 'bgp');
    await storeJob(nats.store, newer);
    expect(await getJob(nats.store, newer.id)).toEqual(newer);
    expect((await listJobs(nats.store)).jobs.map((job) => job.id)).toEqual([newer.id, older.id]);
    const page = await listJobs(nats.store, { limit: 1 });
    expect((await listJobs(nats.store, { limit: 1, cursor: page.cursor ?? '' })).jobs[0]?.id).toBe(older.id);
    const states: string[] = [];
    for await (const job of watchJob(nats.store, older.id, AbortSignal.timeout(60_000))) {
      states.push(job.state);
      if (states.length === 1)
        await storeJob(nats.store, { ...older, state: 'finished', updatedAt: new Date().toISOString() });
    }
    expect(states).toEqual(['queued', 'finished']);
  });
});
