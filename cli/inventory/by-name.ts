import type { Device, Inventory } from '../../core/inventory/schema.ts';

/** All devices of an inventory in the order of their names: that of the bus, and so of every verb. */
export const devicesByName = ({ devices }: Inventory): Device[] =>
  [...devices.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
