import { expect, it } from 'vitest';
import { FakeDevice, peer } from '../../../fake-device.ts';
import { natsForTest } from '../../../nats.ts';
import { deployForTest, runnerForTest } from '../../../runner.ts';

it('a device that lists its trial no more while it still goes back is not said to have failed to', async () => {
  await using nats = await natsForTest();
  const old = 'hostname leaf1\nrouter bgp 65001\n';
  const device = new FakeDevice(old);
  device.bgp = () => ({
    global: { router_id: null, peers: { '10.0.0.0': peer(device.running === old ? {} : { is_up: false }) } },
  });
  // its own undo: the trial is gone from the list at once, what runs is changed two seconds later
  device.on = (operation) => {
    if (operation !== 'undo' || !device.trial) return;
    device.trial = undefined;
    setTimeout(() => {
      device.running = old;
    }, 2_000);
  };
  await using _runner = await runnerForTest(nats.store, device);
  const job = await deployForTest(nats.store, `${old}neighbor 10.0.0.0\n`, { confirmSeconds: 5 });
  expect(job.outcome).toMatchObject({ code: 'check_failed' });
  expect(device.running).toBe(old);
});
