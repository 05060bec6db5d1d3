import { describe, expect, it } from 'vitest';
import { filterDevices, pressCount, splitFilter } from '../../../web/fleet/filter.ts';
import { rowsOf } from '../../../web/fleet/groups.ts';
import { shownOf } from '../../../web/fleet/state.ts';
import { countsOf, verdictOf } from '../../../web/fleet/verdict.ts';
import { device } from './devices.ts';

const generation = { at: '2026-11-30T03:00:00Z', sha256: 'a'.repeat(64) };
const intent = { generation };
const attempt = (outcome: string) => ({ generation, job: '0'.repeat(25), at: generation.at, outcome, count: 1 });
const now = Date.parse('2026-11-30T03:15:00Z');

const drift = device(
  'leaf31',
  { sync: 'out_of_sync', reason: 'drift: the running configuration was changed' },
  { intent },
);
const trial = device(
  'leaf10',
  { sync: 'deploying', reason: 'job x' },
  { intent, trial: { job: '0'.repeat(25), name: 'plumb', expiresAt: '2026-11-30T03:17:07Z' } },
);
const awaiting = device('edge1', { sync: 'awaiting' });
const unheld = device('leaf38', { sync: 'unknown', lease: null, reason: 'no runner holds it' });
const down = device('spine3', {}, { bgp: { established: 45, expected: 46, at: generation.at } });
const mixed = [device('leaf2'), device('leaf1'), drift, trial, awaiting, unheld, down];

describe('a device on the page', () => {
  it.each([
    ['drift', drift],
    ['trial 2:07', trial],
    ['awaits approval', awaiting],
    ['unheld', unheld],
    ['undone', device('a', { sync: 'out_of_sync' }, { intent, attempt: attempt('check_failed') })],
    ['rejected', device('a', { sync: 'out_of_sync' }, { intent, attempt: attempt('rejected') })],
    ['out of sync', device('a', { sync: 'out_of_sync' }, { intent, attempt: attempt('applied') })],
    ['held', device('a', { sync: 'out_of_sync' }, { intent, hold: { reason: 'x', by: 'y', at: generation.at } })],
    [
      'cancelled',
      device(
        'a',
        { sync: 'out_of_sync' },
        { intent, blocked: [{ sha256: generation.sha256, why: 'cancelled', since: generation.at }] },
      ),
    ],
  ])('is told by the most exact word: %s', (word, of) => {
    expect(shownOf(of, now).word).toBe(word);
  });

  it('of which nothing is known is never drawn as fine, whatever it ran last', () => {
    expect(shownOf(unheld, now)).toMatchObject({ mark: 'none', tone: 'none', need: 'unknown' });
  });
});

describe('the verdict of the fleet', () => {
  it('says first what needs someone, then what moves and what is not known', () => {
    expect(verdictOf(countsOf(mixed))).toEqual({
      answer: '1 device is out of sync, and one approval is waiting.',
      rest: '1 is being deployed to. Nothing is known of 1. BGP sessions are down on 1 device. 3 run what is intended.',
    });
  });

  it.each([
    ['All 2 devices run what is intended.', [device('a'), device('b')]],
    ['Nothing is known of any device.', [unheld]],
    ['Nothing is known of 1 device.', [unheld, device('a')]],
    ['1 device is being deployed to.', [trial, device('a')]],
    ['No device has an intended configuration.', [device('a', { sync: 'unmanaged' })]],
  ])('is "%s"', (answer, of) => {
    expect(verdictOf(countsOf(of)).answer).toBe(answer);
  });
});

describe('the table of the fleet', () => {
  it('has those first that need someone, and leaf2 before leaf10', () => {
    const told = rowsOf([...mixed, device('leaf11')], 'need', now).map((row) =>
      row.kind === 'group' ? row.title : row.key,
    );
    expect(told).toEqual([
      'Needs attention',
      'edge1',
      'leaf31',
      'Unknown',
      'leaf38',
      'In progress',
      'leaf10',
      'In sync',
      'leaf1',
      'leaf2',
      'leaf11',
      'spine3',
    ]);
  });
});

describe('the filter', () => {
  const named = (expression: string) => filterDevices(mixed, expression, now).devices.map((one) => one.device);

  it.each([
    ['', mixed.map((one) => one.device)],
    ['leaf*, !leaf1', ['leaf2', 'leaf31', 'leaf10', 'leaf38']],
    ['sync=out*', ['leaf31']],
    ['state=drift or state=trial', ['leaf31', 'leaf10']],
    ['bgp=down', ['spine3']],
    ['platform=frr, sync=awaiting', ['edge1']],
  ])('takes the selectors of the command line and what the page knows: %s', (expression, names) => {
    expect(named(expression)).toEqual(names);
  });

  it('says why it leaves nothing', () => {
    expect(filterDevices(mixed, 'leaf99', now).problem?.text).toMatch(/^leaf99: no such device/);
    expect(filterDevices(mixed, 'role=leaf, (', now).problem?.text).toMatch(/expected a/);
  });

  it('is set by a count beside what was typed, and let go again', () => {
    const pressed = pressCount('leaf* or spine*', 'sync=unknown');
    expect(pressed).toBe('sync=unknown, (leaf* or spine*)');
    expect(splitFilter(pressed)).toEqual({ pressed: 'sync=unknown', rest: 'leaf* or spine*' });
    expect(pressCount(pressed, 'bgp=down')).toBe('bgp=down, (leaf* or spine*)');
    expect(pressCount(pressed, '')).toBe('leaf* or spine*');
  });
});
