import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect as expectAny, it } from 'vitest';
import { buckets, Claim, leaseKey } from '../../core/bus.ts';
import { listHolders } from '../../core/store/leases/holders.ts';
import { HoldersView } from '../../core/store/leases/holders-view.ts';
import { listRecords } from '../../core/store/records.ts';
import { timing } from '../../runners/holding/leases/timing.ts';
import { holdersOn } from '../holders.ts';
import { restartableNats } from '../nats.ts';

const devices = Array.from({ length: 60 }, (_, at) => `leaf${at + 1}`);
const patient = { timeout: 60_000, interval: 50 };
const minutes = { timeout: 3 * 60_000 };

/** Three runners that share sixty devices. */
const shared = async () => {
  const nats = await restartableNats();
  const holders = await holdersOn(nats.url, 3, devices, false); // who starts at once shares
  await expectAny.poll(() => holders.heldBy().size, patient).toBe(devices.length);
  return { nats, holders, before: holders.heldBy() };
};
const epochs = async ({ store }: Awaited<ReturnType<typeof restartableNats>>) =>
  new Map([...(await listRecords(store.lease, Claim))].map(([device, { epoch }]) => [device, epoch]));

describe.concurrent('three runners and sixty devices on a real nats-server', minutes, () => {
  it('share them, and write nothing but three heartbeats at idle', async ({ expect }) => {
    const { nats, holders } = await shared();
    await using _nats = nats;
    await using _holders = holders;
    expect(new Set(holders.heldBy().values()).size).toBe(3);
    await wait(1_000);
    const written: string[] = [];
    nats.store.nc.subscribe('$KV.dc1-lease.>', { callback: (_, { subject }) => void written.push(subject) });
    await nats.store.nc.flush();
    const beganMs = performance.now();
    await wait(20_000);
    const beats = (performance.now() - beganMs) / timing.beatMs;
    const bucket = `$KV.${buckets.lease('dc1')}.`;
    expect(written.filter((subject) => !subject.startsWith(`${bucket}${leaseKey.runner('')}`))).toEqual([]);
    expect(written.length).toBeLessThanOrEqual(3 * (beats + 1));
    expect(written.length).toBeGreaterThan(3 * 5);
  });

  it('lose nothing to a restart of NATS within 3 s', async ({ expect }) => {
    const { nats, holders, before } = await shared();
    await using _nats = nats;
    await using _holders = holders;
    const claims = await epochs(nats);
    await nats.stop();
    await wait(2_000);
    await nats.start();
    await wait(12_000);
    expect(holders.heldBy()).toEqual(before);
    expect(holders.all.map(({ losses }) => losses())).toEqual([0, 0, 0]);
    expect(await epochs(nats)).toEqual(claims);
  });

  it('keep what is theirs, each under a new epoch, when the bucket is deleted under them', async ({ expect }) => {
    const { nats, holders, before } = await shared();
    await using _nats = nats;
    await using _holders = holders;
    const claims = await epochs(nats);
    await nats.store.jsm.streams.delete('KV_dc1-lease');
    await nats.store.ensure();
    const isNew = ([device, epoch]: [string, number]) => epoch > (claims.get(device) ?? Infinity);
    const claimedAnew = async () => [...(await epochs(nats))].filter(isNew).map(([device]) => device);
    await expect.poll(async () => new Set(await claimedAnew()), patient).toEqual(new Set(devices));
    await expect.poll(() => holders.heldBy(), patient).toEqual(before);
    expect([...holders.both]).toEqual([]);
  });

  it('never hold one together when the store is put back to an older copy, whoever held it then', async ({
    expect,
  }) => {
    const { nats, holders } = await shared();
    await using _nats = nats;
    await using _holders = holders;
    const copy = `${nats.folder}-copy`;
    await nats.stop();
    await cp(join(nats.folder, 'jetstream'), copy, { recursive: true });
    await nats.start();
    const [first] = holders.all;
    await first?.kill();
    await expect.poll(() => holders.heldBy().size, patient).toBe(devices.length);
    await nats.stop();
    await rm(join(nats.folder, 'jetstream'), { recursive: true });
    await cp(copy, join(nats.folder, 'jetstream'), { recursive: true });
    await rm(copy, { recursive: true });
    await nats.start();
    await wait(12_000);
    await expect.poll(() => holders.heldBy().size, patient).toBe(devices.length);
    expect([...holders.both]).toEqual([]);
  });

  it('stop when nats-server stands still for 20 s, and then go on with what was theirs', async ({ expect }) => {
    const { nats, holders, before } = await shared();
    await using _nats = nats;
    await using _holders = holders;
    process.kill(nats.pid(), 'SIGSTOP');
    await wait(9_000);
    expect(devices.filter((device) => holders.all.some(({ may }) => may(device)))).toEqual([]);
    await wait(11_000);
    process.kill(nats.pid(), 'SIGCONT');
    const backMs = performance.now();
    await expect.poll(() => holders.heldBy(), patient).toEqual(before);
    expect(performance.now() - backMs).toBeGreaterThan(5_000);
    expect([...holders.both]).toEqual([]);
  });

  it('take over what one of them held within 15 s of its end', async ({ expect }) => {
    const { nats, holders, before } = await shared();
    await using _nats = nats;
    await using _holders = holders;
    const [first] = holders.all;
    const name = first?.leases.name;
    const lost = [...before].filter(([, by]) => by === name).map(([device]) => device);
    expect(lost.length).toBeGreaterThan(0);
    const killedMs = performance.now();
    await first?.kill();
    await expect.poll(() => holders.heldBy().size, patient).toBe(devices.length);
    expect(performance.now() - killedMs).toBeLessThan(15_000);
    for (const [device, by] of holders.heldBy()) if (!lost.includes(device)) expect(by).toBe(before.get(device));
    expect([...holders.both]).toEqual([]);
  });
});

it('nobody is shown to hold a device once its last runner died, whoever asks', minutes, async () => {
  const nats = await restartableNats();
  await using _nats = nats;
  await using holders = await holdersOn(nats.url, 1, ['leaf1']);
  const stop = new AbortController();
  const view = new HoldersView(nats.store, () => {});
  const run = view.run(stop.signal);
  const shown = async () => [(await listHolders(nats.store)).size, view.get('leaf1') ? 1 : 0];
  await expectAny.poll(shown, patient).toEqual([1, 1]);
  await holders.all[0]?.kill();
  expectAny(await shown()).toEqual([1, 1]);
  await expectAny.poll(shown, patient).toEqual([0, 0]);
  stop.abort();
  await run;
});
