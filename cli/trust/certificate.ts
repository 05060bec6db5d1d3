import { PlumbError } from '../../core/errors.ts';
import type { Device } from '../../core/inventory/schema.ts';
import { handshake } from '../../runners/transports/tls/handshake.ts';
import { certificatePins, pinCertificate, plainFingerprint, serviceName } from '../../runners/transports/tls/pins.ts';
import { judge, tlsEndpoint } from '../../runners/transports/tls/verdict.ts';
import type { Context } from '../context.ts';
import type { Found } from './found.ts';

const day = (date: Date): string => date.toISOString().slice(0, 10);

/**
 * We send nothing after the handshake. @throws PlumbError `unreachable`, `host_key_changed` where the inventory's pin
 * differs
 */
export const findCertificate = async (context: Context, device: Device): Promise<Found> => {
  const { name } = device;
  if (device.options.http === true)
    throw new PlumbError('unsupported', `${name}: options.http: true is plain HTTP, which has no certificate to pin`);
  const { knownHosts } = context.config;
  const file = certificatePins(knownHosts);
  const at = await tlsEndpoint(device);
  const { socket, shown } = await handshake(at, context.signal);
  socket.destroy();
  const verdict = await judge(device, at, knownHosts, shown);
  const over = shown.validTo < new Date() ? ', expired' : shown.validFrom > new Date() ? ', not valid yet' : '';
  const who = device.options.tlsCa === undefined ? "the system's authorities" : 'options.tlsCa';
  const vouch =
    shown.complaint === undefined ? `${who} vouch for it` : `${who} do not vouch for it: ${shown.complaint}`;
  const text = [
    `${name}  ${serviceName(at.host, at.port)}  certificate  SHA256:${shown.fingerprint}`,
    `  subject  ${shown.subject}`,
    `  issuer   ${shown.issuer}`,
    `  valid    ${day(shown.validFrom)} to ${day(shown.validTo)}${over}`,
    `  trust    ${vouch}`,
    '',
  ].join('\n');
  if (verdict.kind === 'changed' && verdict.by === 'options.tlsFingerprint') {
    context.out(text);
    throw new PlumbError(
      'host_key_changed',
      `${name}: shows another certificate than options.tlsFingerprint pins: shown ${shown.fingerprint}, pinned ${verdict.pinned.join(', ')}; nothing was pinned`,
      { hint: 'the inventory decides: once you know why the certificate changed, correct or remove the option there' },
    );
  }
  return {
    what: 'certificate',
    text,
    fingerprint: `SHA256:${shown.fingerprint}`,
    is: (said) => plainFingerprint(said) === shown.fingerprint,
    state: verdict.kind === 'pinned' ? 'pinned' : verdict.kind === 'changed' ? 'changed' : 'new',
    pinned: verdict.kind === 'changed' ? verdict.pinned : [],
    file: verdict.kind === 'pinned' ? verdict.by : file,
    withPin: (now) =>
      pinCertificate(now, at.host, at.port, shown.fingerprint, `${shown.subject}, until ${day(shown.validTo)}`),
  };
};
