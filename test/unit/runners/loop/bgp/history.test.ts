import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type BgpDay, limits, subjects } from '../../../../../core/bus.ts';
import { PlumbError } from '../../../../../core/errors.ts';
import { dayOf, getBgpDay } from '../../../../../core/store/bgp/days.ts';
import type { HeldLease } from '../../../../../runners/holding/lease.ts';
import { makeRoom } from '../../../../../runners/loop/bgp/day.ts';
import { BgpHistory } from '../../../../../runners/loop/bgp/history.ts';
import type { Bgp, BgpPeer } from '../../../../../runners/shapes.ts';
import { natsForTest } from '../../../../nats.ts';
import { deviceForTest } from '../../../../runner.ts';

let nats: Awaited<ReturnType<typeof natsForTest>>;
beforeAll(async () => {
  nats = await natsForTest();
});
afterAll(() => nats[Symbol.asyncDispose]());

const second = 1_000;
const hour = 3_600 * second;
/** Every test has a device of its own, so that none finds what another one wrote. */
let device = '';
let count = 0;
let nowMs = 0;
beforeEach(() => {
  device = `leaf${++count}`;
  nowMs = Date.parse('2025-11-30T10:00:00Z');
});

const up = (prefixes: number, uptime: number | null = null): Partial<BgpPeer> => ({
  is_up: true,
  state: 'Established',
  uptime,
  address_family: { ipv4: { received_prefixes: prefixes, accepted_prefixes: prefixes, sent_prefixes: null } },
});
const down = (lastError = ''): Partial<BgpPeer> => ({ state: 'Active', last_error: lastError });

const bgp = (peers: Record<string, Partial<BgpPeer>>): Bgp => ({
  global: {
    router_id: '10.0.0.1',
    peers: Object.fromEntries(
      Object.entries(peers).map(([name, peer]) => [
        name,
        { remote_as: 65001, is_up: false, is_enabled: true, uptime: null, address_family: {}, ...peer } as BgpPeer,
      ]),
    ),
  },
});

const holder = (epoch = 1, lost = false, pollSeconds = 30) => {
  const assert = () => {
    if (lost) throw new PlumbError('lease_lost', `${device} is held by another runner`);
  };
  const lease: HeldLease = {
    device,
    runner: `runner-${epoch}`,
    epoch,
    signal: new AbortController().signal,
    assert,
    sure: async () => assert(),
    lasts: assert,
    lose: () => {},
  };
  const log = pino({ level: 'silent' });
  const context = { store: nats.store, device: deviceForTest({ pollSeconds }, device), lease, log };
  return new BgpHistory(context, () => nowMs);
};

const later = (ms: number): void => {
  nowMs += ms;
};
const stored = async (): Promise<{ day: BgpDay; seq: number }> => {
  const { day, seq } = await getBgpDay(nats.store, device, dayOf(nowMs));
  if (!day) throw new Error(`nothing is stored of ${device} on ${dayOf(nowMs)}`);
  return { day, seq };
};
const at = () => new Date(nowMs).toISOString();

describe('the history of BGP sessions', () => {
  it('tells a session that goes down with what it was, what it is, when and why', async () => {
    const history = holder();
    await history.look(bgp({ '10.1.1.0': up(7) }));
    expect((await stored()).day).toMatchObject({ flaps: [], open: true, sessions: [{ states: [{ is: 'up' }] }] });
    later(30 * second);
    await history.look(bgp({ '10.1.1.0': down('hold time expired') }));
    const flap = { vrf: 'global', peer: '10.1.1.0', at: at(), was: 'up', is: 'down', said: 'hold time expired' };
    expect((await stored()).day.flaps).toEqual([flap]);
    later(30 * second);
    await history.look(bgp({ '10.1.1.0': { is_enabled: false, state: 'Idle (Admin)' } }));
    later(30 * second);
    await history.look(bgp({}));
    const { day } = await stored();
    expect(day.sessions[0]?.states.map(({ is }) => is)).toEqual(['up', 'down', 'off', 'gone']);
    expect(day.seen).toEqual([{ from: '2025-11-30T10:00:00.000Z', to: at() }]);
  });

  it('is not written while nothing changes, whatever word a session has for being down, but once an hour', async () => {
    const history = holder();
    await history.look(bgp({ a: up(7), b: down() }));
    const { seq } = await stored();
    const writes = new Set([seq]);
    for (let looks = 0; looks < 120; looks++) {
      later(30 * second);
      await history.look(bgp({ a: up(7), b: { state: looks % 2 ? 'Connect' : 'Active' } }));
      writes.add((await stored()).seq);
    }
    expect(writes.size).toBe(2);
    expect((await stored()).day.sessions[0]?.prefixes).toEqual([7, 7]);
  });

  it('counts again after a quarter of an hour where more than a tenth of the prefixes has come or gone', async () => {
    const history = holder();
    await history.look(bgp({ a: up(100) }));
    const counts = async () => (await stored()).day.sessions[0]?.prefixes;
    later(30 * second);
    await history.look(bgp({ a: up(50) }));
    expect(await counts()).toEqual([100]);
    for (let minutes = 1; minutes <= 16; minutes++) {
      later(60 * second);
      await history.look(bgp({ a: up(50) }));
    }
    expect((await counts())?.includes(50)).toBe(true);
  });

  it('counts the prefixes of a session that came up after the last count, within a quarter of an hour', async () => {
    const history = holder();
    await history.look(bgp({ a: down() }));
    for (let minutes = 1; minutes <= 16; minutes++) {
      later(60 * second);
      await history.look(bgp({ a: up(50) }));
    }
    expect((await stored()).day.sessions[0]?.prefixes).toContain(50);
  });

  it('has a gap where the device did not answer, and where nobody looked', async () => {
    const history = holder();
    await history.look(bgp({ a: up(7) }));
    later(30 * second);
    await history.look(bgp({ a: up(7) }));
    await history.close();
    const lastSeen = at();
    expect((await stored()).day).toMatchObject({ open: false, seen: [{ to: lastSeen }] });
    later(60 * second);
    await history.look(bgp({ a: up(7) }));
    const again = at();
    later(300 * second); // a deployment, say
    await history.look(bgp({ a: up(7) }));
    expect((await stored()).day).toMatchObject({
      open: true,
      seen: [{ to: lastSeen }, { from: again, to: again }, { from: at() }],
    });
  });

  it('tells of a session that was lost and came back between two looks', async () => {
    const history = holder();
    await history.look(bgp({ a: up(7, 5_000) }));
    later(30 * second);
    await history.look(bgp({ a: up(7, 5_030) }));
    expect((await stored()).day.flaps).toEqual([]);
    later(30 * second);
    await history.look(bgp({ a: up(7, 10) }));
    const cameUp = new Date(nowMs - 10 * second).toISOString();
    expect((await stored()).day.flaps).toMatchObject([{ was: 'up', is: 'up', at: cameUp }]);
    expect((await stored()).day.sessions[0]?.states.at(-1)).toEqual({ at: cameUp, is: 'up', again: true });
  });

  it('goes on under the next holder, who tells what changed meanwhile and claims nothing of the time between', async () => {
    await holder(1).look(bgp({ a: up(7) }));
    const left = at();
    later(600 * second);
    await holder(2).look(bgp({ a: down() }));
    const { day } = await stored();
    expect(day.flaps).toMatchObject([{ was: 'up', is: 'down', at: at() }]);
    expect(day.seen).toEqual([
      { from: left, to: left },
      { from: at(), to: at() },
    ]);
    expect(day).toMatchObject({ epoch: 2, runner: 'runner-2' });
  });

  it('is never written by a holder that lost the device, nor over the record of a newer one', async () => {
    const woken = holder(1);
    await woken.look(bgp({ a: up(7) }));
    later(30 * second);
    await holder(2).look(bgp({ a: up(8) }));
    const { seq } = await stored();
    later(30 * second);
    await woken.look(bgp({ a: down() }));
    await holder(3, true).look(bgp({ a: down() }));
    expect((await stored()).seq).toBe(seq);
  });

  it('goes on in a record of the next day, with each state as it stood and since when', async () => {
    nowMs = Date.now() - 24 * hour;
    const first = dayOf(nowMs);
    const history = holder();
    await history.look(bgp({ a: up(7), b: up(8) }));
    const began = at();
    later(30 * second);
    await history.look(bgp({ a: up(7) }));
    while (dayOf(nowMs) === first) {
      later(90 * second);
      await history.look(bgp({ a: up(7) }));
    }
    for (let looks = 0; looks < 60; looks++) {
      later(90 * second);
      await history.look(bgp({ a: up(7) }));
    }
    const { day } = await stored();
    expect(day.sessions).toMatchObject([{ peer: 'a', states: [{ at: began, is: 'up' }] }]);
    expect(day.seen[0]?.from).toBe(began);
    expect((await getBgpDay(nats.store, device, first)).day?.sessions.map(({ peer }) => peer)).toEqual(['a', 'b']);
  });

  it('is written whole again where the stream was emptied', async () => {
    const history = holder();
    await history.look(bgp({ a: up(7) }));
    await nats.store.jsm.streams.purge('dc1-bgp', { filter: subjects.bgpDay('dc1', device, dayOf(nowMs)) });
    later(30 * second);
    await history.look(bgp({ a: down() }));
    expect((await stored()).day.sessions[0]?.states.map(({ is }) => is)).toEqual(['up', 'down']);
  });

  it.each([
    [8, 8, 3_300],
    [1_500, 1_000, limits.bgpDayBytes],
  ])('of %i sessions has %i, and a day of that takes at most %i bytes', async (many, kept, bytes) => {
    const found = bgp(Object.fromEntries(Array.from({ length: many }, (_, n) => [`2001:db8:1:${n}::1`, up(900_000)])));
    const history = holder(1, false, 3_600);
    nowMs = Date.parse('2025-11-30T00:00:00Z');
    for (let hours = 0; hours < 23; hours++) {
      await history.look(found);
      later(hour);
    }
    const { day } = await stored();
    expect(day.sessions).toHaveLength(kept);
    expect(Buffer.byteLength(JSON.stringify(day))).toBeLessThanOrEqual(bytes);
  });

  it('makes room for what is newest, and counts the states that it dropped', () => {
    const states = Array.from({ length: 5_000 }, (_, n) => ({
      at: new Date(n * second).toISOString(),
      is: n % 2 ? ('up' as const) : ('down' as const),
    }));
    const session = { vrf: 'global', peer: 'a', remoteAs: 65001, states, dropped: 0, prefixes: [1, 2, 3] };
    const day: BgpDay = {
      version: 1,
      device,
      runner: 'r',
      epoch: 1,
      open: true,
      seen: [],
      counted: [at(), at(), at()],
      sessions: [session],
      flaps: [],
    };
    makeRoom(day, limits.bgpDayBytes);
    expect(Buffer.byteLength(JSON.stringify(day))).toBeLessThanOrEqual(limits.bgpDayBytes);
    const [kept] = day.sessions;
    expect(kept?.states.at(-1)).toEqual(states.at(-1));
    expect((kept?.states.length ?? 0) + (kept?.dropped ?? 0)).toBe(5_000);
  });
});
