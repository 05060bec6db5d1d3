import { expect, it } from 'vitest';
import { DeviceState } from '../../../../core/bus.ts';
import { ask } from '../../../../core/store/ask.ts';
import { getRecord } from '../../../../core/store/records.ts';
import { FakeDevice, peer } from '../../../fake-device.ts';
import { natsForTest } from '../../../nats.ts';
import { runnerForTest } from '../../../runner.ts';

it('who asks for BGP sessions has the record show the same, before the next look at the device', async () => {
  await using nats = await natsForTest();
  const device = new FakeDevice('hostname leaf1\n');
  let up = false;
  device.bgp = () => ({ global: { router_id: null, peers: { '10.0.0.0': peer({ is_up: up }) } } });
  await using _ = await runnerForTest(nats.store, device, { pollSeconds: 600 });
  const recorded = async () => (await getRecord(nats.store.state, DeviceState, 'leaf1'))?.value.bgp;
  await expect.poll(recorded, { timeout: 10_000 }).toMatchObject({ established: 0, expected: 1 });
  up = true;
  await ask(nats.store, 'leaf1', 'bgp', {});
  expect(await recorded()).toMatchObject({ established: 1, expected: 1 });
});
