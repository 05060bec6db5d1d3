import { named } from '../../core/by-name.ts';
import type { Device, Inventory } from '../../core/inventory/schema.ts';
import type { LabAccess } from './run-file.ts';

/** The lab's inventory: its devices have the lab's addresses and logins. */
export const inLab = (inventory: Inventory, lab: LabAccess | undefined): Inventory => {
  if (!lab) return inventory;
  const moved = (device: Device): Device => {
    const at = named(lab.devices, device.name);
    if (!at) return device;
    return {
      ...device,
      host: at.host,
      port: at.port,
      options: { ...device.options, ...at.options },
      ...(lab.login ? { credentials: { username: lab.login.username, key: { file: lab.login.key } } } : {}),
    };
  };
  return { ...inventory, devices: new Map([...inventory.devices].map(([name, device]) => [name, moved(device)])) };
};
