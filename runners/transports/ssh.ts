import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect as tcpConnect } from 'node:net';
import type { Duplex } from 'node:stream';
import ssh2, { type Client, type ConnectConfig } from 'ssh2';
import { PlumbError } from '../../core/errors.ts';
import { checkHostKey, type KnownHost, parseKnownHosts, pinnedTypes } from './known-hosts.ts';
import { algorithms } from './ssh-algorithms.ts';
import { authMethods, type SshCredentials } from './ssh-auth.ts';
import { connection, forward, type SshConnection } from './ssh-connection.ts';
import { connectError, hostKeyError } from './ssh-errors.ts';
import { hearOffer, type SshOffer } from './ssh-offer.ts';

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
  connectTimeoutMs?: number;
};

const keepaliveMs = 30_000;

/** A TCP connection without Nagle's delay, which costs 40 ms in each exchange of a dialogue. */
const openTcp = async (host: string, port: number, signal: AbortSignal): Promise<Duplex> => {
  // not given to connect(): that would end the connection whenever the signal aborts, long after the login
  const socket = tcpConnect({ host, port, noDelay: true });
  try {
    await once(socket, 'connect', { signal });
  } catch (error) {
    socket.destroy();
    throw error;
  }
  return socket;
};

const logIn = async (options: SshOptions, sock: Duplex, known: readonly KnownHost[], signal: AbortSignal) => {
  const { name, host, port, username } = options;
  const at = `${host} port ${port}`;
  const client: Client = new ssh2.Client();
  const legacy = options.legacyAlgorithms ?? false;
  let refused: PlumbError | undefined;
  let heard: (() => SshOffer | undefined) | undefined;
  const config: ConnectConfig = {
    sock,
    username,
    authHandler: authMethods(name, options, (error) => {
      refused = error;
      client.destroy();
    }),
    hostVerifier: (key: Buffer) => {
      refused = hostKeyError(name, at, checkHostKey(known, host, port, key), key);
      return refused === undefined;
    },
    algorithms: algorithms(legacy, pinnedTypes(known, host, port)),
    readyTimeout: 0, // the caller's signal is the deadline
    keepaliveInterval: keepaliveMs,
    keepaliveCountMax: 3,
  };
  const abort = () => client.destroy();
  signal.addEventListener('abort', abort, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      client.once('ready', resolve);
      client.on('error', reject);
      client.once('close', () => reject(new Error('the connection was closed during login')));
      client.connect(config);
      heard = hearOffer(sock);
    });
    return client;
  } catch (error) {
    client.destroy();
    if (refused) throw refused;
    signal.throwIfAborted();
    throw connectError(name, at, username, error as Error, { offer: heard?.(), legacy });
  } finally {
    signal.removeEventListener('abort', abort);
  }
};

/** What the connection attempt threw, in our words. */
const explainAttempt = (
  options: SshOptions,
  deadline: AbortSignal,
  error: unknown,
  offer?: SshOffer | undefined,
): unknown => {
  if (error instanceof PlumbError) return error;
  const { name, host, port, username } = options;
  if (deadline.aborted) {
    return new PlumbError('unreachable', `${name}: ${host} port ${port} did not answer in time`, {
      cause: error,
      hint: 'is the device up, and is the address in the inventory right?',
    });
  }
  const heard = { offer, legacy: options.legacyAlgorithms ?? false };
  return connectError(name, `${host} port ${port}`, username, error as Error, heard);
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
  let way: Way | undefined;
  try {
    way = await reach(options, either);
    const known = parseKnownHosts(await readFile(options.knownHosts, 'utf8').catch(() => ''));
    const client = await logIn(options, way.sock, known, either);
    return connection(options.name, client, way.through);
  } catch (error) {
    await way?.through?.[Symbol.asyncDispose]();
    signal.throwIfAborted();
    throw explainAttempt(options, deadline, error);
  }
};

type Way = { sock: Duplex; through: SshConnection | undefined };

/** A byte stream to the device's SSH port, by way of the jump host where there is one. */
const reach = async (options: SshOptions, signal: AbortSignal): Promise<Way> => {
  const { name, host, port, jump } = options;
  if (!jump) return { sock: await openTcp(host, port, signal), through: undefined };
  const { jump: _, ...rest } = options;
  const username = jump.username ?? options.username;
  const through = await openSsh({ ...rest, host: jump.host, port: jump.port, username }, signal);
  try {
    return { sock: await forward(name, through, host, port), through };
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
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(options.connectTimeoutMs ?? 20_000)]);
  const client: Client = new ssh2.Client();
  let way: Way | undefined;
  let shown: Buffer | undefined;
  let heard: (() => SshOffer | undefined) | undefined;
  const abort = () => client.destroy();
  deadline.addEventListener('abort', abort, { once: true });
  try {
    way = await reach(options, deadline);
    const { sock } = way;
    await new Promise<void>((resolve, reject) => {
      client.on('error', (error: Error) => (shown ? resolve() : reject(error)));
      client.once('close', () => (shown ? resolve() : reject(new Error('the connection was closed'))));
      const hostVerifier = (key: Buffer) => {
        shown = Buffer.from(key);
        return false;
      };
      client.connect({
        sock,
        username: 'plumbline',
        hostVerifier,
        algorithms: algorithms(options.legacyAlgorithms ?? false, []),
      });
      heard = hearOffer(sock);
    });
    if (shown) return shown;
    throw new Error('it showed no host key');
  } catch (error) {
    signal.throwIfAborted();
    throw explainAttempt(options, deadline, error, heard?.());
  } finally {
    deadline.removeEventListener('abort', abort);
    client.destroy();
    await way?.through?.[Symbol.asyncDispose]();
  }
};
