import { resolveCredentials } from '../../core/config/credentials.ts';
import { PlumbError } from '../../core/errors.ts';
import type { Device } from '../../core/inventory/schema.ts';
import {
  checkHostKey,
  fingerprint,
  hostName,
  keyType,
  parseKnownHosts,
  pinHostKey,
} from '../../runners/transports/ssh/known-hosts.ts';
import { fetchHostKey, jumpHost } from '../../runners/transports/ssh/ssh.ts';
import { sshOptions } from '../../runners/transports/ssh/target.ts';
import type { Context } from '../context.ts';
import { type Found, readPins } from './found.ts';

/** The SSH host key that a device shows. @throws PlumbError `unreachable`, `host_key_changed` for a revoked one */
export const findHostKey = async (context: Context, device: Device, port: number, jump: boolean): Promise<Found> => {
  const { name } = device;
  const { knownHosts } = context.config;
  // only a jump host is logged in to, on the way to a device; a host asked for its key just shows it
  const credentials =
    device.options.jump && !jump ? await resolveCredentials(await context.inventory(), device) : { username: '' };
  const to = sshOptions({ device, credentials, knownHosts }, port);
  const at = jump ? jumpHost(to) : to;
  if (!at) throw new PlumbError('invalid_request', `${name}: it has no \`options.jump\``);
  const key = await fetchHostKey(at, context.signal);
  const shown = fingerprint(key);
  const text = await readPins(knownHosts);
  const verdict = checkHostKey(parseKnownHosts(text), at.host, at.port, key);
  if (verdict.kind === 'revoked')
    throw new PlumbError('host_key_changed', `${name}: its key ${shown} is marked @revoked in ${knownHosts}`, {
      hint: 'that key is known to be compromised; do not log in there',
    });
  return {
    what: 'key',
    text: `${jump ? `the jump host of ${name}` : name}  ${hostName(at.host, at.port)}  ${keyType(key)}  ${shown}\n`,
    fingerprint: shown,
    is: (said) => said === shown,
    state: verdict.kind === 'known' ? 'pinned' : verdict.kind === 'changed' ? 'changed' : 'new',
    pinned: verdict.kind === 'changed' ? verdict.pinned : [],
    file: knownHosts,
    withPin: (now) => pinHostKey(now, at.host, at.port, key),
  };
};
