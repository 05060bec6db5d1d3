import { expect, it } from 'vitest';
import { FakeDevice } from '../../../fake-device.ts';
import { natsForTest } from '../../../nats.ts';
import { deployForTest, runnerForTest } from '../../../runner.ts';

it('a trial that somebody confirmed on the device before the runner did is applied, and the job says so', async () => {
  await using nats = await natsForTest();
  const device = new FakeDevice('hostname leaf1\nrouter bgp 65001\n');
  device.on = (operation) => {
    if (operation === 'run' && device.trial) device.trial.phase = 'confirmed';
  };
  const probes = [{ command: 'show x', contains: 'output' }];
  await using _runner = await runnerForTest(nats.store, device, { probes });
  const wanted = 'hostname leaf1\nrouter bgp 65001\n neighbor 10.0.0.0\n';
  const job = await deployForTest(nats.store, wanted);
  expect(job.outcome).toEqual({ kind: 'applied' });
  expect(job.warnings).toContain('someone else confirmed the trial on the device before the runner did');
  expect(device.startup).toBe(wanted);
});
