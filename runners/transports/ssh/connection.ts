import type { Duplex } from 'node:stream';
import type { ClientChannel } from 'ssh2';
import { isOutcome, PlumbError } from '../../../core/errors.ts';
import { afterReading } from '../../dialogue/reading/after-reading.ts';
import { type ExecOptions, type Executed, finish } from './channel.ts';
import type { LoggedIn } from './client.ts';
import { type Open, openChannel, openSession, type Pty, refusalOf, type Waiting } from './open.ts';

/** One authenticated connection; every command, shell and subsystem is a channel of it. */
export type SshConnection = AsyncDisposable & {
  /** Runs a command to its end. @throws PlumbError `timeout`, `closed`, `rejected` when it prints too much */
  exec(command: string, options?: ExecOptions): Promise<Executed>;
  /**
   * Starts a command whose stdin and stdout the caller handles.
   *
   * @param options.yields called when the server has no channel left for another one: ends it, if it is idle
   */
  start(command: string, options?: { pty?: Pty; yields?: () => void }): Promise<ClientChannel>;
  /** @param signal ends the waiting for it */
  shell(pty: Pty, signal?: AbortSignal): Promise<Duplex>;
  subsystem(name: string, signal?: AbortSignal): Promise<Duplex>;
  /** A round trip with the server, without a channel. @throws PlumbError `timeout`, `closed` */
  alive(timeoutMs?: number): Promise<void>;
  /** Resolves when the connection is gone, with the reason. */
  readonly closed: Promise<string>;
};

const clients = new WeakMap<SshConnection, LoggedIn>();

/** A byte stream from the far end of a connection on to another host. @throws PlumbError `unreachable` */
export const forward = async (
  name: string,
  through: SshConnection,
  host: string,
  port: number,
  signal: AbortSignal,
): Promise<Duplex> => {
  const from = clients.get(through);
  if (!from) throw new PlumbError('closed', `${name}: the connection to the jump host is gone`);
  try {
    return await openChannel(name, from, (client, done) => client.forwardOut('127.0.0.1', 0, host, port, done), {
      signal,
    });
  } catch (cause) {
    if (!isOutcome(cause)) throw cause;
    const why = refusalOf(cause);
    throw new PlumbError(
      'unreachable',
      `${name}: the jump host cannot reach ${host} port ${port}${why ? `: ${why}` : ''}`,
      {
        cause,
        hint: 'does its sshd allow forwarding (`AllowTcpForwarding`, `PermitOpen`, `DisableForwarding`), and can it reach the device at this address?',
      },
    );
  }
};

/** A client that is logged in, as the rest of the code knows it. @param through the jump host's, closed with it */
export const connection = (name: string, on: LoggedIn, through: SshConnection | undefined): SshConnection => {
  const { client, sock, closed } = on;
  void closed.then(() => through?.[Symbol.asyncDispose]());
  const idle = new Set<() => void>();
  const yieldAll = () => {
    for (const end of idle) end();
    idle.clear();
  };
  const session = (open: Open, waiting?: Waiting) => openSession(name, on, open, yieldAll, waiting);
  const made: SshConnection = {
    closed,
    start: async (command, { pty, yields } = {}) => {
      const channel = await session((to, done) => to.exec(command, pty ? { pty } : {}, done));
      if (yields) idle.add(yields);
      channel.once('close', () => yields && idle.delete(yields));
      return channel;
    },
    exec: async (command, execOptions = {}) => {
      const { timeoutMs } = execOptions;
      return finish(name, await session((to, done) => to.exec(command, done), { timeoutMs }), execOptions);
    },
    shell: (pty, signal) => session((to, done) => to.shell(pty, done), { signal }),
    subsystem: (wanted, signal) => session((to, done) => to.subsys(wanted, done), { signal }),
    alive: (timeoutMs = 10_000) =>
      new Promise((resolve, reject) => {
        const lost = (why: string) => reject(new PlumbError('closed', `${name}: the connection is gone: ${why}`));
        const rest = afterReading(timeoutMs, () => {
          reject(new PlumbError('timeout', `${name}: no answer over SSH within ${timeoutMs / 1000} s`));
        });
        void closed.then((why) => {
          rest();
          lost(why);
        });
        try {
          // taking back a forwarding that never was: every server answers it, with a refusal
          client.unforwardIn('127.0.0.1', 1, () => {
            rest();
            resolve();
          });
        } catch (error) {
          rest();
          lost((error as Error).message);
        }
      }),
    [Symbol.asyncDispose]: async () => {
      client.destroy();
      sock.destroy();
      await through?.[Symbol.asyncDispose](); // what runs through it ends with it
      await closed;
    },
  };
  clients.set(made, on);
  return made;
};
