import type { Inventory } from '../../../core/inventory/schema.ts';
import { processName } from '../../../core/logs/process-name.ts';
import type { Context } from '../../context.ts';
import { LiveInventory } from '../../inventory/live-inventory.ts';
import { inventoryPrint } from '../../inventory/read-inventory.ts';
import { plainLog } from '../../output/plain-log.ts';
import { version } from '../../version.ts';
import type { RunningLab } from '../lab.ts';
import type { Bus, Say, Told } from './bus.ts';

/** Starts the runner of `plumb up`. @param load reads the inventory as it is on disk; undefined: the watcher hands it over */
export const startRunnerOf = async (
  context: Context,
  bus: Bus,
  inventory: Inventory,
  load: (() => Promise<Inventory>) | undefined,
  lab: RunningLab | undefined,
  say: Say,
  told: Told,
) => {
  const [{ startRunner }, { driverFor }] = await Promise.all([
    import('../../../runners/main.ts'),
    import('../../../runners/drivers/registry.ts'),
  ]);
  const knownHosts = lab?.access.knownHosts ?? context.config.knownHosts;
  const store = await bus.open('runner');
  const name = processName();
  const log = plainLog(context.env, say, told(store, 'runner', name));
  const { config } = context;
  const from = load && { path: config.inventory, print: () => inventoryPrint(config), load, log };
  const live = from && new LiveInventory(from, inventory);
  const now = live ? { inventoryNow: () => live.now() } : {};
  const { settled } = bus;
  return startRunner({ store, inventory, ...now, driverFor, knownHosts, log, version, name, settled });
};
