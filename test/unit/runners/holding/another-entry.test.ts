import { describe, expect, it } from 'vitest';
import type { Session, Trial } from '../../../../runners/driver.ts';
import { recoverDevice } from '../../../../runners/holding/recover.ts';
import { leaseForTest } from '../../../lease.ts';

/** A device on which a trial of ours waits, seen by whoever logs in. */
const withTrial = () => {
  const done: string[] = [];
  const trial: Trial = {
    name: 'plumb-0k1234567job00000000-1',
    job: '0k1234567job00000000',
    epoch: 1,
    owner: 'Plumbline',
    expiresAt: undefined,
    phase: 'armed',
    confirm: async () => void done.push('confirmed'),
    undo: async () => void done.push('undone'),
  };
  const session = {
    pending: async () => trial,
    clean: async () => {
      done.push('cleaned');
      return [];
    },
  } satisfies Partial<Session>;
  return { session: session as unknown as Session, done };
};

const recover = (session: Session, owner: string | undefined) =>
  recoverDevice(
    session,
    leaseForTest('leaf1', 'r1', 5),
    async () => [],
    async () => owner,
  );

describe('a trial that waits at the host of two entries of the inventory', () => {
  it('is left alone by the one whose job it is not, though its epoch is lower', async () => {
    const { session, done } = withTrial();
    expect(await recover(session, 'leaf1-again')).toEqual([
      expect.stringMatching(/^left alone: .* belongs to leaf1-again/),
    ]);
    expect(done).toEqual([]);
  });

  it.each(['leaf1', undefined])('is undone where the record of its job says %s', async (owner) => {
    const { session, done } = withTrial();
    await recover(session, owner);
    expect(done).toEqual(['undone', 'cleaned']);
  });
});
