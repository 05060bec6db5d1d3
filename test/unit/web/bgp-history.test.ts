import { describe, expect, it } from 'vitest';
import { type History, type Part, partsOf, runsOf, type SessionHistory, sessionIn } from '../../../web/bgp/history.ts';
import { countWords, flapWords, stripWords } from '../../../web/bgp/history-words.ts';
import { boxesOf } from '../../../web/bgp/strip-boxes.ts';

const minute = 60_000;
const startMs = Date.parse('2026-11-30T03:00:00Z');
const at = (minutes: number): string => new Date(startMs + minutes * minute).toISOString();

const session = (states: SessionHistory['states'], more: Partial<SessionHistory> = {}): SessionHistory => ({
  vrf: 'global',
  peer: '10.1.1.0',
  states,
  prefixes: [],
  flaps: 0,
  ...more,
});
const history = (seen: [number, number][], more: Partial<History> = {}): History => ({
  seen: seen.map(([from, to]) => ({ from: at(from), to: at(to) })),
  counted: [],
  sessions: [],
  endMs: startMs + 60 * minute,
  ...more,
});
const parts = (seen: [number, number][], states: SessionHistory['states']) =>
  partsOf(history(seen), session(states), startMs).map(
    ({ kind, fromMs, toMs }) => `${kind} ${(fromMs - startMs) / minute}-${(toMs - startMs) / minute}`,
  );

describe('the strip of a session', () => {
  it('is what it was while somebody read the device, and a gap else, also up to now', () => {
    const states = [
      { at: at(-90), is: 'up' },
      { at: at(10), is: 'down' },
      { at: at(12), is: 'up' },
    ] as const;
    const seen: [number, number][] = [
      [-100, 20],
      [30, 50],
    ];
    expect(parts(seen, states)).toEqual(['up 0-10', 'down 10-12', 'up 12-20', 'na 20-30', 'up 30-50', 'na 50-60']);
    expect(parts([], states)).toEqual(['na 0-60']);
  });

  it('is a gap before the session was first seen, once it is gone, and where its states were dropped', () => {
    const states = [
      { at: at(5), is: 'up' },
      { at: at(20), is: 'unknown' },
      { at: at(30), is: 'off' },
      { at: at(40), is: 'gone' },
    ] as const;
    expect(parts([[0, 60]], states)).toEqual(['na 0-5', 'up 5-20', 'na 20-30', 'off 30-40', 'na 40-60']);
  });

  it('marks a session that was lost between two reads, though nobody saw it down', () => {
    const states = [
      { at: at(-5), is: 'up' },
      { at: at(15), is: 'up', again: true },
    ] as const;
    expect(parts([[-5, 60]], states)).toEqual(['up 0-15', 'down 15-15', 'up 15-60']);
  });

  it('is told in words, with its flaps', () => {
    const states = [
      { at: at(-5), is: 'up' },
      { at: at(10), is: 'down', said: 'hold time expired' },
      { at: at(12), is: 'up' },
    ] as const;
    const one = session(states, { flaps: 1 });
    expect(stripWords(partsOf(history([[0, 50]]), one, startMs))).toBe(
      'up for 48 min, down for 2 min, not known for 10 min',
    );
    expect(flapWords(one, startMs + 60 * minute)).toBe('1 flap, at 03:10:00: hold time expired');
    expect(flapWords({ ...one, flaps: 0 }, startMs)).toBe('');
  });
});

describe('the prefixes of a session', () => {
  const counted = [at(0), at(10), at(20), at(40), at(50)];

  it('are a line that breaks where they were not told, and where nobody read the device', () => {
    const seen: [number, number][] = [
      [0, 25],
      [35, 60],
    ];
    const runs = runsOf(history(seen, { counted }), session([], { prefixes: [7, 8, 9, 6, null] }), startMs);
    expect(runs.map((run) => run.map(([, number]) => number))).toEqual([[7, 8, 9], [6]]);
    expect(countWords(runs)).toBe('6 to 9 prefixes, 6 at the last count');
    expect(countWords([])).toBe('not counted');
  });
});

it('a session is found by the name that the page has for its VRF', () => {
  const [one, two] = [session([]), session([], { vrf: 'blue' })];
  const all = history([], { sessions: [one, two] });
  expect([sessionIn(all, '', '10.1.1.0'), sessionIn(all, 'blue', '10.1.1.0'), sessionIn(all, '', '10.9.9.9')]).toEqual([
    one,
    two,
    undefined,
  ]);
});

describe('what a strip draws', () => {
  const box = (parts: [Part['kind'], number, number][]) =>
    boxesOf(
      parts.map(([kind, from, to]) => ({ kind, fromMs: from * minute, toMs: to * minute })),
      0,
      24 * 60 * minute,
    ).map(({ class: kind, x, width }) => `${kind} ${x.toFixed(1)}-${(x + width).toFixed(1)}`);

  it('shows what it is now, and before it a moment in which it was down, however short both were', () => {
    expect(
      box([
        ['na', 0, 1428],
        ['down', 1428, 1428.03],
        ['up', 1428.03, 1440],
      ]).slice(1),
    ).toEqual(['down 188.0-190.0', 'up 190.0-192.0']);
    expect(
      box([
        ['up', 0, 1439],
        ['down', 1439, 1440],
      ]),
    ).toEqual(['up 0.0-191.9', 'down 190.0-192.0']);
  });
});
