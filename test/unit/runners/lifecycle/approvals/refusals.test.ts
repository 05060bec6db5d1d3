import { describe, expect, it } from 'vitest';
import { refuseUnlike } from '../../../../../runners/lifecycle/approvals/refusals.ts';

const approval = { intent: 'a'.repeat(64), running: 'b'.repeat(64) };
const asked = { job: '0mx3', approval, given: undefined };
const given = { did: 'approve', by: 'ann', at: '2026-11-30T12:00:00Z' } as const;

describe('an approval', () => {
  it('counts once', () => {
    const why = { code: 'conflict', message: expect.stringMatching(/^leaf1: job 0mx3 .* ann/) };
    expect(() => refuseUnlike('leaf1', { ...asked, given }, approval)).toThrow(expect.objectContaining(why));
  });

  it.each([{ intent: 'c'.repeat(64) }, { running: 'c'.repeat(64) }])('does not count for another diff: %o', (seen) => {
    const why = { code: 'conflict', hint: expect.stringContaining('plumb job 0mx3') };
    expect(() => refuseUnlike('leaf1', asked, seen)).toThrow(expect.objectContaining(why));
  });

  it.each([{}, approval])('counts for what the approver saw, where that was said: %o', (seen) => {
    expect(() => refuseUnlike('leaf1', asked, seen)).not.toThrow();
  });
});
