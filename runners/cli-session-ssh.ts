import type { Target } from './driver.ts';
import type { SshOptions } from './transports/ssh.ts';

const isJump = (value: unknown): value is { host: string; port?: number; username?: string } =>
  typeof value === 'object' && value !== null && typeof (value as { host?: unknown }).host === 'string';

/**
 * How to log in to a device by SSH. Device options: `jump: {host, port, username}`, `legacyAlgorithms: true`.
 *
 * @param defaultPort where the inventory names none
 */
export const sshOptions = ({ device, credentials, knownHosts }: Target, defaultPort = 22): SshOptions => {
  const { jump, legacyAlgorithms } = device.options;
  const { enable: _, ...login } = credentials;
  return {
    ...login,
    name: device.name,
    host: device.host,
    port: device.port ?? defaultPort,
    knownHosts,
    ...(legacyAlgorithms === true ? { legacyAlgorithms } : {}),
    ...(isJump(jump) ? { jump: { ...jump, port: jump.port ?? 22 } } : {}),
  };
};
