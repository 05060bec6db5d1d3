import { setTimeout as wait } from 'node:timers/promises';
import { explain } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { followBucket } from '../../core/store/follow.ts';
import { followHeads } from '../../core/store/intents.ts';
import type { Store } from '../../core/store/store.ts';
import type { DeviceLoop } from '../loop/device-loop.ts';

/** What runs for as long as a runner does. */
type Lasting = { store: Store; log: Log; signal: AbortSignal };

/** Runs until stopped, begun anew a second after each failure. @param what is kept up, as the log names it */
export const keepUp = async (
  { store, log, signal }: Lasting,
  what: string,
  work: () => Promise<void>,
): Promise<void> => {
  let told = '';
  while (!signal.aborted) {
    try {
      await work();
    } catch (error) {
      const why = explain(error);
      if (!signal.aborted && why !== told) log.warn(`${what}: ${why}`);
      told = why;
    }
    await wait(1_000, undefined, { signal }).catch(() => {});
    if (!signal.aborted) await store.ensure().catch(() => {}); // what failed may have been deleted
  }
};

/** The devices that are kept, by name. */
type Kept = ReadonlyMap<string, Pick<DeviceLoop, 'nudge'>>;

const nudgeAll = (kept: Kept): void => {
  for (const device of kept.values()) device.nudge();
};

/** Has each device look when a text for it is published, and all where one may have been missed. */
export const followIntents = async (store: Store, kept: Kept, signal: AbortSignal): Promise<void> => {
  for await (const head of followHeads(store, signal, (device) => kept.has(device))) {
    if (head) kept.get(head.device)?.nudge(head);
    else {
      await store.ensure(); // what was deleted is made again
      nudgeAll(kept);
    }
  }
};

/** Has each device look when its entry in the inventory bucket is written, and all where one may have been missed. */
export const followInventory = async (store: Store, kept: Kept, signal: AbortSignal): Promise<void> => {
  for await (const news of followBucket(store, 'inventory', signal)) {
    if (news.kind === 'look') nudgeAll(kept);
    else kept.get(news.key)?.nudge();
  }
};
