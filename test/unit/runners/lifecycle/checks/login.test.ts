import { describe, expect, it } from 'vitest';
import { PlumbError } from '../../../../../core/errors.ts';
import { WarmSession } from '../../../../../runners/holding/warm-session.ts';
import { checkLogin } from '../../../../../runners/lifecycle/checks/login.ts';
import { FakeDevice } from '../../../../fake-device.ts';
import { leaseForTest } from '../../../../lease.ts';

const never = new AbortController().signal;

/** A device that lets no new session in, with the one of before or without. */
const cutOff = async (warmStands: boolean) => {
  const device = new FakeDevice('');
  const { open } = device.driver;
  const warm = new WarmSession(
    (signal) => open({} as never, signal),
    leaseForTest('leaf1', 'me', 1),
    () => {},
  );
  if (warmStands) await warm.use(async () => {});
  device.cutNew = true;
  return { device, warm };
};

describe('a login after the commit that does not work', () => {
  const login = (warm: WarmSession, seconds = 1.1) =>
    checkLogin(warm, { deadlineMs: performance.now() + seconds * 1000, signal: never });

  it('says that the change cut the connection, for how long it was tried, and what came back', async () => {
    const { warm } = await cutOff(false);
    expect(await login(warm)).toEqual({
      name: 'login',
      on: 'a new connection',
      ok: false,
      detail: expect.stringMatching(
        /^the connection was lost when the change took effect and no new login worked for [1-9]\d* s: fake: connection timed out$/,
      ),
    });
  });

  it('says that the connection of before stands where it does', async () => {
    const { warm } = await cutOff(true);
    expect(await login(warm)).toMatchObject({
      detail: expect.stringMatching(
        /^the earlier connection is still up and no new login worked for [1-9]\d* s: fake: connection timed out$/,
      ),
    });
  });

  it('says that there was no time where the deadline is over', async () => {
    const { warm } = await cutOff(false);
    expect(await login(warm, 0)).toMatchObject({
      detail: 'the connection was lost when the change took effect, and there was no time left for a new login',
    });
  });

  it('is not tried again with credentials that were refused', async () => {
    const { device, warm } = await cutOff(false);
    let tries = 0;
    device.on = (operation) => {
      if (operation !== 'open') return;
      tries++;
      throw new PlumbError('unauthorized', 'fake: permission denied', { hint: 'see credentials' });
    };
    expect(await login(warm)).toMatchObject({
      ok: false,
      detail: 'fake: permission denied; see credentials; then `plumb retry`',
    });
    expect(tries).toBe(1);
  });
});
