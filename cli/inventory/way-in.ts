import { named } from '../../core/by-name.ts';
import type { Device } from '../../core/inventory/schema.ts';

const ports: Record<string, number> = { ssh: 22, telnet: 23, eapi: 443, netconf: 830 };

/** How a device is logged in to: as the inventory says, else by the first transport of its platform. */
export const wayIn = async (device: Device): Promise<{ transport: string; port: number }> => {
  const { driverFor } = await import('../../runners/drivers/registry.ts');
  const transport = device.transport ?? driverFor(device.platform).capabilities.transports[0] ?? 'ssh';
  const usual = transport === 'eapi' && device.options.http === true ? 80 : named(ports, transport);
  return { transport, port: device.port ?? usual ?? 22 };
};
