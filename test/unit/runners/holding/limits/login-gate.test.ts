import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PlumbError } from '../../../../../core/errors.ts';
import { LoginGate } from '../../../../../runners/holding/limits/login-gate.ts';
import { Pace } from '../../../../../runners/holding/limits/pace.ts';
import { WarmSession } from '../../../../../runners/holding/warm-session.ts';
import { until } from '../../../../../runners/lifecycle/trial/wait.ts';
import { FakeDevice } from '../../../../fake-device.ts';
import { leaseForTest } from '../../../../lease.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'Date'], now: Date.parse('2026-01-31T09:00:00Z') });
});
afterEach(() => void vi.useRealTimers());

/** A device that is looked at every 30 s, and the error that its status shows. */
const gated = () => {
  const device = new FakeDevice('hostname leaf1\n');
  const trial = { isOn: false };
  const gate = new LoginGate({
    device: 'leaf1',
    pollSeconds: 30,
    pace: new Pace(() => []),
    stop: new AbortController().signal,
    isOnTrial: () => trial.isOn,
    waits: () => {},
  });
  const shown: string[] = [];
  const warm = new WarmSession(
    (signal) => device.driver.open({} as never, signal),
    leaseForTest('leaf1', 'me', 1),
    (_connected, error) => void shown.push(error),
    () => {},
    gate,
  );
  let tries = 0;
  device.on = (operation) => {
    if (operation === 'open') tries++;
  };
  const look = () => warm.use((session) => session.config('running'));
  const failing = async (times: number) => {
    for (let n = 0; n < times; n++) await look().catch(() => {});
  };
  return { device, trial, warm, shown, look, failing, tries: () => tries };
};

describe('logins that fail one after the other', () => {
  it('are paused after the fifth for twice the time between two looks, and the status says until when', async () => {
    const { device, shown, look, failing, tries } = gated();
    device.cutNew = true;
    await failing(5);
    expect(shown.at(-1)).toBe(
      'fake: connection timed out; 5 logins failed in a row, and none is tried before 2026-01-31 09:01:00 UTC; `plumb retry leaf1` tries at once',
    );
    const before = tries();
    await expect(look()).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringMatching(
        /^fake: .*; 5 logins failed in a row, and none is tried before 2026-01-31 09:01:00 UTC$/,
      ),
      hint: expect.stringContaining('`plumb retry leaf1` tries at once'),
    });
    expect(tries()).toBe(before);
    vi.advanceTimersByTime(60_001);
    await failing(2); // one of them tries
    expect(tries()).toBe(before + 1);
    expect(shown.at(-1)).toContain('6 logins failed in a row, and none is tried before 2026-01-31 09:03:00 UTC');
  });

  it('never wait longer than five minutes, and count anew once one worked', async () => {
    const { device, warm, shown, look, failing } = gated();
    device.cutNew = true;
    for (let n = 0; n < 20; n++) {
      await failing(1);
      vi.advanceTimersByTime(300_001);
    }
    device.cutNew = false;
    expect(await look()).toBe('hostname leaf1\n');
    expect(shown.at(-1)).toBe('');
    await warm.reset('gone');
    device.cutNew = true;
    await failing(4);
    expect(shown.at(-1)).toBe('fake: connection timed out');
  });

  it('do not keep a person from trying, nor a trial from being looked at', async () => {
    const { device, trial, warm, look, failing } = gated();
    device.cutNew = true;
    await failing(5);
    device.cutNew = false;
    await expect(look()).rejects.toThrow('5 logins failed in a row');
    trial.isOn = true;
    expect(await look()).toBe('hostname leaf1\n');
    await warm.reset('gone');
    trial.isOn = false;
    device.cutNew = true;
    await failing(5);
    device.cutNew = false;
    warm.forgive(); // `plumb retry`
    expect(await look()).toBe('hostname leaf1\n');
  });
});

describe('logins that are refused', () => {
  it('are not repeated by looks', async () => {
    const { device, failing, shown, tries } = gated();
    device.refuses = true;
    await failing(9);
    expect(tries()).toBe(1);
    expect(shown.at(-1)).toBe('fake: permission denied');
  });

  it('are not repeated with each look at what became of a trial', async () => {
    vi.useRealTimers();
    let tries = 0;
    const refused = async (): Promise<never> => {
      tries++;
      throw new PlumbError('unauthorized', 'leaf1: permission denied');
    };
    const lease = leaseForTest('leaf1', 'me', 1);
    await expect(until(performance.now() + 1_050, { lease }, refused)).rejects.toMatchObject({ code: 'timeout' });
    expect(tries).toBe(1); // others are looked at after a second
  });
});
