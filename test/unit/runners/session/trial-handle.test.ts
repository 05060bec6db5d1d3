import { describe, expect, it } from 'vitest';
import { goneTrial, trialHandle } from '../../../../runners/session/trial-handle.ts';

const job = '0'.repeat(26);
const asked: string[] = [];
const ends = { confirm: async () => void asked.push('confirm'), undo: async () => void asked.push('undo') };

describe('the handle of a trial', () => {
  it('says by the name whose trial it is', () => {
    expect(trialHandle('leaf1', { name: `plumb-${job}-7` }, ends)).toMatchObject({ job, epoch: 7, owner: 'Plumbline' });
    const foreign = trialHandle('leaf1', { name: 'maintenance', owner: 'bob' }, ends);
    expect(foreign).toMatchObject({ job: undefined, epoch: undefined, owner: 'bob', phase: 'armed' });
  });

  it.each([
    ['of somebody', { name: 'maintenance', owner: 'bob' }, undefined],
    ['of ours on another device', { name: `plumb-${job}-7`, owner: 'bob' }, 'leaf2'],
  ])('never undoes one %s', async (_, seen, sibling) => {
    asked.length = 0;
    const refusal = { code: 'undo_failed', message: `leaf1: trial "${seen.name}" of bob is not ours to undo` };
    await expect(trialHandle('leaf1', seen, ends, sibling).undo()).rejects.toMatchObject(refusal);
    expect(asked).toEqual([]);
  });

  it('tells what the device said instead of a confirm', () => {
    expect(goneTrial('leaf1', 'x', 'undone').message).toBe('leaf1: trial "x" ended before it was confirmed (undone)');
  });
});
