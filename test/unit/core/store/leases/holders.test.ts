import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Lease } from '../../../../../core/bus.ts';
import { holderOf, listHolders, listKeepers, quietMs } from '../../../../../core/store/leases/holders.ts';
import { HoldersView } from '../../../../../core/store/leases/holders-view.ts';
import { putRecord } from '../../../../../core/store/records.ts';
import { later } from '../../../../later.ts';
import { natsForTest } from '../../../../nats.ts';

const now = () => new Date().toISOString();
const claim = (runner: string, epoch = 1) => ({ runner, epoch, at: now() });
const beats = { n: 1, at: now() };

afterEach(() => void vi.restoreAllMocks());

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

  it('is quiet once it missed two heartbeats, long before anyone else may take the device', async () => {
    await using nats = await natsForTest();
    const { store } = nats;
    const stop = new AbortController();
    const view = new HoldersView(store, () => {});
    const run = view.run(stop.signal);
    await expect.poll(() => view.loaded).toBe(true);
    await putRecord(store.lease, 'leaf1', claim('r1'));
    await putRecord(store.lease, 'runner.r1', beats);
    await expect.poll(() => view.get('leaf1')?.runner).toBe('r1');
    expect((await listKeepers(later(store, 0))).keepers).toMatchObject([{ runner: 'r1', quiet: false, held: 1 }]);
    expect(await listKeepers(later(store, quietMs))).toMatchObject({
      keepers: [{ runner: 'r1', quiet: true, held: 1 }],
      held: new Map([['leaf1', { runner: 'r1', epoch: 1 }]]),
    });
    expect(view.isHeard('r1')).toBe(true);
    const now = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + quietMs);
    expect(view.isHeard('r1')).toBe(false);
    now.mockRestore();
    await putRecord(store.lease, 'runner.r1', { ...beats, n: 2 });
    await expect.poll(() => view.isHeard('r1')).toBe(true);
    stop.abort();
    await run;
  });
});
