import { describe, expect, it } from 'vitest';
import { outcomeLine } from '../../../../cli/output/outcome.ts';
import { describeJob } from '../../../../cli/verbs/job.ts';
import { jobColumns } from '../../../../cli/verbs/jobs.ts';
import { statusColumns } from '../../../../cli/verbs/status.ts';
import type { Job } from '../../../../core/bus.ts';
import { newJob } from '../../../../core/store/jobs.ts';
import { entry } from '../../api/harness.ts';
import { goodState } from '../holder.ts';

const at = (minute: number) => `2026-01-01T10:${String(minute).padStart(2, '0')}:00.000Z`;
const sha = 'a'.repeat(64);

const waited: Job = {
  ...newJob('leaf1', 'deploy'),
  state: 'finished',
  outcome: { kind: 'applied' },
  createdAt: at(0),
  finishedAt: at(45),
  author: 'ann',
  commit: '0123456789abcdef',
  claimed: true,
  said: [
    { did: 'approve', by: 'bob', at: at(40), sha256: sha },
    { did: 'cancel', by: 'eve\u001b[2J', at: at(44) },
  ],
  steps: [
    { step: 'queued', startedAt: at(0), endedAt: at(10) },
    { step: 'diffing', startedAt: at(10), endedAt: at(11) },
    { step: 'awaiting', startedAt: at(11), endedAt: at(40) },
    { step: 'committing', startedAt: at(40), endedAt: at(45) },
    { step: 'finished', startedAt: at(45), endedAt: at(45) },
  ],
};

describe('a job that waited for a person', () => {
  it('took as long as was worked on it', () => {
    expect(outcomeLine(waited)).toBe('applied in 6m');
  });

  it('names who said what about which text, and what its publisher only claims', () => {
    const text = describeJob(waited, false);
    expect(text).toContain('ann (claimed by a manual publisher)');
    expect(text).toMatch(/^ {2}approve {3}bob {2}2026-01-01T10:40:00\.000Z {2}text aaaaaaaaaaaa$/m);
    expect(text).not.toContain('\u001b');
    expect(describeJob({ ...waited, claimed: false }, false)).not.toContain('claimed');
  });
});

describe('the status of a device', () => {
  const state = goodState('leaf1');
  const cell = (head: string, more: Partial<typeof state>, intended: ReturnType<typeof entry>['intended'] = null) =>
    statusColumns
      .find((column) => column.head === head)
      ?.cell({
        device: 'leaf1',
        entry: { ...entry('leaf1'), intended },
        state: { ...state, ...more },
        runner: 'r1',
        sync: 'in_sync',
        session: 'connected',
        reason: '',
      });
  const applied = state.applied && { ...state.applied, commit: 'fedcba9876543210', claimed: true };
  const path = 'intended/configs/leaf1.cfg';

  it('marks a commit that is claimed, and shows the one of the source where that holds these bytes', () => {
    expect(cell('COMMIT', { applied })).toBe('fedcba98?');
    expect(cell('COMMIT', { applied }, { sha256: sha, path, commit: '0123456789abcdef' })).toBe('01234567');
    expect(cell('COMMIT', { applied }, { sha256: 'f'.repeat(64), path, commit: '0123456789abcdef' })).toBe('fedcba98?');
  });

  it('counts its age from the last change of what runs, and tells none where that is not known', () => {
    const hours = (count: number) => new Date(Date.now() - count * 3_600_000).toISOString();
    expect(cell('AGE', { changed: { at: hours(3), runningSha256: sha } })).toBe('3h');
    expect(cell('AGE', { changed: { at: null, runningSha256: sha } })).toBe('');
  });
});

describe('a job that ran a command', () => {
  const job: Job = {
    ...newJob('leaf1', 'command'),
    change: 'CHG-1',
    request: { command: 'clear ip bgp *\n\u001b[2J' },
  };

  it('shows it beside the reason, and in the wide list', () => {
    expect(describeJob(job, false)).toMatch(/^command {5}clear ip bgp \*.*\n(?:.*\n)*change {6}CHG-1$/m);
    expect(describeJob(job, false)).not.toContain('\u001b');
    const cell = jobColumns.find(({ head }) => head === 'COMMAND')?.cell;
    expect(cell?.(job)).toMatch(/^clear ip bgp \*/);
    expect(cell?.(waited)).toBe('');
    expect(describeJob(waited, false)).not.toMatch(/^command/m);
  });
});
