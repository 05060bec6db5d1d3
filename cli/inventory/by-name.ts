import type { Device, Inventory } from '../../core/inventory/schema.ts';

/** All devices of an inventory, sorted by name, as on the bus and in every verb. */
export const devicesByName = ({ devices }: Inventory): Device[] =>
  [...devices.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
