import { signal } from '@preact/signals';
import type { Device } from './types.ts';

/** All devices, by name; undefined until they were read once. */
export const devices = signal<ReadonlyMap<string, Device> | undefined>(undefined);

const isSame = (one: Device | undefined, other: Device): boolean =>
  one !== undefined && JSON.stringify({ ...one, ageSeconds: 0 }) === JSON.stringify({ ...other, ageSeconds: 0 });

/** Takes the whole list; a device of which nothing changed stays the same object, so that nothing of it is drawn anew. */
export const setDevices = (items: readonly Device[]): void => {
  const before = devices.peek();
  const after = new Map<string, Device>();
  let changed = before?.size !== items.length;
  for (const item of items) {
    const known = before?.get(item.device);
    const same = isSame(known, item) ? known : undefined;
    if (!same) changed = true;
    after.set(item.device, same ?? item);
  }
  if (changed) devices.value = after;
};
