import { explain, PlumbError } from '../../core/errors.ts';
import { fingerprint, type HostKeyVerdict, keyType } from './known-hosts.ts';
import { said } from './said.ts';
import { SshFailure } from './ssh-client.ts';
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

/** Whom we tried to reach, as whom, and whether the time was over. */
type Attempt = { name: string; at: string; username: string; legacy: boolean; late: boolean };

/** The device was never there, or never spoke SSH. */
const greetingError = ({ name, at, late }: Attempt, cause: SshError, text: string): PlumbError => {
  if (text)
    return new PlumbError('unreachable', `${name}: no SSH with ${at}: it says "${text}"`, {
      cause,
      hint: 'is that the port of SSH, and does the server let this address in?',
    });
  const how = late ? 'did not answer in time' : 'ends it before it says anything';
  return new PlumbError('unreachable', `${name}: ${at} takes the connection and ${how}`, {
    cause,
    hint: 'is that the port of SSH? a device that is busy, out of lines, or refuses this address does so as well',
  });
};

/** It spoke SSH, and the login did not come to its end. */
const loginError = ({ name, at, username, late }: Attempt, cause: SshError): PlumbError => {
  if (cause.level === 'client-authentication')
    return new PlumbError('unauthorized', `${name}: ${at} refused to let ${username} in: ${cause.message}`, {
      cause,
      hint: `check the user and the key or password of ${name} in the inventory`,
    });
  if (late)
    return new PlumbError('unreachable', `${name}: ${at} did not finish the login of ${username} in time`, {
      cause,
      hint: 'is the device too busy, or does it wait for a server of its own (TACACS+, RADIUS, DNS)?',
    });
  const what = `the connection to ${at} broke during the login of ${username}: ${said(explain(cause))}`;
  return new PlumbError('unreachable', `${name}: ${what}`, { cause, hint: 'the log of the device may say why' });
};

/** What was thrown while connecting, in our words. */
export const connectError = (attempt: Attempt, error: Error): PlumbError => {
  const { name, at, legacy, late } = attempt;
  const hint = 'is the device up, and is the address in the inventory right?';
  if (!(error instanceof SshFailure)) {
    if (late) return new PlumbError('unreachable', `${name}: ${at} did not answer in time`, { cause: error, hint });
    return new PlumbError('unreachable', `${name}: cannot reach ${at}: ${explain(error)}`, { cause: error, hint });
  }
  const { cause, stage, heard } = error;
  switch (stage) {
    case 'greeting':
      return greetingError(attempt, cause, heard.text);
    case 'login':
      return loginError(attempt, cause);
    case 'key exchange': {
      const known = heard.offer && algorithmError(name, at, heard.offer, legacy, cause);
      if (known) return known;
      const how = late ? 'it did not finish the key exchange in time' : said(explain(cause));
      return new PlumbError('unreachable', `${name}: no SSH with ${at} (${heard.text}): ${how}`, {
        cause,
        hint: 'the log of the device may say why; is it too busy, or its host key broken?',
      });
    }
    default:
      return stage satisfies never;
  }
};
