import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect as tcpConnect } from 'node:net';
import type { Duplex } from 'node:stream';
import ssh2, { type Client, type ClientChannel, type ConnectConfig } from 'ssh2';
import { PlumbError } from '../../core/errors.ts';
import { checkHostKey, type KnownHost, parseKnownHosts, pinnedTypes } from './known-hosts.ts';
import { algorithms } from './ssh-algorithms.ts';
import { authMethods, type SshCredentials } from './ssh-auth.ts';
import { type ExecOptions, type Executed, finish, openChannel, type Pty, quiet } from './ssh-channel.ts';
import { connectError, hostKeyError } from './ssh-errors.ts';

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

/** One authenticated connection; every command, shell and subsystem is a channel of it. */
export type SshConnection = AsyncDisposable & {
  /** Runs a command to its end. @throws PlumbError `timeout`, `closed`, `rejected` when it prints too much */
  exec(command: string, options?: ExecOptions): Promise<Executed>;
  /** Starts a command whose stdin and stdout the caller handles. */
  start(command: string, pty?: Pty): Promise<ClientChannel>;
  shell(pty: Pty): Promise<Duplex>;
  subsystem(name: string): Promise<Duplex>;
  /** A round trip with the server, without a channel. @throws PlumbError `timeout`, `closed` */
  alive(timeoutMs?: number): Promise<void>;
  /** Resolves when the connection is gone, with the reason. */
  readonly closed: Promise<string>;
};

const keepaliveMs = 30_000;

/** A TCP connection without Nagle's delay, which costs 40 ms in each exchange of a dialogue. */
const openTcp = async (host: string, port: number, signal: AbortSignal): Promise<Duplex> => {
  const socket = tcpConnect({ host, port, noDelay: true, signal });
  await once(socket, 'connect', { signal });
  return socket;
};

const logIn = async (options: SshOptions, sock: Duplex, known: readonly KnownHost[], signal: AbortSignal) => {
  const { name, host, port, username } = options;
  const at = `${host} port ${port}`;
  const client: Client = new ssh2.Client();
  let refused: PlumbError | undefined;
  const config: ConnectConfig = {
    sock,
    username,
    authHandler: authMethods(name, options),
    hostVerifier: (key: Buffer) => {
      refused = hostKeyError(name, at, checkHostKey(known, host, port, key), key);
      return refused === undefined;
    },
    algorithms: algorithms(options.legacyAlgorithms ?? false, pinnedTypes(known, host, port)),
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
    });
    return client;
  } catch (error) {
    client.destroy();
    if (refused) throw refused;
    signal.throwIfAborted();
    throw connectError(name, at, username, error as Error);
  } finally {
    signal.removeEventListener('abort', abort);
  }
};

/** What the connection attempt threw, in our words. */
const explainAttempt = (options: SshOptions, deadline: AbortSignal, error: unknown): unknown => {
  if (error instanceof PlumbError) return error;
  const { name, host, port, username } = options;
  if (deadline.aborted) {
    return new PlumbError('unreachable', `${name}: ${host} port ${port} did not answer in time`, {
      cause: error,
      hint: 'is the device up, and is the address in the inventory right?',
    });
  }
  return connectError(name, `${host} port ${port}`, username, error as Error);
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
  const { name, host, port, jump } = options;
  let through: SshConnection | undefined;
  try {
    if (jump) {
      const { jump: _, ...rest } = options;
      const username = jump.username ?? options.username;
      through = await openSsh({ ...rest, host: jump.host, port: jump.port, username }, either);
    }
    const known = parseKnownHosts(await readFile(options.knownHosts, 'utf8').catch(() => ''));
    const sock = through ? await forward(name, through, host, port) : await openTcp(host, port, either);
    const client = await logIn(options, sock, known, either);
    return connection(name, client, through);
  } catch (error) {
    await through?.[Symbol.asyncDispose]();
    signal.throwIfAborted();
    throw explainAttempt(options, deadline, error);
  }
};

const clients = new WeakMap<SshConnection, Client>();

const forward = (name: string, through: SshConnection, host: string, port: number): Promise<Duplex> => {
  const client = clients.get(through);
  if (!client) throw new PlumbError('closed', `${name}: the jump host is gone`);
  return openChannel(name, client, (from, done) => from.forwardOut('127.0.0.1', 0, host, port, done)).catch((cause) => {
    throw new PlumbError('unreachable', `${name}: the jump host cannot reach ${host} port ${port}`, { cause });
  });
};

const connection = (name: string, client: Client, through: SshConnection | undefined): SshConnection => {
  let reason = 'closed by the device';
  client.removeAllListeners('error').on('error', (error: Error) => {
    reason = error.message;
  });
  const closed = new Promise<string>((resolve) => {
    client.removeAllListeners('close').once('close', () => resolve(reason));
  });
  void closed.then(() => through?.[Symbol.asyncDispose]());
  const made: SshConnection = {
    closed,
    start: async (command, pty) =>
      quiet(await openChannel(name, client, (to, done) => to.exec(command, pty ? { pty } : {}, done))),
    exec: async (command, execOptions) => finish(name, await made.start(command), execOptions),
    shell: async (pty) => quiet(await openChannel(name, client, (to, done) => to.shell(pty, done))),
    subsystem: async (wanted) => quiet(await openChannel(name, client, (to, done) => to.subsys(wanted, done))),
    alive: (timeoutMs = 10_000) =>
      new Promise((resolve, reject) => {
        const lost = (why: string) => reject(new PlumbError('closed', `${name}: the connection is gone: ${why}`));
        const timer = setTimeout(() => {
          reject(new PlumbError('timeout', `${name}: no answer over SSH within ${timeoutMs / 1000} s`));
        }, timeoutMs);
        void closed.then((why) => {
          clearTimeout(timer);
          lost(why);
        });
        try {
          // taking back a forwarding that never was: every server answers it, with a refusal
          client.unforwardIn('127.0.0.1', 1, () => {
            clearTimeout(timer);
            resolve();
          });
        } catch (error) {
          clearTimeout(timer);
          lost((error as Error).message);
        }
      }),
    [Symbol.asyncDispose]: async () => {
      reason = 'closed by us';
      client.destroy();
      await closed;
    },
  };
  clients.set(made, client);
  return made;
};
