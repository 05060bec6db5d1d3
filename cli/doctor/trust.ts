import { readFile } from 'node:fs/promises';
import type { Device } from '../../core/inventory/schema.ts';
import {
  fingerprint,
  hostName,
  checkHostKey as judgeKey,
  parseKnownHosts,
  passedOver,
  pinnedTypes,
} from '../../runners/transports/ssh/known-hosts.ts';
import { fetchHostKey } from '../../runners/transports/ssh/ssh.ts';
import { jumpOf, sshOptions } from '../../runners/transports/ssh/target.ts';
import { handshake } from '../../runners/transports/tls/handshake.ts';
import { certificateError, judge, tlsEndpoint } from '../../runners/transports/tls/verdict.ts';
import { wayIn } from '../inventory/way-in.ts';
import { type Finding, fail, failed, ok, warn } from './checks.ts';

const soonMs = 30 * 86_400_000;

/**
 * The key that the device shows now, even while a session continues that was opened under another. Nothing is sent to
 * it.
 */
const checkShownKey = async (
  knownHosts: string,
  known: ReturnType<typeof parseKnownHosts>,
  device: Device,
  port: number,
  signal: AbortSignal,
): Promise<Finding> => {
  const { name, host } = device;
  try {
    const to = sshOptions({ device, credentials: { username: '' }, knownHosts }, port);
    const key = await fetchHostKey(to, AbortSignal.any([signal, AbortSignal.timeout(5_000)]));
    const verdict = judgeKey(known, host, port, key);
    if (verdict.kind === 'known') return ok('host key', name, `shows the one that is pinned in ${knownHosts}`);
    const what = `shows ${fingerprint(key)}, which is not the one pinned in ${knownHosts}`;
    return fail(
      'host key',
      name,
      what,
      `someone may be listening in; if it was replaced or reset: \`plumb trust ${name}\``,
    );
  } catch {
    return ok('host key', name, `pinned in ${knownHosts}; not seen now`); // the other checks say why not
  }
};

/** The device's own key, and the one of its jump host, without which the device cannot be reached. */
const checkHostKey = async (
  knownHosts: string,
  device: Device,
  port: number,
  signal: AbortSignal,
): Promise<Finding> => {
  const { name, host } = device;
  const known = parseKnownHosts(await readFile(knownHosts, 'utf8').catch(() => ''));
  const jump = jumpOf(device);
  if (jump && pinnedTypes(known, jump.host, jump.port).length === 0) {
    const at = hostName(jump.host, jump.port);
    return fail('host key', name, `none is pinned for its jump host ${at}`, `plumb trust ${name} --jump`);
  }
  if (pinnedTypes(known, host, port).length > 0) {
    if (jump) return ok('host key', name, `pinned in ${knownHosts}`);
    return checkShownKey(knownHosts, known, device, port, signal);
  }
  return fail('host key', name, `none is pinned for ${hostName(host, port)}`, `plumb trust ${name}`);
};

/** Does a handshake, after which nothing is sent, and says who vouches for the certificate. */
const checkCertificate = async (knownHosts: string, device: Device, signal: AbortSignal): Promise<Finding> => {
  const { name } = device;
  if (device.options.http === true)
    return warn('certificate', name, 'none: options.http: true sends the password in the clear', 'remove the option');
  try {
    const at = { ...(await tlsEndpoint(device)), connectTimeoutMs: 5_000 };
    const { socket, shown } = await handshake(at, signal);
    socket.destroy();
    const verdict = await judge(device, at, knownHosts, shown);
    const error = certificateError(at, verdict, shown);
    if (error || verdict.kind === 'changed' || verdict.kind === 'unknown') throw error;
    const who = verdict.kind === 'pinned' ? `pinned in ${verdict.by}` : `${verdict.by} vouch for it`;
    const until = `${shown.validTo < new Date() ? 'expired' : 'until'} ${shown.validTo.toISOString().slice(0, 10)}`;
    if (shown.validTo.getTime() - Date.now() > soonMs) return ok('certificate', name, `${who}, ${until}`);
    const fix = `renew it on the switch, then \`plumb trust ${name}\``;
    return warn('certificate', name, `${who}, ${until}`, fix);
  } catch (error) {
    return failed('certificate', name, error, `plumb trust ${name}`);
  }
};

/**
 * Whether it is proven who answers there: by a pinned SSH key, or by the certificate; telnet proves nothing, and the
 * finding says so.
 */
export const checkTrust = async (knownHosts: string, device: Device, signal: AbortSignal): Promise<Finding> => {
  const { transport, port } = await wayIn(device);
  if (transport === 'eapi') return checkCertificate(knownHosts, device, signal);
  if (transport !== 'telnet') return checkHostKey(knownHosts, device, port, signal);
  const told = 'telnet: nothing proves who answers, and the password is sent in the clear';
  return warn('host key', device.name, told, 'use `transport: ssh` if the device has it');
};

/** Lines of known_hosts that Plumbline does not act on, though OpenSSH may. */
export const checkKnownHosts = async (knownHosts: string): Promise<Finding[]> => {
  const text = await readFile(knownHosts, 'utf8').catch(() => '');
  return passedOver(text).map(({ line, why }) =>
    warn('known_hosts', `${knownHosts}:${line}`, why, 'pin the keys themselves: plumb trust DEVICE'),
  );
};
