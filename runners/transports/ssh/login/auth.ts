import type { AnyAuthMethod } from 'ssh2';
import type { PlumbError } from '../../../../core/errors.ts';
import { agentKeys } from './agent.ts';
import { readPrivateKey } from './key-file.ts';
import { interactive } from './prompts.ts';

/** Ways to log in; all that are given are tried, the strongest first. */
export type SshCredentials = {
  username: string;
  password?: string;
  /** A private key, as a file holds it. */
  key?: string;
  passphrase?: string;
  /** Path of an SSH agent's socket. */
  agent?: string;
  /** Fingerprint of the one key of the agent that is offered: `SHA256:…`; all of them where it is not given. */
  agentKey?: string;
};

/** One try: what it is by RFC 4252, and what a message calls it. */
export type Way = {
  method: 'publickey' | 'password' | 'keyboard-interactive' | 'none';
  what: string;
  auth: AnyAuthMethod;
};

/**
 * What the credentials allow, in the order in which it is tried.
 *
 * @param giveUp called when the server asks what we cannot answer; the login then waits for ever
 * @throws PlumbError `credentials_unavailable` for a key that cannot be read, or an agent that does not give any
 */
export const waysIn = async (
  name: string,
  credentials: SshCredentials,
  giveUp: (error: PlumbError) => void,
  signal: AbortSignal,
): Promise<Way[]> => {
  const { username, password, key, passphrase, agent, agentKey } = credentials;
  const ways: Way[] = [];
  if (key !== undefined) {
    const auth = { type: 'publickey', username, key: readPrivateKey(name, key, passphrase) } as const;
    ways.push({ method: 'publickey', what: 'the key', auth });
  }
  const alone = key === undefined && password === undefined;
  if (agent !== undefined) {
    for (const held of await agentKeys(name, agent, agentKey, alone, signal))
      ways.push({ method: 'publickey', what: 'a key of the agent', auth: { type: 'agent', username, agent: held } });
  }
  if (password !== undefined) {
    ways.push({ method: 'password', what: 'the password', auth: { type: 'password', username, password } });
    const auth = interactive(name, username, password, giveUp);
    ways.push({ method: 'keyboard-interactive', what: 'the password by keyboard-interactive', auth });
  }
  // nothing to prove it with: some servers let such a user in, and ask on the command line or not at all
  if (ways.length === 0) ways.push({ method: 'none', what: 'the user name alone', auth: { type: 'none', username } });
  return ways;
};
