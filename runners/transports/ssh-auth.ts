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

/** TACACS boxes often offer nothing but this: every prompt is the password's, unless it asks for the user in the clear. */
const interactive = (username: string, password: string): KeyboardInteractiveAuthMethod => ({
  type: 'keyboard-interactive',
  username,
  prompt: (_name, _instructions, _language, prompts, answer) => {
    answer(prompts.map(({ prompt, echo }) => (echo && !/assword/i.test(prompt) ? username : password)));
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
 * @throws PlumbError `credentials_unavailable` for a key that cannot be read
 */
export const authMethods = (name: string, credentials: SshCredentials): AnyAuthMethod[] => {
  const { username, password, key, passphrase, agent } = credentials;
  const methods: AnyAuthMethod[] = [];
  if (key !== undefined) methods.push({ type: 'publickey', username, key: readKey(name, key, passphrase) });
  if (agent !== undefined) methods.push({ type: 'agent', username, agent });
  if (password !== undefined) {
    methods.push({ type: 'password', username, password }, interactive(username, password));
  }
  return methods;
};
