import type { InventoryEntry } from '../../core/bus.ts';
import { shapeOf } from '../../core/diff/shape.ts';
import type { Compared } from './compare.ts';

/** Devices that get the same change. */
export type Group = {
  devices: string[];
  /** As the first of them shows it. */
  first: Compared;
  /** Whether all of them show the very same; if not, they differ in their own names and variables. */
  literally: boolean;
};

/** Devices of one platform whose diffs are the same but for their own names and variables, in the order of the first of each. */
export const groupEqual = (
  compared: readonly Compared[],
  entries: readonly Pick<InventoryEntry, 'device' | 'platform' | 'labels'>[],
): Group[] => {
  const known = new Map(entries.map((entry) => [entry.device, entry]));
  const groups = new Map<string, Group>();
  for (const one of compared) {
    const entry = known.get(one.device);
    const shape = `${entry?.platform} ${one.to}\n${shapeOf(one.diff, one.device, entry?.labels ?? {})}`;
    const group = groups.get(shape);
    if (group === undefined) groups.set(shape, { devices: [one.device], first: one, literally: true });
    else {
      group.devices.push(one.device);
      group.literally &&= group.first.diff === one.diff;
    }
  }
  return [...groups.values()];
};

/** What is not the same on each device of a group. */
export const ownValues = ({ devices, first }: Group): string =>
  devices.length === 2
    ? `as on ${first.device}; the other differs in its own name and variables`
    : `as on ${first.device}; the others differ in their own names and variables`;
