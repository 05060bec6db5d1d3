import ssh2, { type BaseAgent, type ParsedKey, type SignCallback, type SigningRequestOptions } from 'ssh2';
import { PlumbError } from '../../../../core/errors.ts';
import { fingerprint } from '../known-hosts.ts';

/** One key of an agent as an agent of its own: ssh2 offers all keys of an agent in a row, and says nothing between them. */
class OneKey extends ssh2.BaseAgent<ParsedKey> {
  readonly #agent: BaseAgent;
  readonly #key: ParsedKey;

  constructor(agent: BaseAgent, key: ParsedKey) {
    super();
    this.#agent = agent;
    this.#key = key;
  }

  override getIdentities(done: (error: null, keys: ParsedKey[]) => void): void {
    done(null, [this.#key]);
  }

  override sign(
    key: ParsedKey,
    data: Buffer,
    options: SigningRequestOptions | SignCallback,
    done?: SignCallback,
  ): void {
    if (typeof options === 'function') this.#agent.sign(key, data, options);
    else this.#agent.sign(key, data, options, done);
  }
}

const listed = (agent: BaseAgent, signal: AbortSignal): Promise<ParsedKey[]> =>
  new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('it does not answer')), { once: true });
    agent.getIdentities((error, keys) => {
      if (error) reject(error);
      else resolve((keys ?? []) as ParsedKey[]); // ssh2's own agent gives nothing else
    });
  });

/**
 * The keys that an agent holds, those left out that ssh2 cannot use (certificates, security keys).
 *
 * @param wanted fingerprint of the only one to offer
 * @param alone there is nothing else to log in with: an agent without keys is a failure then
 * @throws PlumbError `credentials_unavailable`
 */
export const agentKeys = async (
  name: string,
  path: string,
  wanted: string | undefined,
  alone: boolean,
  signal: AbortSignal,
): Promise<BaseAgent[]> => {
  const agent = ssh2.createAgent(path);
  const keys = await listed(agent, signal).catch((cause: Error) => {
    throw new PlumbError('credentials_unavailable', `${name}: cannot ask the SSH agent at ${path}: ${cause.message}`, {
      cause,
      hint: 'does `ssh-add -l` list its keys, for the user that runs Plumbline?',
    });
  });
  const offered = keys.filter((key) => wanted === undefined || fingerprint(key.getPublicSSH()) === wanted);
  if (offered.length > 0 || (!alone && wanted === undefined)) return offered.map((key) => new OneKey(agent, key));
  const none = wanted === undefined ? 'has no key' : `does not have the key ${wanted}`;
  throw new PlumbError('credentials_unavailable', `${name}: the SSH agent at ${path} ${none} that can be used`, {
    hint: '`ssh-add -l` lists its keys; certificates and security keys (sk-…) are not supported',
  });
};
