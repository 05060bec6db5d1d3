import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../core/bus.ts';
import { newJob } from '../../../core/store/jobs.ts';
import { stampOf, versionsOf } from '../../../web/device/versions/versions.ts';
import { device } from './devices.ts';

const now = Date.parse('2026-11-30T03:15:00.000Z');
const ended = (id: string, outcome: Outcome, kind: 'deploy' | 'rollback' | 'diff' = 'deploy') => ({
  ...newJob('leaf1', kind, id.repeat(25)),
  createdAt: '2026-11-28T03:15:00.000Z',
  state: 'finished' as const,
  outcome,
});
const failed = (code: 'check_failed' | 'not_converged' | 'rejected'): Outcome => ({ kind: 'failed', code, detail: '' });

describe('the versions of a device', () => {
  it('are those before the jobs whose change came into force, and stayed', () => {
    const jobs = [
      ended('9', { kind: 'previewed' }, 'diff'),
      ended('8', { kind: 'applied' }, 'rollback'),
      ended('7', { kind: 'unchanged' }),
      ended('6', failed('not_converged')),
      ended('5', failed('check_failed')),
      ended('4', failed('rejected')),
      { ...ended('3', { kind: 'applied' }), commit: 'c09be110000' },
      newJob('leaf1', 'deploy', '2'.repeat(25)),
    ];
    expect(versionsOf(jobs, now).map(({ id }) => id[0])).toEqual(['8', '6', '3']);
    expect(versionsOf(jobs, now)[2]?.name).toBe('before deploy 333333333333, 2 d ago, c09be11');
  });
});

describe('a preview', () => {
  it('is of another time once something else was applied, is on trial, or was changed by hand', () => {
    const stamp = (state: Parameters<typeof device>[2]) => stampOf(device('leaf1', {}, state));
    const trial = { job: '0'.repeat(25), name: 'plumb', expiresAt: '2026-11-30T03:17:07.000Z' };
    const changed = { at: null, runningSha256: 'f'.repeat(64) };
    expect(stamp({})).toBe(stamp({ updatedAt: '2026-11-30T03:02:00.000Z' }));
    expect(new Set([stamp({}), stamp({ trial }), stamp({ changed })]).size).toBe(3);
  });
});
