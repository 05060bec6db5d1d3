import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mergeDays } from '../../../api/device/bgp-merged.ts';
import type { BgpDay } from '../../../core/bus.ts';
import { dayOf, putBgpDay } from '../../../core/store/bgp/days.ts';
import { putRecord } from '../../../core/store/records.ts';
import { apiForTest, type Harness, stateOf } from './harness.ts';

const minute = 60_000;
const hour = 60 * minute;
const nowMs = Date.now();
const ago = (ms: number): string => new Date(nowMs - ms).toISOString();

let api: Harness;
beforeAll(async () => {
  api = await apiForTest();
  await putRecord(api.store.lease, 'leaf1', { runner: 'r', epoch: 2 });
  await putRecord(api.store.state, 'leaf1', stateOf('leaf1', { sync: 'in_sync' }));
  await write(
    24 * hour, // the day of the first moment that is asked for, whatever the time is now
    { epoch: 1, seen: [{ from: ago(40 * hour), to: ago(26 * hour) }], counted: [ago(26 * hour)] },
    [
      session('10.1.1.0', [{ at: ago(40 * hour), is: 'up' }], [7]),
      session('10.1.1.2', [{ at: ago(40 * hour), is: 'up' }], [5]),
      session('10.9.9.9', [{ at: ago(30 * hour), is: 'gone' }], [null]),
    ],
  );
  const seen = [
    { from: ago(40 * hour), to: ago(3 * hour) },
    { from: ago(2 * hour), to: ago(minute) },
  ];
  await write(0, { epoch: 2, open: true, seen, counted: [ago(3 * hour), ago(2 * hour)] }, [
    session(
      '10.1.1.0',
      [
        { at: ago(40 * hour), is: 'up' },
        { at: ago(2 * hour), is: 'down', said: 'hold time expired' },
      ],
      [7, null],
    ),
    session('10.1.1.2', [{ at: ago(2 * hour), is: 'up' }], [null, 9], 4),
  ]);
});
afterAll(() => api[Symbol.asyncDispose]());

const session = (
  peer: string,
  states: BgpDay['sessions'][number]['states'],
  prefixes: (number | null)[],
  dropped = 0,
): BgpDay['sessions'][number] => ({ vrf: 'global', peer, remoteAs: 65001, states, prefixes, dropped });

const write = async (
  agoMs: number,
  more: Pick<BgpDay, 'epoch' | 'seen' | 'counted'> & { open?: boolean },
  sessions: BgpDay['sessions'],
): Promise<void> => {
  const day: BgpDay = { version: 1, device: 'leaf1', runner: 'r', open: false, flaps: [], ...more, sessions };
  await putBgpDay(api.store, dayOf(nowMs - agoMs), day, 0);
};
const get = async (query = '', device = 'leaf1') =>
  (await api.call('GET', `/api/v1/devices/${device}/bgp/history${query}`)).json();

it('counts no flap of a session that was shut or removed', () => {
  const states = (is: 'down' | 'off' | 'gone') => [
    { at: ago(3 * hour), is: 'up' as const },
    { at: ago(2 * hour), is },
  ];
  const sessions = (['down', 'off', 'gone'] as const).map((is, index) => ({
    vrf: 'global',
    peer: `10.1.1.${index}`,
    remoteAs: 65001,
    states: states(is),
    prefixes: [],
    dropped: 0,
  }));
  const seen = [{ from: ago(3 * hour), to: ago(hour) }];
  const day = {
    version: 1,
    device: 'leaf1',
    runner: 'r',
    epoch: 1,
    open: false,
    seen,
    counted: [],
    sessions,
    flaps: [],
  };
  const merged = mergeDays([day as unknown as BgpDay], ago(24 * hour), false);
  expect(merged.sessions.map(({ flaps }) => flaps)).toEqual([1, 0, 0]);
});

describe('the history of the BGP sessions of a device', () => {
  it('is what its holders wrote in the last 24 hours, and the state that each session had then: unknown where some were dropped', async () => {
    expect(await get()).toEqual({
      device: 'leaf1',
      known: true,
      reason: '',
      seen: [
        { from: ago(40 * hour), to: ago(3 * hour) },
        { from: ago(2 * hour), to: null },
      ],
      counted: [ago(3 * hour), ago(2 * hour)],
      sessions: [
        {
          vrf: 'global',
          peer: '10.1.1.0',
          remoteAs: 65001,
          states: [
            { at: ago(40 * hour), is: 'up' },
            { at: ago(2 * hour), is: 'down', said: 'hold time expired' },
          ],
          prefixes: [7, null],
          flaps: 1,
          dropped: 0,
        },
        {
          vrf: 'global',
          peer: '10.1.1.2',
          remoteAs: 65001,
          states: [
            { at: ago(26 * hour), is: 'unknown' },
            { at: ago(2 * hour), is: 'up' },
          ],
          prefixes: [null, 9],
          flaps: 0,
          dropped: 4,
        },
      ],
    });
  });

  it('goes further back if asked, as far as it is kept', async () => {
    const { counted, sessions } = await get('?hours=168');
    expect(counted).toEqual([ago(26 * hour), ago(3 * hour), ago(2 * hour)]);
    expect(sessions[0]).toMatchObject({ peer: '10.1.1.0', prefixes: [7, 7, null] });
    expect(await get('?hours=169')).toMatchObject({ code: 'invalid_request' });
  });

  it('ends with the last read where nobody can ask the device, where nobody looks, and under another holder', async () => {
    const last = async () => (await get()).seen.at(-1);
    const disconnected = { state: 'disconnected' as const, error: 'no route to host', at: ago(0) };
    await putRecord(api.store.state, 'leaf1', stateOf('leaf1', { sync: 'in_sync', session: disconnected }));
    expect(await get()).toMatchObject({ known: false, reason: 'no route to host' });
    expect(await last()).toEqual({ from: ago(2 * hour), to: ago(minute) });
    await putRecord(api.store.state, 'leaf1', stateOf('leaf1', { sync: 'deploying' }));
    expect(await last()).toEqual({ from: ago(2 * hour), to: ago(minute) });
    await putRecord(api.store.state, 'leaf1', stateOf('leaf1', { sync: 'in_sync' }));
    expect(await last()).toEqual({ from: ago(2 * hour), to: null });
    await putRecord(api.store.lease, 'leaf1', { runner: 'other', epoch: 3 });
    expect(await last()).toEqual({ from: ago(2 * hour), to: ago(minute) });
  });

  it('is empty for a device whose sessions nobody has read', async () => {
    expect(await get('', 'leaf2')).toMatchObject({ seen: [], counted: [], sessions: [] });
  });
});
