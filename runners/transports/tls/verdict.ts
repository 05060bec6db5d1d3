import { readFile } from 'node:fs/promises';
import { explain, PlumbError } from '../../../core/errors.ts';
import type { Device } from '../../../core/inventory/schema.ts';
import { refuseJump } from '../ssh/target.ts';
import type { ShownCertificate, TlsEndpoint } from './handshake.ts';
import { certificatePins, pinsOf, plainFingerprint } from './pins.ts';

/** What is known of a device's certificate. `by`: the inventory's option, the file of pins, or who vouches. */
type CertificateVerdict =
  | { kind: 'pinned'; by: string }
  | { kind: 'vouched'; by: string }
  | { kind: 'changed'; by: string; pinned: readonly string[] }
  | { kind: 'unknown'; why: string };

const textOption = (device: Device, name: string): string | undefined => {
  const value = device.options[name];
  if (value === undefined || typeof value === 'string') return value;
  throw new PlumbError('invalid_inventory', `${device.name}: options.${name} must be a text`);
};

/** The pin that the inventory itself holds, if it does. @throws PlumbError `invalid_inventory` when it is no SHA-256 */
const inventoryPin = (device: Device): string | undefined => {
  const text = textOption(device, 'tlsFingerprint');
  if (text === undefined) return undefined;
  const fingerprint = plainFingerprint(text);
  if (fingerprint) return fingerprint;
  throw new PlumbError('invalid_inventory', `${device.name}: options.tlsFingerprint is not a SHA-256 fingerprint`, {
    hint: `\`plumb trust ${device.name}\` shows the certificate's`,
  });
};

/** Where a device's eAPI is. @throws PlumbError `invalid_inventory` when its CA file cannot be read */
export const tlsEndpoint = async (device: Device): Promise<TlsEndpoint> => {
  const path = textOption(device, 'tlsCa');
  refuseJump(device, 'eAPI');
  const ca =
    path === undefined
      ? undefined
      : await readFile(path).catch((cause: Error) => {
          const what = `${device.name}: cannot read options.tlsCa ${path}: ${explain(cause)}`;
          throw new PlumbError('invalid_inventory', what, { cause, hint: 'use an absolute path' });
        });
  const { name, host } = device;
  return { name, host, port: device.port ?? 443, ca, legacy: device.options.tlsLegacy === true };
};

/** A file that is there and cannot be read may hold a pin: an authority must not decide then. */
const readPins = ({ name }: Device, path: string): Promise<string> =>
  readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') return '';
    throw new PlumbError('host_key_unknown', `${name}: cannot read the pinned certificates: ${explain(cause)}`, {
      cause,
      hint: `the user that runs Plumbline must be able to read ${path}`,
    });
  });

/**
 * Judges a certificate: the inventory's pin decides where there is one (it is reviewed and the same on every machine), else
 * this machine's, else the authorities. A pin is about this very certificate, so neither its dates nor its names matter.
 */
export const judge = async (
  device: Device,
  { host, port }: TlsEndpoint,
  knownHosts: string,
  shown: ShownCertificate,
): Promise<CertificateVerdict> => {
  const path = certificatePins(knownHosts);
  const ours = inventoryPin(device);
  const pinned = ours
    ? [ours]
    : pinsOf(await readPins(device, path), host, port).map(
        ({ fingerprint, line }) => fingerprint || `line ${line} of ${path} cannot be read`,
      );
  const by = ours ? 'options.tlsFingerprint' : path;
  if (pinned.includes(shown.fingerprint)) return { kind: 'pinned', by };
  if (pinned.length > 0) return { kind: 'changed', by, pinned };
  if (shown.complaint !== undefined) return { kind: 'unknown', why: shown.complaint };
  return { kind: 'vouched', by: device.options.tlsCa === undefined ? "the system's authorities" : 'options.tlsCa' };
};

/** Why a certificate was not accepted; undefined where it was. */
export const certificateError = (
  { name, host, port }: TlsEndpoint,
  verdict: CertificateVerdict,
  shown: ShownCertificate,
): PlumbError | undefined => {
  const at = `${host} port ${port}`;
  switch (verdict.kind) {
    case 'pinned':
    case 'vouched':
      return undefined;
    case 'changed': {
      const { pinned, by } = verdict;
      const mend = by.startsWith('options.') ? `set \`${by}\` anew` : `\`plumb trust ${name}\` pins the new one`;
      return new PlumbError(
        'host_key_changed',
        `${name}: ${at} shows another certificate than the pinned one: shown ${shown.fingerprint}, pinned ${pinned.join(', ')}`,
        { hint: `someone may be listening in; if the certificate was renewed or the switch replaced, ${mend}` },
      );
    }
    case 'unknown':
      return new PlumbError(
        'host_key_unknown',
        `${name}: ${at} shows a certificate that is not pinned and that no authority vouches for (${verdict.why}): ${shown.fingerprint}`,
        { hint: `compare the fingerprint on the switch, then \`plumb trust ${name}\`` },
      );
    default:
      return verdict satisfies never;
  }
};
