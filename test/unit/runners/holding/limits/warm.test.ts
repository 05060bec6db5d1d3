import { describe, expect, it } from 'vitest';
import { explain, PlumbError } from '../../../../../core/errors.ts';
import { WarmSession } from '../../../../../runners/holding/warm-session.ts';
import { FakeDevice } from '../../../../fake-device.ts';
import { leaseForTest } from '../../../../lease.ts';

const never = new AbortController().signal;

const gate = { failed: explain, worked: () => {}, tryNow: () => {} };

describe('a session while no login may be made', () => {
  const full = () => {
    const { open } = new FakeDevice('hostname leaf1\n').driver;
    const talks: boolean[] = [];
    const warm = new WarmSession(
      (signal) => open({} as never, signal),
      leaseForTest('leaf1', 'me', 1),
      () => {},
      (begins) => void talks.push(begins),
      { ...gate, turn: () => Promise.reject(new PlumbError('cancelled', 'leaf1: waited long enough')) },
    );
    return { warm, talks };
  };

  it('waits before it logs in, for work and for a proof that comes before a commit', async () => {
    const { warm, talks } = full();
    await expect(warm.use((session) => session.facts())).rejects.toThrow('waited long enough');
    await expect(warm.freshInTurn(never)).rejects.toThrow('waited long enough');
    expect(talks).toEqual([]); // nothing was said to the device
  });

  it('is logged in to at once for a check of a trial, and for what takes something back', async () => {
    const { warm } = full();
    await (await warm.fresh(never))[Symbol.asyncDispose]();
    expect(await warm.use((session) => session.config('running'), { what: 'a rollback', urgent: true })).toBe(
      'hostname leaf1\n',
    );
    expect(await warm.use((session) => session.config('running'))).toBe('hostname leaf1\n'); // the session is there now
  });
});
