import { defined } from '../../../core/defined.ts';
import { PlumbError } from '../../../core/errors.ts';
import type { Device } from '../../../core/inventory/schema.ts';
import type { Target } from '../../driver.ts';
import type { SshOptions } from './ssh.ts';

const jumpPattern = /^(?:(?<username>[^@\s]+)@)?(?<host>\[[^\]]+\]|[^:,@\s]+)(?::(?<port>\d+))?$/;

const parseJump = (name: string, value: unknown): NonNullable<SshOptions['jump']> => {
  const found = typeof value === 'string' ? jumpPattern.exec(value)?.groups : undefined;
  const { username, host, port } = found ?? {};
  if (!host) {
    throw new PlumbError(
      'invalid_inventory',
      `${name}: options.jump must be [user@]host[:port], not ${String(value)}`,
      {
        hint: String(value).includes(',') ? 'only one jump host is supported' : undefined,
      },
    );
  }
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port ?? 22), ...(username ? { username } : {}) };
};

/** Where the way to a device begins, unless that is the device itself. @throws PlumbError `invalid_inventory` */
export const jumpOf = ({ name, options }: Device): SshOptions['jump'] =>
  options.jump === undefined ? undefined : parseJump(name, options.jump);

/** A jump host that would be passed over in silence. @throws PlumbError `unsupported` where the device has one */
export const refuseJump = ({ name, options }: Device, transport: string): void => {
  if (options.jump === undefined) return;
  throw new PlumbError(
    'unsupported',
    `${name}: options.jump is for SSH and NETCONF: ${transport} does not support a jump host`,
    { hint: 'use `transport: ssh`, or a tunnel of your own' },
  );
};

/** How to reach a device by SSH, as its inventory entry and its options say. @throws PlumbError `invalid_inventory` */
export const sshOptions = ({ device, credentials, knownHosts, lost }: Target, defaultPort = 22): SshOptions => {
  const { username, password, key, passphrase, agent, agentKey } = credentials;
  const jump = jumpOf(device);
  const { legacyAlgorithms } = device.options;
  return {
    name: device.name,
    host: device.host,
    port: device.port ?? defaultPort,
    knownHosts,
    username,
    ...(legacyAlgorithms === true ? { legacyAlgorithms } : {}),
    ...defined({ password, key, passphrase, agent, agentKey, jump, lost }),
  };
};
