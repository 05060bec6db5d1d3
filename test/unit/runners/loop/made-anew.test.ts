import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DeviceState, type InventoryEntry, Lease } from '../../../../core/bus.ts';
import { fetchIntent, publishIntent } from '../../../../core/store/intents.ts';
import { getRecord, putRecord } from '../../../../core/store/records.ts';
import { States } from '../../../../watcher/publishing/states.ts';
import { FakeDevice } from '../../../fake-device.ts';
import { natsForTest } from '../../../nats.ts';
import { runnerForTest } from '../../../runner.ts';

const old = 'hostname leaf1\nrouter bgp 65001\n';
const wanted = `${old} neighbor 10.0.0.0\n`;
const gone: InventoryEntry = {
  device: 'leaf1',
  host: '127.0.0.1',
  platform: 'generic',
  groups: [],
  policy: {},
  intended: null,
};
/** Each stream is asked every 5 s whether it is still the same one; without that a look comes after 60 s only. */
const soon = { timeout: 15_000 };

describe('after its stream was deleted and made anew', () => {
  let nats: Awaited<ReturnType<typeof natsForTest>>;
  const stateOf = async () => (await getRecord(nats.store.state, DeviceState, 'leaf1'))?.value;
  const holder = async () => (await getRecord(nats.store.lease, Lease, 'leaf1'))?.value.runner;
  const makeAnew = async (name: string) => {
    await nats.store.jsm.streams.delete(name);
    await nats.store.ensure();
  };

  beforeEach(async () => {
    nats = await natsForTest();
  });
  afterEach(() => nats[Symbol.asyncDispose]());

  it('an intent is still heard of by the runner', async () => {
    const device = new FakeDevice(old);
    await using _runner = await runnerForTest(nats.store, device);
    await expect.poll(async () => (await stateOf())?.session.state, soon).toBe('connected');
    await makeAnew('dc1-intent');
    await publishIntent(nats.store, 'leaf1', wanted, { fromSource: true });
    await expect.poll(() => device.running, soon).toBe(wanted);
  });

  it('a missing stream of intents is made again by the runner, too', async () => {
    await using _runner = await runnerForTest(nats.store, new FakeDevice(old));
    await expect.poll(async () => (await stateOf())?.session.state, soon).toBe('connected');
    await nats.store.jsm.streams.delete('dc1-intent');
    await expect
      .poll(
        () =>
          fetchIntent(nats.store, 'leaf1').then(
            () => 'there',
            () => 'missing',
          ),
        soon,
      )
      .toBe('there');
  });

  it('an entry of the inventory is still heard of by the runner', async () => {
    await using _runner = await runnerForTest(nats.store, new FakeDevice(old));
    await expect.poll(async () => (await stateOf())?.session.state, soon).toBe('connected');
    await makeAnew('KV_dc1-inventory');
    await putRecord(nats.store.inventory, 'leaf1', gone);
    await expect.poll(async () => (await stateOf())?.sync, soon).toBe('unmanaged');
  });

  it('a lease that is given back is still heard of by the runner that waits', async () => {
    const device = new FakeDevice(old);
    const first = await runnerForTest(nats.store, device);
    await expect.poll(holder, soon).toBe(first.name);
    await using second = await runnerForTest(nats.store, device);
    await makeAnew('KV_dc1-lease');
    await expect.poll(holder, soon).toBeDefined();
    const [holds, waits] = (await holder()) === first.name ? [first, second] : [second, first];
    await holds[Symbol.asyncDispose]();
    // who does not hear of it waits until the lease would have expired
    await expect.poll(holder, { timeout: 7_000 }).toBe(waits.name);
    await first[Symbol.asyncDispose]();
  });

  it('what a runner tried is still heard of by the watcher', async () => {
    const stale: string[] = [];
    const states = new States(
      nats.store,
      () => {},
      () => void stale.push('stale'),
    );
    await states.look();
    await makeAnew('KV_dc1-state');
    await using _runner = await runnerForTest(nats.store, new FakeDevice(old));
    await publishIntent(nats.store, 'leaf1', wanted, { fromSource: true });
    await expect.poll(() => states.of('leaf1').tried?.outcome, soon).toBe('applied');
    await expect.poll(() => stale, soon).toEqual(['stale']);
    states.stop();
  });
});
