import { expect, it } from 'vitest';
import { ask } from '../../core/store/ask.ts';
import { natsForTest } from '../nats.ts';
import { deployForTest } from '../runner.ts';
import { atCheck } from './events.ts';
import { held } from './held.ts';

const before =
  'hostname leaf1\n!\nusername admin privilege 15 role network-admin secret sha512 $6$abc$def\n!\ninterface Ethernet1\n   no switchport\n!\nend\n';
const after = before.replace('end\n', 'interface Loopback7\n   ip address 10.0.0.7/32\n!\nend\n');

it('a confirmed configuration that cannot be saved is said to run unsaved, and is saved once there is room', async () => {
  await using nats = await natsForTest();
  await using device = await held(nats.store, 'ssh', { platform: 'eos', config: before });
  atCheck(device.sim, () => device.sim.faults.set({ fullFlash: true }));
  const job = await deployForTest(nats.store, after, { confirmSeconds: 600 });
  expect(job.outcome).toMatchObject({
    code: 'not_converged',
    detail: expect.stringMatching(
      /^leaf1: the change was confirmed and is in force.*finishing it failed: .*write memory/,
    ),
  });
  expect([device.sim.running, device.sim.startup].map((text) => text.includes('Loopback7'))).toEqual([true, false]);
  device.sim.faults.set({ fullFlash: false });
  await ask(nats.store, 'leaf1', 'retry', {}); // or the next look, within a minute
  await expect.poll(() => device.sim.startup, { timeout: 30_000 }).toContain('Loopback7');
});

it('a commit that the device refused is not said to have been undone', async () => {
  await using nats = await natsForTest();
  await using device = await held(nats.store, 'ssh', {
    platform: 'eos',
    config: before,
    faults: { failCommit: '% Cannot commit' },
  });
  const job = await deployForTest(nats.store, after, { confirmSeconds: 600 });
  expect(job.outcome).toMatchObject({ code: 'commit_failed' });
  expect(job.steps.map(({ detail }) => detail).join()).toContain('there was nothing to undo');
  expect(device.sim.running).not.toContain('Loopback7');
});
