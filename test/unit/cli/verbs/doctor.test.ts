import { describe, expect, it } from 'vitest';
import { PlumbError } from '../../../../core/errors.ts';
import { putRecord } from '../../../../core/store/records.ts';
import { natsForTest } from '../../../nats.ts';
import { goodState, holderOf } from '../holder.ts';
import { plumb, repository } from '../terminal.ts';

describe('plumb doctor', () => {
  it('only warns of NATS where none is named and `plumb up` was not started yet', async () => {
    await using repo = await repository();
    const { out } = await plumb(repo.folder, ['doctor']);
    expect(out).toMatch(/^warn +nats +- +none is named, /m);
    expect(out).toContain('  nats → `plumb up` starts one\n');
    const named = await plumb(repo.folder, ['doctor'], { nats: 'nats://127.0.0.1:1' });
    expect(named.out).toMatch(/^fail +nats +nats:\/\/127\.0\.0\.1:1 /m);
  });

  it('says how to pin the new host key of a device that its runner does not trust any more', async () => {
    await using nats = await natsForTest();
    await using repo = await repository();
    const facts = () => {
      throw new PlumbError('host_key_changed', 'leaf1: shows another host key than the pinned one');
    };
    await using _ = await holderOf(nats.store, ['leaf1'], { facts });
    await putRecord(nats.store.state, 'leaf1', goodState('leaf1'));
    const { out } = await plumb(repo.folder, ['doctor', 'leaf1'], { nats: nats.url });
    expect(out).toMatch(/^fail +login +leaf1 .*another host key/m);
    expect(out).toMatch(/^ {2}leaf1 login → .*`plumb trust leaf1` pins the new key$/m);
  });
});
