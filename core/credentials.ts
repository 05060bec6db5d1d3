import type { Device, Inventory } from './inventory-schema.ts';

/** A device's secrets, resolved. Held in memory only. */
export type Credentials = {
  username: string;
  password?: string;
  key?: string;
  passphrase?: string;
  enable?: string;
  agent?: string; // socket path
};

export declare const resolveCredentials: (inventory: Inventory, device: Device) => Promise<Credentials>;
