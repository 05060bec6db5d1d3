import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Feed } from '../../../api/events/feed.ts';
import { Listener } from '../../../api/events/listener.ts';
import { openBus } from '../../../api/http/reach.ts';
import { openViews } from '../../../api/views/views.ts';
import { newJob } from '../../../core/store/jobs.ts';
import { putRecord } from '../../../core/store/records.ts';
import type { Store } from '../../../core/store/store.ts';
import { storeJob } from '../../stored.ts';
import { apiForTest, appForTest, entry, type Harness, type Keeps, keepForTest, key, stateOf } from './harness.ts';

type Heard = { event: string; id: string | undefined; data: Record<string, unknown> };

let api: Harness;
let keeps: Keeps;
let url: string;

beforeAll(async () => {
  api = await apiForTest();
  url = await api.app.listen({ host: '127.0.0.1', port: 0 });
  keeps = await keepForTest(api.store, 'r', ['leaf1', 'leaf2']);
  for (const device of ['leaf1', 'leaf2']) await putRecord(api.store.state, device, stateOf(device));
});
afterAll(async () => {
  await keeps[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});

const parse = (block: string): Heard => {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
  return { event: field('event') ?? '', id: field('id'), data: JSON.parse(field('data') ?? '{}') };
};

/** Listens until the end of the scope. `next` gives one event after the other, comments left out. */
const listen = async (more: { query?: string; lastId?: string; secret?: string; at?: string } = {}) => {
  const stop = new AbortController();
  const { query = '', lastId, secret = key, at = url } = more;
  const headers = { authorization: `Bearer ${secret}`, ...(lastId ? { 'last-event-id': lastId } : {}) };
  const reply = await fetch(`${at}/api/v1/events${query}`, { headers, signal: stop.signal });
  const blocks = (async function* () {
    let waiting = '';
    for await (const chunk of reply.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const all = `${waiting}${chunk}`.split('\n\n');
      waiting = all.pop() ?? '';
      for (const block of all) if (block.startsWith('event:')) yield parse(block);
    }
  })();
  return {
    reply,
    next: async (): Promise<Heard> => {
      const { value } = await blocks.next();
      if (value) return value;
      throw new Error('the connection ended');
    },
    [Symbol.asyncDispose]: async () => stop.abort(),
  };
};

const told = ({ event, data }: Heard) => [event, data.device, data.id ?? data.job].filter(Boolean).join(' ');

describe('who listens to events', () => {
  it('is told of devices and jobs that change, and of those that go', async () => {
    await using heard = await listen();
    expect(heard.reply.headers.get('content-type')).toMatch('text/event-stream');
    expect((await heard.next()).event).toBe('start');
    await putRecord(api.store.state, 'leaf1', stateOf('leaf1', { sync: 'out_of_sync', reason: 'drift' }));
    const changed = await heard.next();
    expect(changed).toMatchObject({ event: 'device', data: { device: 'leaf1', sync: 'out_of_sync', reason: 'drift' } });
    expect({ ...changed.data, ageSeconds: 5 }).toEqual({
      ...(await api.call('GET', '/api/v1/devices/leaf1')).json(),
      ageSeconds: 5,
    });
    const job = { ...newJob('leaf2', 'deploy'), diff: '+x\n' };
    await storeJob(api.store, job);
    const begun = await heard.next();
    expect(begun).toMatchObject({ event: 'job', data: { id: job.id, state: 'queued' } });
    expect(begun.data).not.toHaveProperty('diff');
    await putRecord(api.store.inventory, 'spine1', entry('spine1'));
    expect(told(await heard.next())).toBe('device spine1');
    await api.store.inventory.delete('spine1');
    expect(told(await heard.next())).toBe('removed spine1');
    await api.store.lease.delete('leaf2');
    expect((await heard.next()).data).toMatchObject({ device: 'leaf2', sync: 'unknown' });
    await keeps.take('leaf2');
    expect((await heard.next()).data).toMatchObject({ device: 'leaf2', sync: 'in_sync' });
  });

  it('goes on where it was, also at an instance that was started since', async () => {
    let lastId: string | undefined;
    {
      await using heard = await listen();
      lastId = (await heard.next()).id;
    }
    await putRecord(api.store.state, 'leaf2', stateOf('leaf2', { reason: 'meanwhile' }));
    const job = newJob('leaf1', 'bgp');
    await storeJob(api.store, job);
    await putRecord(api.store.inventory, 'gone1', entry('gone1'));
    await api.store.inventory.delete('gone1');
    const other = await appForTest(api.store);
    const at = await other.listen({ host: '127.0.0.1', port: 0 });
    {
      await using heard = await listen({ at, lastId: lastId ?? '' });
      const missed = [await heard.next(), await heard.next(), await heard.next(), await heard.next()];
      expect(missed.map(told).sort()).toEqual(['device leaf2', `job leaf1 ${job.id}`, 'removed gone1', 'start']);
      expect(missed.slice(0, 2).map(({ id }) => id)).toEqual([lastId, lastId]); // broken off there, it would go on from before
      await using same = await listen({ at, query: `?after=${missed[3]?.id}` });
      expect((await same.next()).event).toBe('start');
    }
    await other.close();
  });

  it('is told to load anew where nobody knows what it missed', async () => {
    for (const lastId of ['0', 'deadbeef-1-1-1', `${'9'.repeat(8)}-99-99-99`]) {
      await using heard = await listen({ lastId });
      expect(await heard.next()).toMatchObject({ event: 'reset', id: expect.any(String), data: { reason: /./ } });
    }
  });

  it('hears of the devices alone that it picks, and may see', async () => {
    await using picked = await listen({ query: '?select=leaf2' });
    const narrow = await api.as({ role: 'viewer', on: 'leaf2' });
    expect((await narrow('GET', '/api/v1/events?select=leaf1')).json()).toMatchObject({ code: 'unknown_device' });
    await picked.next();
    await putRecord(api.store.state, 'leaf1', stateOf('leaf1', { reason: 'not for you' }));
    await storeJob(api.store, newJob('leaf1', 'bgp'));
    await putRecord(api.store.state, 'leaf2', stateOf('leaf2', { reason: 'for you' }));
    expect((await picked.next()).data).toMatchObject({ device: 'leaf2', reason: 'for you' });
    await putRecord(api.store.inventory, 'leaf2', entry('leaf2'));
    expect(told(await picked.next())).toBe('device leaf2');
  });

  it('is told of a device that it picks no more', async () => {
    await putRecord(api.store.inventory, 'leaf9', { ...entry('leaf9'), labels: { rack: ['7'] } });
    await using picked = await listen({ query: '?select=rack%3D7' });
    await picked.next();
    await putRecord(api.store.inventory, 'leaf9', { ...entry('leaf9'), labels: { rack: ['8'] } });
    while (told(await picked.next()) !== 'removed leaf9');
    await api.store.inventory.delete('leaf9');
  });

  it('is refused a selector that picks nothing, and without a key', async () => {
    const reply = await api.call('GET', '/api/v1/events?select=nope');
    expect(reply.json()).toMatchObject({ code: 'unknown_device' });
    await using nobody = await listen({ secret: 'x'.repeat(40) });
    expect(nobody.reply.status).toBe(401);
  });

  it('is dropped where it does not read', () => {
    const listener = new Listener(undefined, []);
    for (let sent = 0; sent < 10; sent += 1) listener.send('x'.repeat(100_000));
    expect(listener.stream.destroyed).toBe(false);
    listener.send('x'.repeat(100_000));
    expect(listener.stream.destroyed).toBe(true);
    listener.send('and no more of it');
  });

  it('is told when it ends', async () => {
    const other = await appForTest(api.store);
    const at = await other.listen({ host: '127.0.0.1', port: 0 });
    await using heard = await listen({ at });
    await heard.next();
    await other.close();
    await expect(heard.next()).rejects.toThrow('the connection ended');
  });
});

describe('a feed of events', () => {
  const feedFor = async (store: Store) => {
    const stop = new AbortController();
    const views = await openViews(store, openBus(store), stop.signal, { pulseMs: 50 });
    const feed = new Feed(views, stop.signal, 20);
    const chunks: string[] = [];
    const listener = feed.join({ wants: undefined, after: undefined });
    listener.stream.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
    return { text: () => chunks.join(''), stop };
  };

  it('says from time to time that it stands', async () => {
    const { text, stop } = await feedFor(api.store);
    await expect.poll(() => text().match(/^: \d{4}-/gm)?.length ?? 0, { interval: 10 }).toBeGreaterThan(2);
    stop.abort();
  });

  it('says that all is to be loaded anew when a stream was deleted', async () => {
    await using own = await apiForTest();
    const { text, stop } = await feedFor(own.store);
    await own.store.jsm.streams.delete('dc1-jobs');
    await expect.poll(text).toMatch('event: reset');
    stop.abort();
  });
});
