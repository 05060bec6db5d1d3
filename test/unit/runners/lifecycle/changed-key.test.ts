import { expect, it } from 'vitest';
import { type FailureCode, PlumbError } from '../../../../core/errors.ts';
import { FakeDevice } from '../../../fake-device.ts';
import { natsForTest } from '../../../nats.ts';
import { deployForTest, runnerForTest, stateWhen } from '../../../runner.ts';

const old = 'hostname leaf1\nrouter bgp 65001\n';
const wanted = `${old} neighbor 10.0.0.0\n`;

it.each<FailureCode>(['host_key_changed', 'host_key_unknown', 'unauthorized', 'unreachable'])(
  'a new connection that is %s while the warm one still stands leaves the device untouched',
  async (code) => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    await using _runner = await runnerForTest(nats.store, device);
    await stateWhen(nats.store, ({ session }) => session.state === 'connected');
    device.on = (operation) => {
      if (operation === 'open') throw new PlumbError(code, `leaf1: ${code}`);
    };
    const { outcome, steps } = await deployForTest(nats.store, wanted);
    expect(outcome).toMatchObject({ kind: 'failed', code });
    expect(steps.map(({ step }) => step)).not.toContain('committing');
    expect([device.commits, device.running]).toEqual([[], old]);
  },
);
