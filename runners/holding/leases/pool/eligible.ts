import type { Inventory } from '../../../../core/inventory/schema.ts';
import { labelsOf } from '../../../../core/inventory/select/labels.ts';
import { isFor } from '../../../../core/store/leases/pools.ts';
import type { Takes, Terms } from './peers.ts';

/** Which devices of an inventory a runner may have, by what it says it is for. */
export const eligibleIn = (inventory: Inventory): Takes => {
  const all = [...inventory.devices.values()].map((device) => ({
    ...device,
    device: device.name,
    labels: labelsOf(device),
  }));
  const known = new WeakMap<Terms, ReadonlySet<string>>();
  return (terms, device) => {
    const found = known.get(terms) ?? new Set(all.filter(isFor(inventory.site, terms)).map(({ name }) => name));
    known.set(terms, found);
    return found.has(device);
  };
};
