import { expect, it } from 'vitest';
import type { Context } from '../../../../cli/context.ts';
import { statusColumns, statusRows } from '../../../../cli/verbs/status.ts';
import { quietMs } from '../../../../core/store/leases/holders.ts';
import { putRecord } from '../../../../core/store/records.ts';
import { later } from '../../../later.ts';
import { natsForTest } from '../../../nats.ts';
import { entry } from '../../api/harness.ts';
import { goodState } from '../holder.ts';

it('the status claims no connection of a runner that missed its heartbeats, and none that nobody holds', async () => {
  await using nats = await natsForTest();
  const { store } = nats;
  await putRecord(store.inventory, 'leaf1', entry('leaf1'));
  await putRecord(store.state, 'leaf1', goodState('leaf1'));
  const at = new Date().toISOString();
  await putRecord(store.lease, 'runner.r1', { n: 1, at });
  await putRecord(store.lease, 'leaf1', { runner: 'r1', epoch: 1, at });
  const row = async (afterMs: number) => {
    const context = { store: async () => later(store, afterMs) } as Context;
    const [found] = await statusRows(context);
    if (!found) throw new Error('no row');
    return { ...found, cell: statusColumns.find(({ head }) => head === 'SESSION')?.cell(found) };
  };
  expect(await row(0)).toMatchObject({ runner: 'r1', cell: 'connected', reason: '' });
  expect(await row(quietMs)).toMatchObject({
    runner: 'r1',
    cell: 'unknown',
    reason: 'its runner r1 missed its last two heartbeats: whether it is connected is not known',
  });
  await putRecord(store.lease, 'runner.r1', { buried: { by: 'r2', over: 1, at } });
  expect(await row(0)).toMatchObject({ runner: undefined, cell: 'unknown', sync: 'unknown' });
});
