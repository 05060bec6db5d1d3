import { explain, PlumbError } from '../../../core/errors.ts';
import { said } from '../../dialogue/one-line.ts';
import { SshFailure } from './client.ts';
import { fingerprint, type HostKeyVerdict, keyType } from './known-hosts.ts';
import type { Way } from './login/auth.ts';
import type { LoginOrder } from './login/order.ts';
import { mismatch, type SshOffer } from './offer.ts';

type SshError = Error & { level?: string; code?: string };

/** Why a host key was not accepted; undefined where it was. @param trust the command that pins it */
export const hostKeyError = (
  { name, at, trust }: { name: string; at: string; trust: string },
  verdict: HostKeyVerdict,
  key: Buffer,
): PlumbError | undefined => {
  const shown = `${keyType(key)} ${fingerprint(key)}`;
  switch (verdict.kind) {
    case 'known':
      return undefined;
    case 'unknown':
      return new PlumbError('host_key_unknown', `${name}: ${at} shows a host key that is not pinned: ${shown}`, {
        hint: `${verdict.authority ? '@cert-authority in known_hosts is ignored, because host certificates are not supported: ' : ''}compare the fingerprint on its console, then \`${trust}\``,
      });
    case 'changed':
      return new PlumbError(
        'host_key_changed',
        `${name}: ${at} shows another host key than the pinned one: shown ${shown}, pinned ${verdict.pinned.join(', ')}`,
        {
          hint: `someone may be listening in; if it was replaced or reset, \`${trust}\` pins the new key`,
        },
      );
    case 'revoked':
      return new PlumbError('host_key_changed', `${name}: ${at} shows a host key that is marked @revoked: ${shown}`, {
        hint: 'that key is known to be compromised; do not log in there',
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
      ? `\`options: {legacyAlgorithms: true}\` of ${name} in the inventory allows ${found.mends.join(', ')}: weak, only for old devices`
      : `make it offer one that Plumbline supports: ${found.ours}`;
  return new PlumbError('unreachable', `${name}: no SSH with ${at}: it offers ${found.text}`, { cause, hint });
};

/** Whom we tried to reach, as whom, and whether the time was over. */
type Attempt = {
  name: string;
  at: string;
  username: string;
  legacy: boolean;
  /** It is the jump host, not the device. */
  jump: boolean;
  late: boolean;
  order: LoginOrder | undefined;
};

/** What sshd says instead of its name, and what to do about it. */
const turnedAway: readonly (readonly [RegExp, string])[] = [
  [/MaxStartups/i, 'too many logins at once (`MaxStartups` of its sshd): Plumbline tries again later'],
  [
    /not allowed at this time/i,
    'its sshd blocks an address after too many refusals (`PerSourcePenalties`): fix what was refused, and wait',
  ],
];

/** The device was never there, or never spoke SSH. */
const greetingError = ({ name, at, late }: Attempt, cause: SshError, text: string): PlumbError => {
  if (text)
    return new PlumbError('unreachable', `${name}: no SSH with ${at}: it says "${text}"`, {
      cause,
      hint:
        turnedAway.find(([words]) => words.test(text))?.[1] ??
        'is that the SSH port, and does the server allow this address?',
    });
  const how = late ? 'did not answer in time' : 'closes it without a word';
  return new PlumbError('unreachable', `${name}: ${at} accepts the connection and ${how}`, {
    cause,
    hint: 'is that the SSH port? A device that is overloaded, out of lines, or refuses this address behaves like this too',
  });
};

/** The server wants another password than the one that it took. */
export const passwordOver = (name: string, username: string, asked: string): PlumbError =>
  new PlumbError(
    'unauthorized',
    `${name}: the password of ${username} has expired, and the server asks "${said(asked)}"`,
    {
      hint: 'change it by hand, and then in the place that the inventory refers to',
    },
  );

/** `the password, 4 keys of the agent`. */
const listed = (ways: readonly Way[]): string => {
  const counts = new Map<string, number>();
  for (const { what } of ways) counts.set(what, (counts.get(what) ?? 0) + 1);
  return [...counts].map(([what, count]) => (count > 1 ? what.replace(/^a key/, `${count} keys`) : what)).join(', ');
};

/** What to do about credentials that were refused: of each kind that was tried, and that the server takes at all. */
const refusedHint = ({ name, jump, order }: Attempt): string => {
  const takes = order?.takes ?? [];
  const ours = order?.methods ?? new Set();
  if (takes.length > 0 && !takes.some((method) => ours.has(method))) {
    if (takes.includes('publickey')) return `give ${name} a \`key\` or an \`agent\` in its credentials`;
    if (takes.some((method) => /password|interactive/.test(method)))
      return `give ${name} a \`password\` in its credentials`;
  }
  const whose = jump ? `of ${name}, and the user before the @ in its \`options.jump\`` : `of ${name} in the inventory`;
  const check = `check the user and the key or password ${whose}`;
  const log = "the server's log gives the reason";
  if ((order?.agentKeys ?? 0) < 2 || (takes.length > 0 && !takes.includes('publickey'))) return `${check}; ${log}`;
  const choose = 'choose one key of the agent: `agent: SHA256:…` in the credentials (`ssh-add -l` shows them)';
  const others = [...(order?.refused ?? []), order?.current].some((way) => way && way.auth.type !== 'agent');
  return others ? `${check}, or ${choose}; ${log}` : choose;
};

/** The server heard us and refused: by an answer, or by hanging up on who was refused too often. */
const refusedError = (attempt: Attempt, cause: SshError): PlumbError => {
  const { name, at, username, order } = attempt;
  const refused = order?.refused ?? [];
  const takes = order?.takes?.join(', ');
  const tried =
    refused.length > 0 ? `it refused ${listed(refused)}` : 'it accepts none of the credentials that we have';
  if (cause.level === 'client-authentication') {
    const what = `${at} refused the login of ${username}: ${tried}${takes ? `; it takes ${said(takes)}` : ''}`;
    return new PlumbError('unauthorized', `${name}: ${what}`, { cause, hint: refusedHint(attempt) });
  }
  // too many tries are told instead of the last answer; who hangs up without a word has not judged what it was given
  const counted = /authentication/i.test(cause.message);
  const all = counted && order?.current ? `it refused ${listed([...refused, order.current])}` : tried;
  const unjudged = !counted && order?.current ? `it did not answer to ${order.current.what}` : '';
  const why = unjudged ? [unjudged, ...(refused.length > 0 ? [tried] : [])].join(', and ') : all;
  const what = `${at} ended the login of ${username} (${said(cause.message)}): ${why}`;
  const hint = unjudged
    ? "the server's log gives the reason: the account may be locked or expired, or its authentication (PAM, TACACS+, RADIUS) too slow"
    : refusedHint(attempt);
  return new PlumbError('unauthorized', `${name}: ${what}`, { cause, hint });
};

/** It spoke SSH, and the login did not come to its end. */
const loginError = (attempt: Attempt, cause: SshError): PlumbError => {
  const { name, at, username, late, order } = attempt;
  // a server that hangs up on who was refused counts tries: the same ones again would lock the account
  const counted = (order?.refused.length ?? 0) > 0 || /password|interactive/.test(order?.current?.method ?? '');
  const hungUp = !late && cause.level === undefined && (counted || /authentication/i.test(cause.message));
  if (cause.level === 'client-authentication' || hungUp) return refusedError(attempt, cause);
  if (late)
    return new PlumbError('unreachable', `${name}: ${at} did not finish the login of ${username} in time`, {
      cause,
      hint: 'is the device overloaded, or waiting for another server (TACACS+, RADIUS, DNS)?',
    });
  const what = `the connection to ${at} broke during the login of ${username}: ${said(explain(cause))}`;
  return new PlumbError('unreachable', `${name}: ${what}`, { cause, hint: "the device's log may give the reason" });
};

/** What was thrown while connecting, in our words. */
export const connectError = (attempt: Attempt, error: Error): PlumbError => {
  const { name, at, legacy, jump, late } = attempt;
  const where = jump ? `is \`options.jump\` of ${name} right` : 'is the address in the inventory right';
  const hint = `is ${jump ? 'it' : 'the device'} up, and ${where}?`;
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
        hint: "the device's log may give the reason; is it overloaded, or its host key broken?",
      });
    }
    default:
      return stage satisfies never;
  }
};
