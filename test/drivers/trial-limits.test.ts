import { describe, expect, it } from 'vitest';
import type { PlatformName } from '../../lab/sim/platforms.ts';
import { heldSeconds } from '../../runners/lifecycle/trial/timer.ts';
import { natsForTest } from '../nats.ts';
import { deployForTest } from '../runner.ts';
import { held } from './held.ts';

const cases: { platform: PlatformName; before: string; more: string; most: number; unit: number }[] = [
  {
    platform: 'ios',
    before:
      'version 16.12\nhostname leaf1\n!\narchive\n path flash:archive\n!\ninterface GigabitEthernet1\n no shutdown\n!\nend\n',
    more: 'interface Loopback7\n ip address 10.0.0.7 255.255.255.255\n!\n',
    most: 7_200,
    unit: 60,
  },
  {
    platform: 'nxos',
    before: 'version 10.3(4a) Bios:version\nhostname leaf1\n\ninterface Ethernet1/1\n  no shutdown\n\nline vty\n',
    more: 'interface loopback7\n  ip address 10.0.0.7/32\n\n',
    most: 3_600,
    unit: 1,
  },
];
const after = (before: string, more: string) => before.replace(/(?=^(?:end|line vty)$)/m, more);

describe.each(cases)('a deployment to $platform', ({ platform, before, more, most, unit }) => {
  it('that asks for a longer trial than the timer holds says so, and knows when the device would undo it', async () => {
    await using nats = await natsForTest();
    await using device = await held(nats.store, 'ssh', { platform, config: before });
    const job = await deployForTest(nats.store, after(before, more), { confirmSeconds: 86_400 });
    expect(job).toMatchObject({ outcome: { kind: 'applied' }, confirmSeconds: most });
    expect(job.warnings.join()).toContain(
      `a trial of 86400 s was requested, but the timer of ${platform} allows at most ${most} s`,
    );
    const again = await deployForTest(nats.store, before, { confirmSeconds: 95, force: 'a small text' });
    expect(again).toMatchObject({ outcome: { kind: 'applied' }, confirmSeconds: unit === 60 ? 120 : 95, warnings: [] });
    expect(device.sim.trial).toBeUndefined();
  });
});

it('a timer is rounded up to its unit and kept within what it can hold', () => {
  const minutes = { trialUnitSeconds: 60, trialSeconds: { least: 60, most: 7_200 } };
  expect([1, 60, 61, 7_200, 7_201].map((seconds) => heldSeconds(minutes, seconds))).toEqual([
    60, 60, 120, 7_200, 7_200,
  ]);
  expect([1, 61, 1e6].map((seconds) => heldSeconds({ trialUnitSeconds: 1 }, seconds))).toEqual([1, 61, 1e6]);
});
