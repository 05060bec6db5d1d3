import { addAbortListener } from 'node:events';
import { watch } from 'chokidar';
import { explain } from '../../core/errors.ts';
import type { Inventory } from '../../core/inventory/schema.ts';
import type { Log } from '../../core/log.ts';

/** Hands on each changed inventory for as long as the signal lasts; one that is wrong is told of, and the last good one stays. */
export const followInventory = (
  path: string,
  load: () => Promise<Inventory>,
  changed: (inventory: Inventory) => void,
  log: Log,
  signal: AbortSignal,
): void => {
  const watcher = watch(path, { ignoreInitial: true, awaitWriteFinish: { stabilityThreshold: 200, pollInterval: 50 } });
  addAbortListener(signal, () => void watcher.close());
  const read = async () => {
    try {
      changed(await load());
      log.info(`${path}: taken up`);
    } catch (error) {
      log.error(`${path}: not taken up, the last good one stays: ${explain(error)}`);
    }
  };
  watcher.on('add', read).on('change', read);
};
