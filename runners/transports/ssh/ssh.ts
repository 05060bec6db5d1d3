import { readFile } from 'node:fs/promises';
import type { Duplex } from 'node:stream';
import type { Client, ConnectConfig } from 'ssh2';
import { PlumbError } from '../../../core/errors.ts';
import { isLate } from '../late.ts';
import { dial } from '../tcp.ts';
import { algorithms } from './algorithms.ts';
import { type LoggedIn, SshFailure, startClient } from './client.ts';
import { connection, forward, type SshConnection } from './connection.ts';
import { connectError, hostKeyError, passwordOver } from './errors.ts';
import { checkHostKey, parseKnownHosts, pinnedTypes } from './known-hosts.ts';
import { type SshCredentials, waysIn } from './login/auth.ts';
import { LoginOrder } from './login/order.ts';

/** Where to log in, as whom, and who must be there. */
export type SshOptions = SshCredentials & {
  /** What the operator calls the device; messages start with it. */
  name: string;
  host: string;
  port: number;
  knownHosts: string;
  /** Also SHA-1 key exchange, CBC ciphers and ssh-rsa host keys. */
  legacyAlgorithms?: boolean;
  /** Log in here first and go on from there. */
  jump?: { host: string; port: number; username?: string };
  /** This is where the way to a device begins, not the device itself. */
  isJump?: true;
  connectTimeoutMs?: number;
  /** As of a target: the connection is reset when it aborts. */
  lost?: AbortSignal;
};

const keepaliveMs = 30_000;

/** The jump host of a device as a server to log in to, with the device's own credentials unless it names a user. */
export const jumpHost = ({ jump, ...options }: SshOptions): SshOptions | undefined =>
  jump && { ...options, host: jump.host, port: jump.port, username: jump.username ?? options.username, isJump: true };

/** What a message calls it. */
const whereOf = ({ host, port, isJump }: SshOptions): string => `${isJump ? 'the jump host ' : ''}${host} port ${port}`;

/** Ends a login for a reason of ours. */
type Lost = { tell: (error: Error) => void };

const logIn = async (
  options: SshOptions,
  sock: Duplex,
  order: LoginOrder,
  lost: Lost,
  signal: AbortSignal,
): Promise<LoggedIn> => {
  const { name, host, port, username, isJump } = options;
  const known = parseKnownHosts(await readFile(options.knownHosts, 'utf8').catch(() => ''));
  let client: Client | undefined;
  const config: ConnectConfig = {
    username,
    authHandler: (_left, _partial, next) => client && order.next(client, next),
    hostVerifier: (key: Buffer) => {
      const trust = `plumb trust ${name}${isJump ? ' --jump' : ''}`;
      const refused = hostKeyError({ name, at: whereOf(options), trust }, checkHostKey(known, host, port, key), key);
      if (refused) lost.tell(refused);
      return refused === undefined;
    },
    algorithms: algorithms(options.legacyAlgorithms ?? false, pinnedTypes(known, host, port)),
    keepaliveInterval: keepaliveMs,
    keepaliveCountMax: 3,
  };
  return startClient(sock, config, signal, (made, lose) => {
    client = made;
    lost.tell = lose;
    made.on('change password', (asked: string) => lose(passwordOver(name, username, asked)));
  });
};

/** What the attempt threw, in our words; what somebody else's signal ended is nobody's failure, and comes as it is. */
const inOurWords = (
  options: SshOptions,
  signal: AbortSignal,
  deadline: AbortSignal,
  error: unknown,
  order?: LoginOrder,
): unknown => {
  const told = error instanceof SshFailure ? error.cause : error;
  if (told instanceof PlumbError && !signal.aborted) return told;
  const late = deadline.aborted || isLate(signal);
  if (signal.aborted && !late) return signal.reason;
  const { name, username, isJump: jump = false, legacyAlgorithms: legacy = false } = options;
  return connectError({ name, at: whereOf(options), username, legacy, jump, late, order }, error as Error);
};

/**
 * Connects and logs in; the host key is verified before anything of ours is sent.
 *
 * @param signal aborts it
 * @throws PlumbError `unreachable`, `unauthorized`, `host_key_unknown`, `host_key_changed`, `credentials_unavailable`
 */
export const openSsh = async (options: SshOptions, signal: AbortSignal): Promise<SshConnection> => {
  const deadline = AbortSignal.timeout(options.connectTimeoutMs ?? 20_000);
  const either = AbortSignal.any([signal, deadline]);
  const lost: Lost = { tell: () => {} };
  let order: LoginOrder | undefined;
  let way: Way | undefined;
  try {
    order = new LoginOrder(await waysIn(options.name, options, (error) => lost.tell(error), either));
    way = await reach(options, either);
    const client = await logIn(options, way.sock, order, lost, either);
    return connection(options.name, client, way.through);
  } catch (error) {
    await way?.through?.[Symbol.asyncDispose]();
    throw inOurWords(options, signal, deadline, error, order);
  }
};

type Way = { sock: Duplex; through: SshConnection | undefined };

/** A byte stream to the device's SSH port, by way of the jump host where there is one. */
const reach = async (options: SshOptions, signal: AbortSignal): Promise<Way> => {
  const { name, host, port, lost } = options;
  const jump = jumpHost(options);
  if (!jump) return { sock: await dial(host, port, signal, lost), through: undefined };
  const through = await openSsh(jump, signal);
  try {
    return { sock: await forward(name, through, host, port, signal), through };
  } catch (error) {
    await through[Symbol.asyncDispose]();
    throw error;
  }
};

/**
 * The host key that a device shows, whatever is pinned; nothing of ours is sent to it.
 *
 * @throws PlumbError `unreachable`
 */
export const fetchHostKey = async (options: SshOptions, signal: AbortSignal): Promise<Buffer> => {
  const deadline = AbortSignal.timeout(options.connectTimeoutMs ?? 20_000);
  const either = AbortSignal.any([signal, deadline]);
  let way: Way | undefined;
  let shown: Buffer | undefined;
  const config = {
    username: 'plumbline',
    hostVerifier: (key: Buffer) => {
      shown = Buffer.from(key);
      return false; // all that is wanted was seen
    },
    algorithms: algorithms(options.legacyAlgorithms ?? false, []),
  };
  try {
    way = await reach(options, either);
    await startClient(way.sock, config, either);
    throw new Error('it showed no host key');
  } catch (error) {
    if (shown) return shown;
    throw inOurWords(options, signal, deadline, error);
  } finally {
    await way?.through?.[Symbol.asyncDispose]();
  }
};
