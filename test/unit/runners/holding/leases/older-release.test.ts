import { pino } from 'pino';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Claim, type Lease } from '../../../../../core/bus.ts';
import { casRecord, getRecord } from '../../../../../core/store/records.ts';
import type { Store } from '../../../../../core/store/store.ts';
import { Leases } from '../../../../../runners/holding/leases/leases.ts';
import { natsForTest } from '../../../../nats.ts';
import { restrictedNats } from '../../../../permissions/server.ts';

const name = 'KV_dc1-lease';
const terms = { slot: 'new', since: '', weight: 1 };
const timing = { settleMs: 100, claimAfterMs: 0, silenceMs: 5_000, lookMs: 50 };

/** Makes time pass for every runner that is there, beside that which passes. */
const clock = () => {
  const now = performance.now.bind(performance);
  let passedMs = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now() + passedMs);
  return (ms: number): void => {
    passedMs += ms;
  };
};

/** A runner for leaf1, without a device behind it. */
const holderOn = (store: Store) => {
  const said: string[] = [];
  const log = pino({}, { write: (line: string) => void said.push((JSON.parse(line) as { msg: string }).msg) });
  const leases = new Leases({ store, name: 'new', log, terms, timing });
  const stop = new AbortController();
  let looks = 0;
  const wanted = () => {
    looks++;
    return ['leaf1'];
  };
  const run = leases.run(
    { wanted, takes: () => true, busy: () => false, yields: () => false, taken: () => {} },
    stop.signal,
  );
  return {
    leases,
    said,
    /** Resolves once it has looked for what it might take. */
    looked: async () => {
      const before = looks;
      await expect.poll(() => looks, { timeout: 20_000 }).toBeGreaterThan(before);
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await run;
    },
  };
};

/** As a release before made it, which renewed each lease. */
const makeOld = async ({ jsm }: Store) => {
  const { config } = await jsm.streams.info(name);
  await jsm.streams.update(name, { ...config, max_age: 10e9, duplicate_window: 10e9 });
};

describe('a bucket of leases whose entries expire, as an older release made it', () => {
  it('is made to keep them, before anything is held by it', async () => {
    await using nats = await natsForTest();
    await makeOld(nats.store);
    await using holder = holderOn(nats.store);
    await expect.poll(() => holder.leases.devices, { timeout: 10_000 }).toEqual(['leaf1']);
    expect((await nats.store.jsm.streams.info(name)).config.max_age).toBe(0);
    expect(holder.said.join()).toContain('an older release made its entries expire');
  });

  it('lets nobody hold a device who may not change it, and that is said', async () => {
    await using nats = await restrictedNats();
    const operator = await nats.open('operator');
    const store = await nats.open('runner');
    await makeOld(operator);
    await using holder = holderOn(store);
    const words = /drops claims after 10 s, as an older release created it, and our user may not change it/;
    await expect.poll(() => holder.said.join(), { timeout: 10_000 }).toMatch(words);
    expect([holder.leases.devices, (await operator.lease.get('leaf1'))?.value]).toEqual([[], undefined]);
  });
});

describe('a lease of an older release', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('is left alone while it is renewed, and taken when it is not; its runner then gets nothing any more', async () => {
    await using nats = await natsForTest();
    const { lease } = nats.store;
    const old = { runner: 'old', epoch: 1_700_000_000 } satisfies Lease;
    let revision = await casRecord(lease, 'leaf1', old, 0);
    const pass = clock();
    await using holder = holderOn(nats.store);
    for (let renewals = 0; renewals < 8; renewals++) {
      pass(1_000);
      await holder.looked();
      revision = await casRecord(lease, 'leaf1', old, revision);
    }
    expect(holder.leases.devices).toEqual([]);
    pass(timing.silenceMs);
    await expect.poll(() => holder.leases.devices, { timeout: 20_000 }).toEqual(['leaf1']);
    await expect(casRecord(lease, 'leaf1', old, revision)).rejects.toMatchObject({ code: 'conflict' });
    await expect(casRecord(lease, 'leaf1', old, 0)).rejects.toMatchObject({ code: 'conflict' });
    expect((await getRecord(lease, Claim, 'leaf1'))?.value).toMatchObject({ runner: holder.leases.name });
  });
});
