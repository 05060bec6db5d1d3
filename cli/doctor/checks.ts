import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { resolveCredentials } from '../../core/config/credentials.ts';
import { explain, PlumbError } from '../../core/errors.ts';
import type { Device, Inventory, SecretRef } from '../../core/inventory/schema.ts';
import { jumpOf } from '../../runners/transports/ssh/target.ts';
import { dial } from '../../runners/transports/tcp.ts';
import { wayIn } from '../inventory/way-in.ts';

/** One thing that was checked. `fix`: what to do about it. */
export type Finding = { check: string; on: string; result: 'ok' | 'warn' | 'fail'; detail: string; fix?: string };

export const ok = (check: string, on: string, detail: string): Finding => ({ check, on, result: 'ok', detail });
export const fail = (check: string, on: string, detail: string, fix: string): Finding => {
  return { check, on, result: 'fail', detail, fix };
};
export const warn = (check: string, on: string, detail: string, fix: string): Finding => {
  return { check, on, result: 'warn', detail, fix };
};

/** What an error says, with its hint as the fix. */
export const failed = (check: string, on: string, error: unknown, fix: string): Finding =>
  fail(check, on, explain(error), error instanceof PlumbError && error.hint ? error.hint : fix);

export const checkNode = (): Finding => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const fine = major > 20 || (major === 20 && minor >= 19);
  if (fine) return ok('node', '', process.versions.node);
  return fail('node', '', `${process.versions.node}, and 20.19 or newer is needed`, 'install a newer Node');
};

/** Files that hold secrets must be their owner's alone. */
const openToOthers = async (path: string): Promise<string | undefined> => {
  const found = await stat(path).catch(() => undefined);
  return found && (found.mode & 0o077) !== 0 ? (found.mode & 0o777).toString(8) : undefined;
};

const secretFiles = (inventory: Inventory, device: Device): string[] => {
  const { password, key, passphrase, enable } = device.credentials ?? {};
  return [password, key, passphrase, enable]
    .filter((ref): ref is Extract<SecretRef, { file: string }> => ref !== undefined && 'file' in ref)
    .map(({ file }) => resolve(dirname(inventory.path), file));
};

/** Whether a device's secrets are available here, and whether anyone else can read them. */
export const checkCredentials = async (inventory: Inventory, device: Device): Promise<Finding> => {
  try {
    await resolveCredentials(inventory, device);
  } catch (error) {
    return failed('credentials', device.name, error, 'docs/inventory.md: where secrets come from');
  }
  for (const path of secretFiles(inventory, device)) {
    const mode = await openToOthers(path);
    if (mode) return warn('credentials', device.name, `${path} has mode ${mode}`, `chmod 600 ${path}`);
  }
  return ok('credentials', device.name, `as ${device.credentials?.username ?? 'nobody'}`);
};

const fullBytes = 1024 * 1024;

/** The state folder holds keys and the password of the bus. */
export const checkState = async (state: string): Promise<Finding> => {
  const found = await stat(state).catch(() => undefined);
  if (!found) return ok('state', state, 'not made yet');
  const why = await access(state, constants.W_OK).then(() => undefined, explain);
  if (why) return fail('state', state, `cannot be written: ${why}`, "is the file system read-only, or another user's?");
  const { bavail, bsize } = await statfs(state);
  if (bavail * bsize < fullBytes) return fail('state', state, 'the disk is full', 'make room on it');
  const file = await openToOthers(join(state, 'nats.json'));
  if (file) return fail('state', state, `nats.json has mode ${file}`, `chmod 600 ${join(state, 'nats.json')}`);
  return ok('state', state, '');
};

/** Whether anything listens there, or at the jump host where the way to it begins. */
export const checkTcp = async (device: Device, signal: AbortSignal): Promise<Finding> => {
  const jump = jumpOf(device);
  const { host, port } = jump ?? { host: device.host, port: (await wayIn(device)).port };
  const at = `${jump ? 'jump host ' : ''}${host}:${port}`;
  const began = performance.now();
  const limit = AbortSignal.timeout(5_000);
  try {
    const socket = await dial(host, port, AbortSignal.any([signal, limit]));
    socket.destroy();
    return ok('tcp', device.name, `${at} in ${Math.round(performance.now() - began)} ms`);
  } catch (error) {
    const fix = `is the ${jump ? 'jump host' : 'address'} in inventory.yml right, and may this machine reach it?`;
    const why = limit.aborted ? 'no answer within 5 s' : explain(error);
    return fail('tcp', device.name, `${at}: ${why}`, fix);
  }
};
