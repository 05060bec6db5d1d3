import ssh2, { type AnyAuthMethod, type KeyboardInteractiveAuthMethod } from 'ssh2';
import { PlumbError } from '../../core/errors.ts';

/** Ways to log in; all that are given are tried, the strongest first. */
export type SshCredentials = {
  username: string;
  password?: string;
  /** A private key, as a file holds it. */
  key?: string;
  passphrase?: string;
  /** Path of an SSH agent's socket. */
  agent?: string;
};

/**
 * What to answer a prompt; undefined: nothing that we have is meant for it. TACACS boxes ask for everything this way, in
 * their own words (`Password:`, `Response:`, `PASSCODE:`), so a hidden prompt is the password's unless it says otherwise.
 */
const answerTo = (prompt: string, hidden: boolean, username: string, password: string): string | undefined => {
  if (/\b(?:new|retype|again|change)\b.*assw/i.test(prompt)) return undefined;
  if (/verification|one.?time|\botp\b|authenticator/i.test(prompt)) return undefined;
  if (/assword|passwd|passcode/i.test(prompt)) return password;
  if (/\btoken\b|\bcode\b|\bpin\b/i.test(prompt)) return undefined;
  if (!hidden) return /[?\]]/.test(prompt) ? undefined : username;
  return password;
};

const interactive = (
  device: string,
  username: string,
  password: string,
  giveUp: (error: PlumbError) => void,
): KeyboardInteractiveAuthMethod => ({
  type: 'keyboard-interactive',
  username,
  prompt: (_name, _instructions, _language, prompts, answer) => {
    const answers = prompts.map(({ prompt, echo }) => answerTo(prompt, !echo, username, password));
    const at = answers.indexOf(undefined);
    if (at < 0) return answer(answers.map((text) => text ?? ''));
    const asked = prompts[at]?.prompt.replace(/\p{Cc}+/gu, ' ').trim() ?? '';
    giveUp(
      new PlumbError('unauthorized', `${device}: asks ${username} "${asked}", and there is nothing to answer`, {
        hint: 'Plumbline answers prompts for user name and password only: give it an account that needs no more, or a key',
      }),
    );
  },
});

/** ssh2 passes over a key that it cannot read and goes on to the next method; an operator must hear of it. */
const readKey = (name: string, key: string, passphrase: string | undefined) => {
  const parsed = ssh2.utils.parseKey(key, passphrase);
  const [first] = Array.isArray(parsed) ? parsed : [parsed];
  if (first && !(first instanceof Error) && first.isPrivateKey()) return first;
  const why = first instanceof Error ? first.message : 'it is not a private key';
  throw new PlumbError('credentials_unavailable', `${name}: cannot use its private key: ${why}`, {
    hint: 'a key with a passphrase needs `passphrase` beside `key` in the inventory',
  });
};

/**
 * The methods that the credentials allow, in the order in which they are tried.
 *
 * @param giveUp called when the server asks what we cannot answer; the login then waits for ever
 * @throws PlumbError `credentials_unavailable` for a key that cannot be read
 */
export const authMethods = (
  name: string,
  credentials: SshCredentials,
  giveUp: (error: PlumbError) => void,
): AnyAuthMethod[] => {
  const { username, password, key, passphrase, agent } = credentials;
  const methods: AnyAuthMethod[] = [];
  if (key !== undefined) methods.push({ type: 'publickey', username, key: readKey(name, key, passphrase) });
  if (agent !== undefined) methods.push({ type: 'agent', username, agent });
  if (password !== undefined) {
    methods.push({ type: 'password', username, password }, interactive(name, username, password, giveUp));
  }
  return methods;
};
