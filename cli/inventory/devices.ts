import { Option } from 'commander';
import { InventoryEntry } from '../../core/bus.ts';
import { PlumbError } from '../../core/errors.ts';
import type { Inventory } from '../../core/inventory/schema.ts';
import { labelsOf } from '../../core/inventory/select/labels.ts';
import { type Selectable, select } from '../../core/inventory/select/select.ts';
import { listRecords } from '../../core/store/records.ts';
import type { Context } from '../context.ts';
import { devicesByName } from './by-name.ts';

/** Which devices a command line means: those that any argument picks, narrowed by `--select`. */
export type Wanted = { devices?: readonly string[]; select?: string | undefined };

/** `-l`, for every verb that takes devices. */
export const selectOption = (): Option =>
  new Option('-l, --select <selector>', "only the devices it picks: 'role=leaf, !leaf3'; see docs/selectors.md");

/** What `-h` says of the arguments that name devices. */
export const deviceArgument = 'only these: names, globs or key=value';

/** Of entries those that are meant, all where nothing was asked for. @throws PlumbError `unknown_device`, `invalid_request` */
export const pick = <T extends Selectable>(
  site: string,
  entries: readonly T[],
  { devices = [], select: only }: Wanted,
): T[] => {
  const named = new Set(devices.flatMap((expression) => select(site, entries, expression)));
  const picked = devices.length === 0 ? [...entries] : entries.filter((entry) => named.has(entry));
  if (only === undefined) return picked;
  const chosen = new Set(select(site, entries, only));
  const both = picked.filter((entry) => chosen.has(entry));
  if (both.length > 0) return both;
  const names = picked.map(({ device }) => device).join(', ');
  throw new PlumbError('invalid_request', `--select "${only}" selects none of the named devices: ${names}`);
};

/** As the watcher would publish them. */
export const entriesOf = (inventory: Inventory): InventoryEntry[] =>
  devicesByName(inventory).map((device) => ({
    device: device.name,
    host: device.host,
    platform: device.platform,
    groups: [...device.groups],
    labels: labelsOf(device),
    policy: device.policy,
    intended: null,
  }));

/** All devices of the site, as the watcher published them; from inventory.yml where none has run yet. */
const listDevices = async (context: Context): Promise<InventoryEntry[]> => {
  const store = await context.store();
  const published = await listRecords(store.inventory, InventoryEntry);
  if (published.size === 0) return entriesOf(await context.inventory());
  return [...published.values()].sort((a, b) => (a.device < b.device ? -1 : 1));
};

/** The devices that are meant, all where none is named. @throws PlumbError `unknown_device`, `invalid_request` */
export const pickDevices = async (context: Context, wanted: Wanted): Promise<InventoryEntry[]> => {
  const entries = await listDevices(context);
  return pick((await context.store()).site, entries, wanted);
};

/**
 * For verbs that change something: naming no device does not mean all of them. @throws PlumbError `invalid_request`
 */
export const pickNamed = async (context: Context, wanted: Wanted, verb: string): Promise<InventoryEntry[]> => {
  if (wanted.devices?.length || wanted.select !== undefined) return pickDevices(context, wanted);
  throw new PlumbError('invalid_request', `${verb}: which devices?`, {
    hint: `\`plumb ${verb} leaf1\`, or \`plumb ${verb} -l 'role=leaf'\`; \`plumb ${verb} '*'\` is all`,
  });
};

/**
 * For verbs that work on one device at a time. @throws PlumbError `unknown_device`, `invalid_request` if it picks
 * several
 */
export const pickDevice = async (context: Context, selector: string): Promise<InventoryEntry> => {
  const [entry, ...others] = await pickDevices(context, { devices: [selector] });
  if (entry && others.length === 0) return entry;
  const names = [entry, ...others].map((one) => one?.device).join(', ');
  throw new PlumbError('invalid_request', `"${selector}" selects ${names}: one device is expected here`);
};

/**
 * Names from inventory.yml, for verbs that work without the bus. @throws PlumbError `unknown_device`, `invalid_request`
 */
export const pickFromInventory = (inventory: Inventory, wanted: Wanted): string[] =>
  pick(inventory.site, entriesOf(inventory), wanted).map(({ device }) => device);
