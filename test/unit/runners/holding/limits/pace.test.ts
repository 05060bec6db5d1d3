import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PlumbError } from '../../../../../core/errors.ts';
import type { Limit } from '../../../../../runners/holding/limits/limit.ts';
import { Pace } from '../../../../../runners/holding/limits/pace.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

const never = new AbortController().signal;

const limit = (of: string, share: number, forAll = false): Limit => ({ of, written: share, share, runners: 1, forAll });

/** Who may log in, in order, under these limits. */
const paceOf = (limitsOf: (device: string) => readonly Limit[]) => {
  const pace = new Pace(limitsOf);
  const went: string[] = [];
  const told: string[] = [];
  const ask = (device: string, signal = never) =>
    pace.turn(device, signal, (why) => void told.push(`${device}: ${why}`)).then(() => void went.push(device));
  return { went, told, ask };
};

describe('a limit of logins a second', () => {
  it('lets as many in at once as a second brings, then one after the other', async () => {
    const { went, ask } = paceOf(() => [limit('this runner', 4, true)]);
    const all = Promise.all(Array.from({ length: 10 }, (_, n) => ask(`r${n}`)));
    await vi.advanceTimersByTimeAsync(0);
    expect(went).toEqual(['r0', 'r1', 'r2', 'r3']);
    await vi.advanceTimersByTimeAsync(1_010);
    expect(went).toHaveLength(8);
    await vi.advanceTimersByTimeAsync(1_000);
    await all;
    expect(went.slice(8)).toEqual(['r8', 'r9']);
  });

  it('of a slow group delays no device of another, and says after two seconds what is waited for', async () => {
    const { went, told, ask } = paceOf((device) => [
      limit('this runner', 100, true),
      ...(device.startsWith('edge') ? [limit('group edge', 0.1)] : []),
    ]);
    void ask('edge1');
    void ask('edge2');
    void ask('core1');
    await vi.advanceTimersByTimeAsync(0);
    expect(went).toEqual(['edge1', 'core1']);
    await vi.advanceTimersByTimeAsync(2_500);
    expect(told).toEqual(['edge2: waiting for its turn to log in (limit 0.1 a second of group edge)']);
    await vi.advanceTimersByTimeAsync(8_000);
    expect(went).toEqual(['edge1', 'core1', 'edge2']);
    expect(told.slice(1)).toEqual(['edge2: ']); // and that it is no longer so
  });

  it('is waited for no longer than whoever asks is there', async () => {
    const { went, ask } = paceOf(() => [limit('this runner', 0.5, true)]);
    const gone = new AbortController();
    void ask('r1');
    const stopped = expect(ask('r2', gone.signal)).rejects.toThrow('r2: the runner stops');
    void ask('r3');
    gone.abort(new PlumbError('cancelled', 'r2: the runner stops'));
    await stopped;
    await vi.advanceTimersByTimeAsync(2_100);
    expect(went).toEqual(['r1', 'r3']);
  });
});
