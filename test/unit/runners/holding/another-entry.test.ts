import { describe, expect, it } from 'vitest';
import { newJob } from '../../../../core/store/jobs.ts';
import type { Session, Trial } from '../../../../runners/driver.ts';
import { recoverDevice } from '../../../../runners/holding/recover.ts';
import { FakeDevice } from '../../../fake-device.ts';
import { leaseForTest } from '../../../lease.ts';
import { natsForTest } from '../../../nats.ts';
import { runnerForTest } from '../../../runner.ts';
import { storeJob } from '../../../stored.ts';

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

  it("is undone where its job's id was given by hand to another device's as well, whose record is the newer one", async () => {
    await using nats = await natsForTest();
    const ours = newJob('leaf1', 'deploy');
    await storeJob(nats.store, ours);
    await storeJob(nats.store, newJob('leaf2', 'deploy', ours.id));
    const device = new FakeDevice('tried\n');
    const name = { job: ours.id, epoch: 0, sha256: '' };
    const timer = setTimeout(() => {}, 0);
    device.trial = { name, before: 'before\n', expiresAt: new Date(Date.now() + 600_000), timer, phase: 'armed' };
    await using _runner = await runnerForTest(nats.store, device);
    await expect.poll(() => device.trial, { timeout: 20_000 }).toBeUndefined();
    expect(device.running).toBe('before\n');
  });
});
