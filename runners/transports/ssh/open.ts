import { setTimeout as wait } from 'node:timers/promises';
import type { Client, ClientChannel } from 'ssh2';
import { PlumbError } from '../../../core/errors.ts';
import { said } from '../../dialogue/one-line.ts';
import { afterReading } from '../../dialogue/reading/after-reading.ts';
import type { LoggedIn } from './client.ts';

export type Pty = { rows: number; cols: number; term: string };

/** What a server may take to open a channel, unless something ends the waiting earlier. */
export type Waiting = { timeoutMs?: number | undefined; signal?: AbortSignal | undefined };

type On = Pick<LoggedIn, 'client' | 'sock'>;
export type Open = (client: Client, done: (error: Error | undefined, channel: ClientChannel) => void) => void;

const openMs = 20_000;

/** A channel whose death is told by its own events, never by an unhandled error: both of its streams may fail. */
const quiet = (channel: ClientChannel): ClientChannel => {
  channel.on('error', () => {}).stderr.on('error', () => {});
  return channel;
};

/** What a server refuses a channel for, in the words of ssh2; what to call it, and what to do. */
const refusals: readonly (readonly [RegExp, string, string])[] = [
  [
    /request a pseudo-terminal/,
    'the server refuses a terminal, which a command line needs',
    '`PermitTTY no` in its sshd_config forbids it, or `no-pty` and `restrict` before the key in authorized_keys',
  ],
  [
    /start subsystem: netconf/,
    'the server has no subsystem "netconf"',
    'is NETCONF enabled there, and is the port right (`port`, default 830)?',
  ],
  [
    /Unable to (?:exec|open shell)|start subsystem/,
    'the server refuses the request',
    "may this user run commands there? The server's log gives the reason",
  ],
];

const refusal = (name: string, cause: Error, gone: boolean): PlumbError => {
  const [, what, hint] = refusals.find(([words]) => words.test(cause.message)) ?? [];
  if (what && hint && !gone) return new PlumbError('closed', `${name}: ${what}: ${cause.message}`, { cause, hint });
  const why = gone ? 'the connection is gone' : cause.message;
  const after = { hint: "the server's log gives the reason: it may allow the login of this user but no session" };
  return new PlumbError('closed', `${name}: cannot open an SSH channel: ${why}`, { cause, ...(gone ? after : {}) });
};

/** Opens a channel. @throws PlumbError `closed` when the connection or the server does not give one, `timeout` */
export const openChannel = (name: string, { client, sock }: On, open: Open, waiting: Waiting): Promise<ClientChannel> =>
  new Promise((resolve, reject) => {
    const { signal } = waiting;
    const timeoutMs = Math.min(waiting.timeoutMs ?? openMs, openMs);
    let asked = true;
    const settle = (act: () => void): void => {
      asked = false;
      rest();
      signal?.removeEventListener('abort', abort);
      act();
    };
    const fail = (cause: Error) => settle(() => reject(refusal(name, cause, !sock.writable)));
    const abort = () => settle(() => reject(signal?.reason));
    const late = `${name}: the device did not open an SSH channel within ${timeoutMs / 1000} s`;
    const rest = afterReading(timeoutMs, () => settle(() => reject(new PlumbError('timeout', late))));
    if (signal?.aborted) return abort();
    signal?.addEventListener('abort', abort, { once: true });
    try {
      open(client, (error, channel) => {
        if (error) fail(error);
        else if (asked) settle(() => resolve(quiet(channel)));
        else quiet(channel).destroy(); // nobody waits for it any more
      });
    } catch (error) {
      fail(error as Error); // ssh2 throws when it is not connected any more
    }
  });

/** What a server said that refused a channel, RFC 4254, 5.1; undefined where it did not answer. */
export const refusalOf = (error: unknown): string | undefined => {
  const { cause } = error as { cause?: Error & { reason?: unknown } };
  if (typeof cause?.reason !== 'number') return undefined;
  return said(cause.message.replace(/^\(SSH\) Channel open failure: /, ''));
};

/** A server with few sessions still counts one that has just ended: it is asked again after these times, in ms. */
const againMs = [5, 10, 20, 40, 80, 160, 320, 640, 1280];

/**
 * Opens a channel for a shell, a command or a subsystem.
 *
 * @param yieldAll ends what is idle, for a server that gives no more than one
 * @throws PlumbError as `openChannel`
 */
export const openSession = async (
  name: string,
  on: On,
  open: Open,
  yieldAll: () => void,
  waiting: Waiting = {},
): Promise<ClientChannel> => {
  for (let tries = 0; ; tries++) {
    try {
      return await openChannel(name, on, open, waiting);
    } catch (error) {
      const why = refusalOf(error);
      if (why === undefined) throw error;
      const pauseMs = againMs[tries];
      if (pauseMs === undefined)
        throw new PlumbError('closed', `${name}: the server refuses an SSH channel: ${why}`, {
          cause: error,
          hint: '`MaxSessions` of its sshd may be too small, or allow no sessions at all',
        });
      yieldAll();
      await wait(pauseMs, undefined, waiting.signal ? { signal: waiting.signal } : {});
    }
  }
};
