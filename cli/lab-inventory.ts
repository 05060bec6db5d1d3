import type { Device, Inventory } from '../core/inventory-schema.ts';
import type { LabAccess } from './run-file.ts';

/** The inventory as the lab has it: its devices are where the lab put them, and logged in to with the lab's key. */
export const inLab = (inventory: Inventory, lab: LabAccess | undefined): Inventory => {
  if (!lab) return inventory;
  const moved = (device: Device): Device => {
    const at = lab.devices[device.name];
    if (!at) return device;
    return {
      ...device,
      host: at.host,
      port: at.port,
      options: { ...device.options, ...at.options },
      credentials: { username: lab.username, key: { file: lab.key } },
    };
  };
  return { ...inventory, devices: new Map([...inventory.devices].map(([name, device]) => [name, moved(device)])) };
};
