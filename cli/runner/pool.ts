import { PlumbError } from '../../core/errors.ts';
import type { Inventory } from '../../core/inventory/schema.ts';
import { pickFromInventory } from '../inventory/devices.ts';

/** What a command line says about the devices that a runner is for. */
export type PoolOptions = {
  devices: readonly string[];
  group?: readonly string[];
  site?: string;
  select?: string;
  max?: number;
  weight?: number;
};

const isName = (text: string) => /^[\w-]+$/.test(text);
const anyOf = (parts: readonly string[]) => (parts.length === 1 ? `(${parts[0]})` : `(${parts.join(' or ')})`);

/**
 * Named devices go to this runner before any other; anything else is a selector, which new devices may match.
 *
 * @throws PlumbError `unknown_device`, `invalid_request` if it currently picks nothing
 */
export const poolOf = (inventory: Inventory, options: PoolOptions) => {
  const { devices, group, site, select, max, weight } = options;
  if (site !== undefined && site !== inventory.site)
    throw new PlumbError('invalid_request', `--site ${site}: this is the inventory of site ${inventory.site}`, {
      hint: 'a runner works with one inventory: name another with --inventory or --folder',
    });
  const share = { ...(max === undefined ? {} : { max }), ...(weight === undefined ? {} : { weight }) };
  const groups = group && anyOf(group.map((each) => `group="${each}"`));
  const only = [groups, select === undefined ? undefined : `(${select})`].filter((part) => part !== undefined);
  if (devices.length === 0 && only.length === 0) return { ...share, picked: [...inventory.devices.keys()] };
  const narrowed = only.length === 0 ? {} : { select: only.join(', ') };
  const picked = pickFromInventory(inventory, { devices, ...narrowed });
  if (only.length === 0 && devices.every(isName)) return { ...share, names: picked, picked };
  const named = devices.length > 0 ? [anyOf(devices.map((each) => `(${each})`))] : [];
  return { ...share, select: [...named, ...only].join(', '), picked };
};
