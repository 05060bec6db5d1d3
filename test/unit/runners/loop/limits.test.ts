import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { SiteLimits } from '../../../../core/inventory/limits.ts';
import type { Inventory } from '../../../../core/inventory/schema.ts';
import { publishIntent } from '../../../../core/store/intents.ts';
import { newJob, putJob } from '../../../../core/store/jobs.ts';
import { putRecord } from '../../../../core/store/records.ts';
import type { Store } from '../../../../core/store/store.ts';
import { startRunner } from '../../../../runners/main.ts';
import { FakeDevice } from '../../../fake-device.ts';
import { natsForTest } from '../../../nats.ts';
import { deviceForTest, jobAt, publishForTest, stateWhen } from '../../../runner.ts';
import { stateOf } from '../../api/harness.ts';

const old = (name: string) => `hostname ${name}\n`;
const wanted = (name: string) => `${old(name)}ntp server 192.0.2.1\n`;

/** A runner of leaf1 and leaf2, which are in the group edge. */
const runnerOf = (store: Store, devices: Record<'leaf1' | 'leaf2', FakeDevice>, limits: SiteLimits) => {
  const entries = Object.keys(devices).map((name) => {
    return [name, { ...deviceForTest({}, name), groups: ['edge'] }] as const;
  });
  const inventory: Inventory = { site: 'dc1', lab: true, path: '/dev/null', devices: new Map(entries), limits };
  const { leaf1, leaf2 } = devices;
  const open: FakeDevice['driver']['open'] = (context, signal) =>
    (context.device.name === 'leaf1' ? leaf1 : leaf2).driver.open(context, signal);
  return startRunner({
    store,
    inventory,
    driverFor: () => ({ ...leaf1.driver, open }),
    knownHosts: '/dev/null',
    log: pino({ level: 'silent' }),
    version: 'test',
    settled: true,
  });
};

const twoDevices = () => ({ leaf1: new FakeDevice(old('leaf1')), leaf2: new FakeDevice(old('leaf2')) });

/** Resolves when that is done on the device, which then waits. */
const happens = (device: FakeDevice, what: string, until = Promise.resolve()): Promise<void> =>
  new Promise((resolve) => {
    device.on = async (operation) => {
      if (operation !== what) return;
      resolve();
      await until;
    };
  });

describe.concurrent('the limits of a group', () => {
  it('let a deployment wait until another one has ended, and `plumb status` says so', async () => {
    await using nats = await natsForTest();
    const devices = twoDevices();
    let goOn = () => {};
    const until = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const began = happens(devices.leaf2, 'commit', until);
    await using _runner = await runnerOf(nats.store, devices, { groups: new Map([['edge', { deployments: 1 }]]) });
    const first = newJob('leaf2', 'deploy');
    await putJob(nats.store, first);
    await publishIntent(nats.store, 'leaf2', wanted('leaf2'), { fromSource: true, job: first.id });
    await began;
    const second = await publishForTest(nats.store, wanted('leaf1'));
    const { sync } = await stateWhen(
      nats.store,
      ({ reason }) => reason === 'waiting for a free slot (limit 1 of group edge)',
    );
    expect(sync).toBe('out_of_sync');
    expect(devices.leaf1.commits).toEqual([]);
    goOn(); // and what waits goes on by itself
    expect(await jobAt(nats.store, first.id)).toMatchObject({ outcome: { kind: 'applied' } });
    expect(await jobAt(nats.store, second)).toMatchObject({ outcome: { kind: 'applied' } });
    await stateWhen(nats.store, ({ sync: now, reason }) => now === 'in_sync' && reason === '');
  });

  it('are none for a device with a trial on it, which is logged in to at once', async () => {
    await using nats = await natsForTest();
    const devices = twoDevices();
    const trial = { job: 'j'.repeat(20), name: 'plumb-j-1', expiresAt: new Date().toISOString() };
    for (const name of ['leaf1', 'leaf2']) await putRecord(nats.store.state, name, stateOf(name, { trial }));
    const loggedIn = Promise.all([happens(devices.leaf1, 'open'), happens(devices.leaf2, 'open')]);
    // one login now, and the next in a hundred seconds
    await using _runner = await runnerOf(nats.store, devices, { groups: new Map([['edge', { logins: 0.01 }]]) });
    await loggedIn;
  });
});
