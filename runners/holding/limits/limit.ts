import { defaultLimits, type Limits } from '../../../core/inventory/limits.ts';
import type { Inventory } from '../../../core/inventory/schema.ts';

/** One of the limits that a device is under, as far as it is this runner's. */
export type Limit = {
  /** Whose: `this runner`, `site dc1`, `group edge`. */
  readonly of: string;
  /** As the inventory has it; infinite where it has none. */
  readonly written: number;
  /** What of it is this runner's. */
  readonly share: number;
  /** How many runners divide it. */
  readonly runners: number;
  /** Every device is under it. */
  readonly forAll: boolean;
};

/**
 * The limits that a device is under, those of every device first.
 *
 * @param runners live ones, this one included: what is the site's is divided by them
 */
export const limitsOn = (what: keyof Limits, inventory: Inventory, device: string, runners: number): Limit[] => {
  const { site, limits = {} } = inventory;
  const own = limits.runner?.[what] ?? defaultLimits[what];
  const shared = (of: string, among: Limits | undefined, forAll: boolean): Limit => {
    const written = among?.[what] ?? Number.POSITIVE_INFINITY;
    // deployments come whole, and a runner that may make none would never bring its devices in sync
    const share = what === 'deployments' ? Math.max(1, Math.floor(written / runners)) : written / runners;
    return { of, written, share, runners, forAll };
  };
  const groups = new Set(inventory.devices.get(device)?.groups);
  return [
    { of: 'this runner', written: own, share: own, runners: 1, forAll: true },
    shared(`site ${site}`, limits.site, true),
    ...[...groups].map((group) => shared(`group ${group}`, limits.groups?.get(group), false)),
  ];
};

/** A limit as people read it. @param per what follows the number: ` a second`, or nothing */
export const limitText = ({ of, written, runners }: Limit, per = ''): string =>
  `limit ${written}${per} of ${of}${runners > 1 ? `, divided among ${runners} runners` : ''}`;

/**
 * Lets those go that are under no limit without room, first come first served: who waits for the limit of one group does not
 * delay the devices of others.
 *
 * @param waiting who goes is taken out of it
 */
export const letGo = <T>(
  waiting: Set<T>,
  limitsOf: (one: T) => readonly Limit[],
  hasRoom: (limit: Limit) => boolean,
  go: (one: T, limits: readonly Limit[]) => void,
): void => {
  for (const one of waiting) {
    const limits = limitsOf(one);
    const full = limits.find((limit) => !hasRoom(limit));
    if (full?.forAll) return;
    if (full) continue;
    waiting.delete(one);
    go(one, limits);
  }
};
