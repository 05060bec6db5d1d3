import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Command } from 'commander';
import { resolveCredentials } from '../core/credentials.ts';
import { PlumbError } from '../core/errors.ts';
import { didYouMean } from '../core/inventory-nearest.ts';
import type { Device } from '../core/inventory-schema.ts';
import {
  checkHostKey,
  fingerprint,
  hostName,
  keyType,
  parseKnownHosts,
  pinHostKey,
} from '../runners/transports/known-hosts.ts';
import { fetchHostKey } from '../runners/transports/ssh.ts';
import { sshOptions } from '../runners/transports/ssh-target.ts';
import type { Context } from './context.ts';

const pick = async (context: Context, name: string): Promise<Device> => {
  const { devices, path } = await context.inventory();
  const device = devices.get(name);
  if (device) return device;
  throw new PlumbError('unknown_device', `${name}: not in ${path}${didYouMean(name, [...devices.keys()])}`);
};

const options = async (context: Context, device: Device) => {
  // only a jump host is logged in to; the device itself just shows its key
  const credentials = device.options.jump
    ? await resolveCredentials(await context.inventory(), device)
    : { username: '' };
  const port = device.transport === 'netconf' || device.platform === 'netconf' ? 830 : 22;
  return sshOptions({ device, credentials, knownHosts: context.config.knownHosts }, port);
};

const store = async (path: string, text: string) => {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(`${path}.new`, text, { mode: 0o600 });
  await rename(`${path}.new`, path);
};

/** Shows the key that a device shows, and pins it once a person says that it is the right one. */
const trust = async (context: Context, name: string, said: { fingerprint?: string; yes?: boolean }): Promise<void> => {
  const device = await pick(context, name);
  if (device.transport === 'telnet' || device.transport === 'eapi') {
    throw new PlumbError('unsupported', `${name}: transport ${device.transport} has no SSH host key to pin`);
  }
  const at = await options(context, device);
  const key = await fetchHostKey(at, context.signal);
  const shown = fingerprint(key);
  const { knownHosts } = context.config;
  const text = await readFile(knownHosts, 'utf8').catch(() => '');
  const verdict = checkHostKey(parseKnownHosts(text), at.host, at.port, key);
  context.out(`${name}  ${hostName(at.host, at.port)}  ${keyType(key)}  ${shown}\n`);
  if (verdict.kind === 'known') return context.err(`${name}: this key is pinned already\n`);
  if (verdict.kind === 'revoked') {
    throw new PlumbError('host_key_changed', `${name}: this key is marked @revoked in ${knownHosts}`);
  }
  if (verdict.kind === 'changed') context.err(`${name}: another key is pinned: ${verdict.pinned.join(', ')}\n`);
  if (said.fingerprint !== undefined && said.fingerprint !== shown) {
    throw new PlumbError('host_key_changed', `${name}: shows ${shown}, not ${said.fingerprint}; nothing was pinned`);
  }
  if (said.fingerprint === undefined && !said.yes) {
    const answer = await context.prompt(`Is this the fingerprint on the console of ${name}? [y/N] `);
    if (answer === undefined) {
      throw new PlumbError('invalid_request', `${name}: nobody is there to confirm the fingerprint`, {
        hint: `plumb trust ${name} --fingerprint ${shown}`,
      });
    }
    if (!/^y(es)?$/i.test(answer.trim())) {
      context.err('nothing was pinned\n');
      return context.exit(1);
    }
  }
  await store(knownHosts, pinHostKey(text, at.host, at.port, key));
  context.err(`${name}: pinned in ${knownHosts}\n`);
};

/** `plumb trust`: pin a device's SSH host key. */
export const trustVerb = (context: Context): Command =>
  new Command('trust')
    .summary("pin a device's SSH host key")
    .description("Show a device's SSH host key and pin it, once you say that it is the right one.")
    .argument('<device>')
    .option('--fingerprint <SHA256:…>', 'pin the key if this is its fingerprint, without asking')
    .option('--yes', 'pin whatever key it shows, without asking')
    .addHelpText(
      'after',
      '\nExample:\n  $ plumb trust leaf1\n  $ plumb trust leaf1 --fingerprint SHA256:eIHnJlZfAbb3yJ1dvOa8LVosGKgj/7W8txTlaWmV73E',
    )
    .action((name: string, said: { fingerprint?: string; yes?: boolean }) => trust(context, name, said));
