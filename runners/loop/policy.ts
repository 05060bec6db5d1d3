import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { InventoryEntry } from '../../core/bus.ts';
import { Policy } from '../../core/inventory/schema.ts';
import { stricter } from '../../core/inventory/stricter.ts';
import type { DeviceContext } from '../holding/device-context.ts';

/** As another release may publish it: with less in it, or a larger `maxBytes`, of which the smaller one counts. */
const published = Compile(Type.Partial(Type.Object({ ...Policy.properties, maxBytes: Type.Integer() })));

/**
 * A device under the policy that was published with its text as well as under our own: where the two differ, the runner
 * reads an inventory that is not that of the commit, and what both allow is done.
 */
export const underPolicyOf = (context: DeviceContext, entry: InventoryEntry | undefined): DeviceContext => {
  const { device, log } = context;
  if (!entry) return context;
  if (!published.Check(entry.policy)) {
    log.warn(
      { device: device.name },
      'the policy in the inventory bucket cannot be read: the one of inventory.yml applies',
    );
    return context;
  }
  const policy = stricter(device.policy, entry.policy);
  if (JSON.stringify(policy) === JSON.stringify(device.policy)) return context;
  log.info(
    { device: device.name },
    'the published policy is stricter than that of the inventory here: only what both allow is done',
  );
  return { ...context, device: { ...device, policy } };
};
