import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { InventoryEntry } from '../../core/bus.ts';
import { Policy } from '../../core/inventory/schema.ts';
import { stricter } from '../../core/inventory/stricter.ts';
import type { Holding } from '../holding/device-context.ts';

/** As another release may publish it. */
const published = Compile(Type.Partial(Type.Object(Policy.properties)));

/**
 * A device under the policy that was published with its text as well as under our own: where the two differ, the runner
 * reads an inventory that is not that of the commit, and what both allow is done.
 */
export const underPolicyOf = (holding: Holding, entry: InventoryEntry | undefined): Holding => {
  const { device, log } = holding;
  if (!entry) return holding;
  if (!published.Check(entry.policy)) {
    log.warn(
      { device: device.name },
      'the policy in the inventory bucket cannot be read: that of inventory.yml counts',
    );
    return holding;
  }
  const policy = stricter(device.policy, entry.policy);
  if (JSON.stringify(policy) === JSON.stringify(device.policy)) return holding;
  log.info(
    { device: device.name },
    'the policy that was published is stricter than that of the inventory here: what both allow is done',
  );
  return { ...holding, device: { ...device, policy } };
};
