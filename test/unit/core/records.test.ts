import { describe, expect, it } from 'vitest';
import { Lease } from '../../../core/bus.ts';
import { listRecords, putRecord } from '../../../core/records.ts';
import { natsForTest } from '../../nats.ts';

describe('a bucket', () => {
  it('is listed to its end where the last thing that happened to it is a deletion', async () => {
    await using nats = await natsForTest();
    await putRecord(nats.store.lease, 'leaf1', { runner: 'a', epoch: 1 });
    await putRecord(nats.store.lease, 'leaf2', { runner: 'b', epoch: 1 });
    await nats.store.lease.delete('leaf2');
    expect([...(await listRecords(nats.store.lease, Lease)).keys()]).toEqual(['leaf1']);
  });
});
