import { describe, expect, it } from 'vitest';
import { Lease } from '../../../../core/bus.ts';
import { Mirror } from '../../../../core/store/mirror/mirror.ts';
import { type Change, mirrorOf } from '../../../../core/store/mirror/mirrored.ts';
import { parseRecord, putRecord } from '../../../../core/store/records.ts';
import { connectNats } from '../../../../core/store/server/connect.ts';
import { openStore, type Store } from '../../../../core/store/store.ts';
import { natsForTest } from '../../../nats.ts';
import { tcpProxy } from '../../../tcp-proxy.ts';

const lease = (runner: string, epoch = 1): Lease => ({ runner, epoch });

/** The leases of a site, mirrored until the end of the scope. */
const mirrored = (store: Store, lookMs = 60_000) => {
  const stop = new AbortController();
  const changes: Change<Lease>[] = [];
  const parse = (data: Uint8Array) => parseRecord(Lease, data);
  const same = (one: Lease, other: Lease) => one.runner === other.runner && one.epoch === other.epoch;
  const mirror = new Mirror(store, mirrorOf(store.site, 'lease', { parse, same }), (change) => changes.push(change));
  const running = mirror.run(stop.signal, { pulseMs: 50, lookMs });
  return {
    mirror,
    changes,
    holders: () => Object.fromEntries([...mirror.values()].map(({ runner, epoch }) => [runner, epoch])),
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await running;
    },
  };
};

const within = { timeout: 20_000, interval: 20 };

describe('a mirror of a bucket', () => {
  it('holds what is there, what comes, and no more what goes', async () => {
    await using nats = await natsForTest();
    const { store } = nats;
    await putRecord(store.lease, 'leaf1', lease('one'));
    await using seen = mirrored(store);
    expect(seen.mirror.loaded).toBe(false);
    await expect.poll(seen.holders, within).toEqual({ one: 1 });
    expect(seen.mirror.ageMs).toBeLessThan(5_000);
    await putRecord(store.lease, 'leaf2', lease('two'));
    await expect.poll(seen.holders, within).toEqual({ one: 1, two: 1 });
    await putRecord(store.lease, 'leaf2', lease('two')); // says the same: no news
    await store.lease.delete('leaf1');
    await expect.poll(seen.holders, within).toEqual({ two: 1 });
    expect(seen.changes).toEqual([
      { kind: 'read' },
      { kind: 'changed', key: 'leaf2', value: lease('two'), before: undefined },
      { kind: 'changed', key: 'leaf1', value: undefined, before: lease('one') },
    ]);
  });

  it('holds what a bucket holds that was deleted and made anew', async () => {
    await using nats = await natsForTest();
    const { store } = nats;
    for (const at of [1, 2, 3]) await putRecord(store.lease, `leaf${at}`, lease(`old${at}`));
    await using seen = mirrored(store);
    await expect.poll(seen.holders, within).toEqual({ old1: 1, old2: 1, old3: 1 });
    const { created } = seen.mirror;
    await store.jsm.streams.delete('KV_dc1-lease');
    await expect.poll(seen.holders, within).toEqual({}); // it was made anew by the mirror itself
    await putRecord(store.lease, 'leaf1', lease('new'));
    await expect.poll(seen.holders, within).toEqual({ new: 1 });
    expect(seen.mirror.created).not.toBe(created);
    expect(seen.changes.filter(({ kind }) => kind === 'read').length).toBeGreaterThan(1);
  });

  it('misses nothing that was written while the connection was lost', async () => {
    await using nats = await natsForTest();
    await using proxy = await tcpProxy(Number(new URL(nats.url).port));
    const near = await connectNats({ url: `nats://127.0.0.1:${proxy.port}`, name: 'test' });
    for (const at of [1, 2, 3]) await putRecord(nats.store.lease, `leaf${at}`, lease(`r${at}`));
    await using seen = mirrored(await openStore(near, 'dc1'));
    await expect.poll(seen.holders, within).toEqual({ r1: 1, r2: 1, r3: 1 });
    const asked: string[] = [];
    nats.store.nc.subscribe('$JS.API.STREAM.MSG.GET.>', {
      callback: (_, message) => void asked.push(message.string()),
    });
    await nats.store.nc.flush();
    proxy.cut();
    await putRecord(nats.store.lease, 'leaf1', lease('r1', 2));
    proxy.open();
    await expect.poll(seen.holders, within).toEqual({ r1: 2, r2: 1, r3: 1 });
    expect(asked).toEqual(['{"seq":4}']); // the rest is known
    await near.close();
  });

  it('says that something may be missing while it is read anew', async () => {
    await using nats = await natsForTest();
    const { store } = nats;
    let gate: Promise<void> | undefined;
    const { streams } = store.jsm;
    const info: typeof streams.info = async (...asked) => {
      await gate;
      return streams.info(...asked);
    };
    const jsm = Object.create(store.jsm, { streams: { value: Object.create(streams, { info: { value: info } }) } });
    await using seen = mirrored({ ...store, jsm }, 50);
    await expect.poll(() => seen.mirror.current, within).toBe(true);
    let open = () => {};
    gate = new Promise((resolve) => {
      open = resolve;
    });
    await expect.poll(() => seen.mirror.current, within).toBe(false);
    open();
    gate = undefined;
    await expect.poll(() => seen.mirror.current, within).toBe(true);
  });

  it('drops what has expired and what was purged', async () => {
    await using nats = await natsForTest();
    const { store } = nats;
    const { config } = await store.jsm.streams.info('KV_dc1-lease');
    const second = 1_000_000_000;
    await store.jsm.streams.update('KV_dc1-lease', { ...config, max_age: second, duplicate_window: second });
    await using seen = mirrored(store, 300);
    await expect.poll(() => seen.mirror.current, within).toBe(true);
    await putRecord(store.lease, 'leaf1', lease('one'));
    const came = { kind: 'changed', key: 'leaf1', value: lease('one'), before: undefined };
    const went = { kind: 'changed', key: 'leaf1', value: undefined, before: lease('one') };
    await expect.poll(() => seen.changes.slice(1), within).toEqual([came, went]);
    expect(seen.holders()).toEqual({});
    await store.jsm.streams.update('KV_dc1-lease', { ...config, max_age: 0 });
    for (const at of [1, 2, 3]) await putRecord(store.lease, `leaf${at}`, lease(`r${at}`));
    await expect.poll(seen.holders, within).toEqual({ r1: 1, r2: 1, r3: 1 });
    await store.jsm.streams.purge('KV_dc1-lease', { filter: '$KV.dc1-lease.leaf2' });
    await expect.poll(seen.holders, within).toEqual({ r1: 1, r3: 1 });
  });
});
