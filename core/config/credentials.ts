import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { PlumbError } from '../errors.ts';
import type { Device, Inventory, SecretRef } from '../inventory/schema.ts';
import { registerSecret } from '../redact/redact.ts';
import { outputOf } from './credentials-command.ts';

/** A device's secrets, resolved. Held in memory only. */
export type Credentials = {
  username: string;
  password?: string;
  key?: string;
  passphrase?: string;
  enable?: string;
  agent?: string; // socket path
  agentKey?: string; // fingerprint
};

const secretNames = ['password', 'key', 'passphrase', 'enable'] as const;

/** @returns where the secret is, for messages, and how to get it */
const sourceOf = (secret: SecretRef, folder: string): { place: string; read: () => Promise<string> } => {
  if ('env' in secret) {
    const read = async () => {
      const value = process.env[secret.env];
      if (value === undefined) throw new Error('it is not set');
      return value;
    };
    return { place: `environment variable ${secret.env}`, read };
  }
  if ('file' in secret) {
    const path = resolve(folder, secret.file.replace(/^~(?=\/)/, homedir()));
    const read = () =>
      readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
        throw new Error(cause.code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${cause.code})`);
      });
    return { place: `file ${path}`, read };
  }
  if ('command' in secret) {
    return { place: `command "${secret.command.join(' ')}"`, read: () => outputOf(secret.command, folder) };
  }
  return { place: 'the inventory', read: async () => secret.literal };
};

const readSecret = async (device: Device, name: string, secret: SecretRef, folder: string): Promise<string> => {
  const { place, read } = sourceOf(secret, folder);
  const fail = (why: string): never => {
    throw new PlumbError('credentials_unavailable', `${device.name}: no ${name} from ${place}: ${why}`, {
      hint: 'see `credentials:` of the device, its groups or the defaults in the inventory',
    });
  };
  const text = await read().catch((error: Error) => fail(error.message));
  const value = text.replace(/\r?\n$/, '');
  if (value === '') fail('it is empty');
  registerSecret(value);
  return value;
};

/**
 * Gets a device's secrets from where the inventory says they are; from then on they are masked in all texts.
 *
 * @throws PlumbError `credentials_unavailable` naming the device, the secret and the place, never a value
 */
export const resolveCredentials = async (inventory: Inventory, device: Device): Promise<Credentials> => {
  const wanted = device.credentials;
  if (!wanted) {
    throw new PlumbError('credentials_unavailable', `${device.name}: no credentials in the inventory`, {
      hint: 'add `credentials: {username: …, password: {env: …}}` to the device, one of its groups or the defaults',
    });
  }
  const credentials: Credentials = { username: wanted.username };
  for (const name of secretNames) {
    const secret = wanted[name];
    if (secret) credentials[name] = await readSecret(device, name, secret, dirname(inventory.path));
  }
  if (wanted.agent) {
    const socket = process.env.SSH_AUTH_SOCK;
    if (!socket) {
      throw new PlumbError('credentials_unavailable', `${device.name}: no SSH agent: SSH_AUTH_SOCK is not set`, {
        hint: 'start one with `eval $(ssh-agent)` and add your key with `ssh-add`',
      });
    }
    credentials.agent = socket;
    if (typeof wanted.agent === 'string') credentials.agentKey = wanted.agent;
  }
  return credentials;
};
