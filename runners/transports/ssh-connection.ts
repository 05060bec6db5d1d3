import type { Duplex } from 'node:stream';
import type { Client, ClientChannel } from 'ssh2';
import { PlumbError } from '../../core/errors.ts';
import { type ExecOptions, type Executed, finish, openChannel, type Pty, quiet } from './ssh-channel.ts';

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

const clients = new WeakMap<SshConnection, Client>();

/** A byte stream from the far end of a connection on to another host. @throws PlumbError `unreachable` */
export const forward = (name: string, through: SshConnection, host: string, port: number): Promise<Duplex> => {
  const client = clients.get(through);
  if (!client) throw new PlumbError('closed', `${name}: the jump host is gone`);
  return openChannel(name, client, (from, done) => from.forwardOut('127.0.0.1', 0, host, port, done)).catch((cause) => {
    throw new PlumbError('unreachable', `${name}: the jump host cannot reach ${host} port ${port}`, { cause });
  });
};

/** A client that is logged in, as the rest of the code knows it. @param through the jump host's, closed with it */
export const connection = (name: string, client: Client, through: SshConnection | undefined): SshConnection => {
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
