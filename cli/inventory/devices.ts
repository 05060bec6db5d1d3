import { InventoryEntry } from '../../core/bus.ts';
import { PlumbError } from '../../core/errors.ts';
import { didYouMean } from '../../core/inventory/nearest.ts';
import type { Inventory } from '../../core/inventory/schema.ts';
import { listRecords } from '../../core/store/records.ts';
import type { Context } from '../context.ts';

/** All devices of the site, as the watcher published them; from inventory.yml where none has run yet. */
export const listDevices = async (context: Context): Promise<Map<string, InventoryEntry>> => {
  const store = await context.store();
  const published = await listRecords(store.inventory, InventoryEntry);
  if (published.size > 0) return new Map([...published].sort(([a], [b]) => (a < b ? -1 : 1)));
  const { devices } = await context.inventory();
  return new Map(
    [...devices.values()].map(({ name, host, platform, groups, policy }) => [
      name,
      { device: name, host, platform, groups: [...groups], policy, intended: null },
    ]),
  );
};

/**
 * @param names from the command line; none: all devices
 * @throws PlumbError `unknown_device`, with the name that was most likely meant
 */
export const pickDevices = async (context: Context, names: readonly string[]): Promise<InventoryEntry[]> => {
  const known = await listDevices(context);
  if (names.length === 0) return [...known.values()];
  return [...new Set(names)].map((name) => {
    const entry = known.get(name);
    if (entry) return entry;
    throw new PlumbError('unknown_device', `${name}: no such device${didYouMean(name, [...known.keys()])}`, {
      hint: '`plumb status` lists the devices of this site',
    });
  });
};

/** One device. @throws PlumbError `unknown_device` */
export const pickDevice = async (context: Context, name: string): Promise<InventoryEntry> => {
  const [entry] = await pickDevices(context, [name]);
  if (!entry) throw new PlumbError('unknown_device', `${name}: no such device`);
  return entry;
};

/** Names of inventory.yml. @param names none: all of them @throws PlumbError `unknown_device` */
export const pickFromInventory = (inventory: Inventory, names: readonly string[]): string[] => {
  const known = [...inventory.devices.keys()];
  for (const name of names) {
    if (!inventory.devices.has(name)) {
      throw new PlumbError('unknown_device', `${name}: not in ${inventory.path}${didYouMean(name, known)}`);
    }
  }
  return names.length > 0 ? [...new Set(names)] : known;
};
