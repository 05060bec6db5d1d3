import { describe, expect, it } from 'vitest';
import { Lease } from '../../../../core/bus.ts';
import { listRecords, putRecord } from '../../../../core/store/records.ts';
import { natsForTest } from '../../../nats.ts';

describe('a bucket', () => {
  it('is listed to its end where the last thing that happened to it is a deletion', async () => {
    await using nats = await natsForTest();
    await putRecord(nats.store.lease, 'leaf1', { runner: 'a', epoch: 1 });
    await putRecord(nats.store.lease, 'leaf2', { runner: 'b', epoch: 1 });
    await nats.store.lease.delete('leaf2');
    expect([...(await listRecords(nats.store.lease, Lease)).keys()]).toEqual(['leaf1']);
  });

  it('is listed whole while its entries are overwritten', async () => {
    await using nats = await natsForTest();
    const { lease } = nats.store;
    const devices = ['leaf1', 'leaf2', 'spine1'];
    for (const device of devices) await putRecord(lease, device, { runner: 'a', epoch: 1 });
    let over = false;
    const writer = (async () => {
      for (let epoch = 2; !over; epoch++) await putRecord(lease, devices[epoch % 3] ?? '', { runner: 'a', epoch });
    })();
    const sizes = new Set<number>();
    for (let times = 0; times < 100; times++) sizes.add((await listRecords(lease, Lease)).size);
    over = true;
    await writer;
    expect([...sizes]).toEqual([3]);
  });

  it('is listed although somebody wrote keys that no client may ask for', async () => {
    await using nats = await natsForTest();
    const { lease } = nats.store;
    await putRecord(lease, 'leaf1', { runner: 'a', epoch: 1 });
    for (const key of ['%s%n', 'leaf\x1b[2J', 'ü', '<b>', 'leaf1,leaf2'])
      await nats.store.js.publish(`$KV.${nats.store.site}-lease.${key}`, '{"runner":"a","epoch":1}');
    expect([...(await listRecords(lease, Lease)).keys()]).toEqual(['leaf1']);
  });
});
