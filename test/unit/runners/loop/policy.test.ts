import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { InventoryEntry } from '../../../../core/bus.ts';
import { defaultPolicy, type Inventory, type Policy } from '../../../../core/inventory/schema.ts';
import { stricter } from '../../../../core/inventory/stricter.ts';
import { sha256 } from '../../../../core/store/payload.ts';
import { putRecord } from '../../../../core/store/records.ts';
import type { Store } from '../../../../core/store/store.ts';
import { startRunner } from '../../../../runners/main.ts';
import { FakeDevice } from '../../../fake-device.ts';
import { natsForTest } from '../../../nats.ts';
import { deployForTest, deviceForTest, publishForTest, stateWhen } from '../../../runner.ts';

const old = 'hostname leaf1\nip route 10.0.0.0/8 Null0\nntp server 192.0.2.1\n';
const wanted = 'hostname leaf1\nip route 10.0.0.0/8 Null0\nntp server 192.0.2.2\n';

const inventoryOf = (policy: Partial<Policy>): Inventory => {
  const entry = deviceForTest(policy);
  return { site: 'dc1', lab: true, path: '/dev/null', devices: new Map([[entry.name, entry]]) };
};
const runnerOf = (store: Store, device: FakeDevice, inventoryNow?: () => Promise<Inventory>) =>
  startRunner({
    store,
    inventory: inventoryOf({}),
    ...(inventoryNow ? { inventoryNow } : {}),
    driverFor: () => device.driver,
    knownHosts: '/dev/null',
    log: pino({ level: 'silent' }),
    version: 'test',
    settled: true,
  });
const published = (policy: Partial<Policy>, text: string): InventoryEntry => ({
  device: 'leaf1',
  host: '127.0.0.1',
  platform: 'generic',
  groups: [],
  policy: { ...defaultPolicy, firstDeployment: 'auto', ...policy },
  intended: { sha256: sha256(text), path: 'intended/configs/leaf1.cfg' },
});

describe('a text that comes with a stricter policy', () => {
  it('waits for an approval by the inventory of the runner, which nothing has told of it', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    let now = inventoryOf({});
    await using _runner = await runnerOf(nats.store, device, async () => now);
    await stateWhen(nats.store, ({ session }) => session.state === 'connected');
    now = inventoryOf({ approval: 'manual' });
    await publishForTest(nats.store, wanted);
    await stateWhen(nats.store, ({ sync }) => sync === 'awaiting');
    expect(device.commits).toEqual([]);
  });

  it('waits by what was published with it, where the inventory of the runner is another one', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    await using _runner = await runnerOf(nats.store, device);
    await putRecord(nats.store.inventory, 'leaf1', published({ approval: 'manual' }, old));
    await deployForTest(nats.store, wanted, {}, 'awaiting');
    expect(device.commits).toEqual([]);
  });

  it.each([
    ['with it', {}],
    ['with it, and a larger text allowed by another release', { maxBytes: 64 * 1024 * 1024 }],
  ])('is refused where it loses a line that came to be protected %s', async (_, more) => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    await using _runner = await runnerOf(nats.store, device);
    await putRecord(nats.store.inventory, 'leaf1', published({ protect: ['ntp server 192.0.2.1'], ...more }, old));
    const { outcome } = await deployForTest(nats.store, wanted);
    expect(outcome).toMatchObject({ code: 'refused', detail: expect.stringContaining('protected line') });
  });
});

describe('of two policies', () => {
  const strict: Partial<Policy> = {
    approval: 'manual',
    firstDeployment: 'manual',
    maxLossPercent: 5,
    maxPrefixLossPercent: 1,
    maxBytes: 1_000,
    protect: ['a'],
    checks: { ...defaultPolicy.checks, rib: 1 },
    probes: [{ command: 'show x' }],
  };
  const loose: Policy = {
    ...defaultPolicy,
    firstDeployment: 'auto',
    checks: { ...defaultPolicy.checks, rib: 'off', lldp: 'off' },
  };

  it('both are kept to, whichever is the runner’s own', () => {
    const wanted = { ...strict, checks: { ...defaultPolicy.checks, rib: 1 } };
    expect(stricter(loose, strict)).toMatchObject(wanted);
    expect(stricter({ ...loose, ...strict }, loose)).toMatchObject(wanted);
  });

  it('one that another release published, with less in it, takes nothing away', () => {
    expect(stricter({ ...loose, ...strict }, {})).toEqual({ ...loose, ...strict });
  });
});
