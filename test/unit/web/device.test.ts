import { describe, expect, it } from 'vitest';
import { newJob } from '../../../core/store/jobs.ts';
import { stepLines } from '../../../web/device/steps.ts';
import { verdictOf } from '../../../web/device/verdict.ts';
import { age, duration, left } from '../../../web/words/time.ts';
import { device } from './devices.ts';

const now = Date.parse('2026-11-30T03:15:00.000Z');
const trial = { job: '0'.repeat(25), name: 'plumb', expiresAt: '2026-11-30T03:17:07.000Z' };

describe('the verdict of a device', () => {
  it('says of a trial when the device undoes it, and how many checks have passed', () => {
    const job = {
      ...newJob('leaf12', 'deploy'),
      checks: [true, null].map((ok) => ({ name: 'bgp', on: 'a', ok, detail: '' })),
    };
    expect(verdictOf(device('leaf12', { sync: 'deploying' }, { trial }), job, now)).toMatchObject({
      after: ' runs a trial and undoes it at 03:17:07, unless it is confirmed.',
      rest: expect.stringMatching(/^1 of 2 checks passed/),
    });
  });

  it('claims nothing of a trial whose time is over', () => {
    const { after } = verdictOf(device('leaf12', { sync: 'deploying' }, { trial }), undefined, now + 200_000);
    expect(after).toBe(' ran a trial until 03:17:07; how it ended is not known yet.');
  });

  it('says how old that is which nobody looks at any more', () => {
    const unheld = device('leaf12', { sync: 'unknown', lease: null }, { updatedAt: '2026-11-30T03:02:00.000Z' });
    expect(verdictOf(unheld, undefined, now)).toEqual({
      before: 'Nothing is known of ',
      after: ': no runner holds it.',
      rest: ' What is shown is 13 min old.',
    });
  });
});

describe('the timeline of a deployment', () => {
  const at = (ms: number) => new Date(now + ms).toISOString();
  const job = {
    ...newJob('leaf12', 'deploy'),
    state: 'checking' as const,
    steps: [
      { step: 'guarding' as const, startedAt: at(0), endedAt: at(12) },
      { step: 'committing' as const, startedAt: at(12), endedAt: at(2_112), detail: 'change in effect' },
      { step: 'checking' as const, startedAt: at(2_112) },
    ],
  };

  it('shows past, live and coming steps; the live one takes as long as it has until now', () => {
    const lines = stepLines(job, now + 55_112);
    expect(lines.map(({ step, kind, ms }) => [step, kind, ms])).toEqual([
      ['guarding', 'past', 12],
      ['committing', 'past', 2_100],
      ['checking', 'live', 53_000],
      ['confirming', 'next', undefined],
      ['reading back', 'next', undefined],
    ]);
    const widths = lines.slice(0, 3).map(({ from, to }) => to - from);
    expect(Math.min(...widths)).toBeGreaterThan(0.05); // 12 ms and 53 s both show
    expect(lines[2]?.to).toBeCloseTo(1);
  });

  it('says who answered a question', () => {
    const said = [{ did: 'approve' as const, by: 'ann', at: at(12) }];
    const lines = stepLines({ ...job, said, steps: [{ step: 'awaiting', startedAt: at(0), endedAt: at(12) }] }, now);
    expect(lines[0]).toMatchObject({ step: 'awaiting', said: 'approved by ann' });
  });

  it('marks the step at which it failed, and none that never came', () => {
    const outcome = { kind: 'failed', code: 'check_failed', detail: 'bgp' } as const;
    const lines = stepLines({ ...job, state: 'finished', outcome }, now);
    expect(lines.map(({ kind }) => kind)).toEqual(['past', 'past', 'failed']);
  });
});

describe('times', () => {
  it.each([
    ['0 s', age(now, now)],
    ['13 min', age(now - 780_000, now)],
    ['1 h 35 min', age(now - 5_700_000, now)],
    ['2 d', age(now - 172_800_000, now)],
    ['12 ms', duration(12)],
    ['1.4 s', duration(1_400)],
    ['2:07', left(126_100)],
    ['0:00', left(-5)],
  ])('read %s', (wanted, told) => expect(told).toBe(wanted));
});
