import { explain, PlumbError } from '../../core/errors.ts';
import { fingerprint, type HostKeyVerdict, keyType } from './known-hosts.ts';
import { mismatch, type SshOffer } from './ssh-offer.ts';

type SshError = Error & { level?: string; code?: string };

/** Why a host key was not accepted; undefined where it was. */
export const hostKeyError = (
  name: string,
  at: string,
  verdict: HostKeyVerdict,
  key: Buffer,
): PlumbError | undefined => {
  const shown = `${keyType(key)} ${fingerprint(key)}`;
  switch (verdict.kind) {
    case 'known':
      return undefined;
    case 'unknown':
      return new PlumbError('host_key_unknown', `${name}: ${at} shows a host key that nobody has pinned: ${shown}`, {
        hint: `${verdict.authority ? 'the @cert-authority of known_hosts does not count, host certificates are not supported: ' : ''}compare the fingerprint on the device's console, then \`plumb trust ${name}\``,
      });
    case 'changed':
      return new PlumbError(
        'host_key_changed',
        `${name}: ${at} shows another host key than the pinned one: shown ${shown}, pinned ${verdict.pinned.join(', ')}`,
        {
          hint: `someone may listen in; if the device was replaced or reset, \`plumb trust ${name}\` pins the new key`,
        },
      );
    case 'revoked':
      return new PlumbError('host_key_changed', `${name}: ${at} shows a host key that is marked @revoked: ${shown}`, {
        hint: 'that key is known to be in wrong hands; do not log in there',
      });
    default:
      return verdict satisfies never;
  }
};

/** No common algorithm: names what the server has, and the option that allows it where there is one. */
const algorithmError = (name: string, at: string, offer: SshOffer, legacy: boolean, cause: Error) => {
  const found = mismatch(offer, legacy);
  if (!found) return undefined;
  const hint =
    found.mends.length > 0
      ? `\`options: {legacyAlgorithms: true}\` of ${name} in the inventory allows ${found.mends.join(', ')}: weak, for old devices`
      : 'Plumbline speaks none of these; give the device newer ones';
  return new PlumbError('unreachable', `${name}: no SSH with ${at}: it offers ${found.text}`, { cause, hint });
};

/** What ssh2 reported while connecting, in our words. @param heard what the server offered, where it came so far */
export const connectError = (
  name: string,
  at: string,
  username: string,
  cause: SshError,
  heard?: { offer: SshOffer | undefined; legacy: boolean },
): PlumbError => {
  const known =
    heard?.offer && cause.level !== 'client-authentication'
      ? algorithmError(name, at, heard.offer, heard.legacy, cause)
      : undefined;
  if (known) return known;
  if (cause.level === 'client-authentication') {
    return new PlumbError('unauthorized', `${name}: ${at} refused to let ${username} in: ${cause.message}`, {
      cause,
      hint: `check the user and the key or password of ${name} in the inventory`,
    });
  }
  if (cause.level === 'handshake' || /no matching/i.test(cause.message)) {
    return new PlumbError('unreachable', `${name}: no SSH with ${at}: ${cause.message}`, {
      cause,
      hint: 'is that the port of SSH? an old device may need `options: {legacyAlgorithms: true}`',
    });
  }
  return new PlumbError('unreachable', `${name}: cannot reach ${at}: ${explain(cause)}`, {
    cause,
    hint: 'is the device up, and is the address in the inventory right?',
  });
};
