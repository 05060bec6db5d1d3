import { describe, expect, it } from 'vitest';
import type { Lease } from '../../../../../core/bus.ts';
import { holderOf, listHolders } from '../../../../../core/store/leases/holders.ts';
import { HoldersView } from '../../../../../core/store/leases/holders-view.ts';
import { putRecord } from '../../../../../core/store/records.ts';
import { natsForTest } from '../../../../nats.ts';

const now = () => new Date().toISOString();
const claim = (runner: string, epoch = 1) => ({ runner, epoch, at: now() });
const beats = { n: 1, at: now() };

describe('who holds a device', () => {
  it('is the runner that claimed it and beats, and nobody once it gave it up, left or was buried', async () => {
    await using nats = await natsForTest();
    const { store } = nats;
    const { lease } = store;
    const told: (Lease | undefined)[] = [];
    const stop = new AbortController();
    const view = new HoldersView(store, (change) => {
      if (change.kind === 'changed' && change.key === 'leaf1') told.push(change.value);
    });
    const run = view.run(stop.signal);
    await expect.poll(() => view.loaded).toBe(true);
    const isHeldBy = async (runner: string | undefined) => {
      const found = [await holderOf(store, 'leaf1'), (await listHolders(store)).get('leaf1')];
      expect(found.map((holder) => holder?.runner)).toEqual([runner, runner]);
      await expect.poll(() => view.get('leaf1')?.runner).toBe(runner);
    };
    await putRecord(lease, 'leaf1', claim('r1'));
    await isHeldBy(undefined); // nobody has heard of that runner
    await putRecord(lease, 'runner.r1', beats);
    await isHeldBy('r1');
    await putRecord(lease, 'leaf1', claim(''));
    await isHeldBy(undefined);
    await putRecord(lease, 'leaf1', claim('r1', 2));
    await isHeldBy('r1');
    await putRecord(lease, 'runner.r1', { left: true, at: now() });
    await isHeldBy(undefined);
    await putRecord(lease, 'runner.r2', beats);
    await putRecord(lease, 'leaf1', claim('r2', 3));
    await isHeldBy('r2');
    await putRecord(lease, 'runner.r2', { buried: { by: 'r3', over: 1, at: now() } });
    await isHeldBy(undefined);
    await putRecord(lease, 'leaf1', { runner: 'older release', epoch: 4 });
    await isHeldBy('older release');
    expect(told.map((holder) => holder?.epoch)).toEqual([1, undefined, 2, undefined, 3, undefined, 4]);
    stop.abort();
    await run;
  });
});
