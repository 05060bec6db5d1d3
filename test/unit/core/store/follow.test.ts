import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { subjects } from '../../../../core/bus.ts';
import { follow, followBucket } from '../../../../core/store/follow.ts';
import type { Store } from '../../../../core/store/store.ts';
import { streamConfigs } from '../../../../core/store/streams.ts';
import { natsForTest, restartableNats } from '../../../nats.ts';

const pace = { pulseMs: 50, lookMs: 3_600_000 }; // so late that no test takes it for what it waits for

/** What is heard, a line each, and a wait for a line to come. */
const hear = (store: Store, what: 'state' | 'inventory' | 'lease') => {
  const stop = new AbortController();
  const lines: string[] = [];
  let woken = () => {};
  const heard = (async () => {
    for await (const news of followBucket(store, what, stop.signal, pace)) {
      lines.push(news.kind === 'look' ? 'look' : `${news.kind} ${news.key} ${Buffer.from(news.data)}`.trim());
      woken();
    }
  })();
  const until = async (line: string) => {
    while (!lines.includes(line)) {
      await new Promise<void>((resolve) => {
        woken = resolve;
      });
    }
    lines.splice(0, lines.indexOf(line) + 1);
  };
  const end = async () => {
    stop.abort();
    await heard;
  };
  return { lines, until, [Symbol.asyncDispose]: end };
};

describe('who follows a bucket', () => {
  it('is told to look afresh when its stream has another leader: what the last one stored it may have told nobody', async () => {
    await using nats = await natsForTest();
    let leader = 'n1';
    let asked = 0;
    const info: Store['jsm']['streams']['info'] = async (...which) => {
      asked += 1;
      return { ...(await nats.store.jsm.streams.info(...which)), cluster: { name: 'c', leader } };
    };
    const streams = Object.assign(Object.create(nats.store.jsm.streams), { info });
    const store = { ...nats.store, jsm: Object.assign(Object.create(nats.store.jsm), { streams }) };
    await using heard = hear(store, 'state');
    await heard.until('look');
    await expect.poll(() => asked, { timeout: 10_000 }).toBeGreaterThan(5); // it has begun: at first it looks more than once
    heard.lines.splice(0);
    leader = 'n2';
    await heard.until('look');
  });

  it('hears what it takes in, in order, and not what it refuses', async () => {
    await using nats = await natsForTest();
    await using heard = hear(nats.store, 'state');
    await heard.until('look');
    const { state } = nats.store;
    const revision = await state.create('leaf1', 'a');
    await expect(state.create('leaf1', 'b')).rejects.toThrow(/wrong last sequence/);
    await expect(state.update('leaf1', 'c', revision + 7)).rejects.toThrow(/wrong last sequence/);
    await state.update('leaf1', 'd', revision);
    await state.delete('leaf1');
    await heard.until('deleted leaf1');
    expect(heard.lines).toEqual([]);
  });

  it.each(['state', 'inventory', 'lease'] as const)(
    'is told to look afresh when the bucket of %s was deleted and made anew, and hears on',
    async (what) => {
      await using nats = await natsForTest();
      await nats.store[what].put('leaf1', 'before');
      await using heard = hear(nats.store, what);
      await heard.until('look');
      for (const round of ['one', 'two']) {
        await nats.store.jsm.streams.delete(`KV_dc1-${what}`);
        await nats.store.ensure();
        await heard.until('look');
        await nats.store[what].put('leaf1', round);
        await heard.until(`put leaf1 ${round}`);
      }
    },
  );

  it('is told so as well when the new one is filled before anybody has looked', async () => {
    await using nats = await natsForTest();
    for (let count = 0; count < 5; count++) await nats.store.state.put('leaf1', 'before');
    await using heard = hear(nats.store, 'state');
    await heard.until('look');
    await nats.store.state.put('leaf1', 'last');
    await heard.until('put leaf1 last');
    await nats.store.jsm.streams.delete('KV_dc1-state');
    await nats.store.ensure();
    for (let count = 0; count < 9; count++) await nats.store.state.put('leaf2', `${count}`);
    await heard.until('look');
    await nats.store.state.put('leaf2', 'after');
    await heard.until('put leaf2 after');
  });

  it('is told to look when it is gone, so that somebody makes it', async () => {
    await using nats = await natsForTest();
    await using heard = hear(nats.store, 'state');
    await heard.until('look');
    await nats.store.jsm.streams.delete('KV_dc1-state');
    await heard.until('look');
  });

  it('is told to look when NATS is back, with the store that it had or an older one', async () => {
    await using nats = await restartableNats();
    const { store, folder } = nats;
    const backup = join(folder, 'backup');
    const jetstream = join(folder, 'jetstream');
    await store.state.put('leaf1', 'old');
    await nats.stop();
    await cp(jetstream, backup, { recursive: true });
    await nats.start();
    await using heard = hear(store, 'state');
    await heard.until('look');
    await store.state.put('leaf1', 'new');
    await heard.until('put leaf1 new');
    await nats.stop();
    await nats.start();
    await heard.until('look');
    await nats.stop();
    await rm(jetstream, { recursive: true });
    await cp(backup, jetstream, { recursive: true });
    await nats.start();
    await heard.until('look');
    expect((await store.state.get('leaf1'))?.string()).toBe('old');
    await store.state.put('leaf1', 'newer');
    await heard.until('put leaf1 newer');
  });

  it('is told to look from time to time, whatever was heard', async () => {
    await using nats = await natsForTest();
    const told = subjects.stored('dc1', 'job', '>');
    let looks = 0;
    for await (const { kind } of follow(nats.store, 'dc1-jobs', told, AbortSignal.timeout(60_000), { lookMs: 20 })) {
      if (kind === 'look' && ++looks === 4) break;
    }
    expect(looks).toBe(4);
  });

  it('ends with the signal, and with the connection', async () => {
    await using nats = await natsForTest();
    const aborted = hear(nats.store, 'state');
    await aborted.until('look');
    await aborted[Symbol.asyncDispose]();
    const heard: string[] = [];
    for await (const { kind } of followBucket(nats.store, 'state', new AbortController().signal)) {
      heard.push(kind);
      void nats.store.nc.close();
    }
    expect(heard).toEqual(['look']);
  });
});

describe('what a stream tells', () => {
  it('goes where nobody else publishes: no stream of the site takes it in', () => {
    const told = streamConfigs('dc1').flatMap(({ republish }) => republish?.dest ?? []);
    expect(told).toEqual([
      'stored.dc1.configure.{{wildcard(1)}}',
      'stored.dc1.job.{{wildcard(1)}}.{{wildcard(2)}}',
      'stored.dc1.bgp.{{wildcard(1)}}.{{wildcard(2)}}',
      'stored.dc1.state.>',
      'stored.dc1.inventory.>',
      'stored.dc1.lease.>',
      'stored.dc1.audit',
    ]);
  });

  it('of intents are the headers alone: the texts hold passwords', async () => {
    await using nats = await natsForTest();
    const subscription = nats.store.nc.subscribe('stored.>', { max: 1 });
    nats.store.nc.publish('dc1.leaf1.configure', 'enable secret 0 hunter2\n');
    for await (const message of subscription) {
      expect(message.subject).toBe('stored.dc1.configure.leaf1');
      expect(message.data).toHaveLength(0);
      expect(message.headers?.toString()).not.toContain('hunter2');
    }
  });
});
