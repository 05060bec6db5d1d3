import type { Duplex } from 'node:stream';
import ssh2, { type Client, type ConnectConfig } from 'ssh2';
import { assertOpen } from '../tcp.ts';
import { type Heard, hear } from './offer.ts';

/** How far a server let us come: it had not said yet that it speaks SSH, the keys were exchanged, we were logging in. */
type Stage = 'greeting' | 'key exchange' | 'login';

/** A connection that was not to be: what came of it, and how far it went. */
export class SshFailure extends Error {
  override readonly name = 'SshFailure';
  override readonly cause: Error & { level?: string };
  readonly stage: Stage;
  readonly heard: Heard;

  constructor(cause: Error, stage: Stage, heard: Heard) {
    super(cause.message);
    this.cause = cause;
    this.stage = stage;
    this.heard = heard;
  }
}

/** A client that is logged in. `closed` resolves when its connection is gone, with the reason. */
export type LoggedIn = { client: Client; sock: Duplex; closed: Promise<string> };

/**
 * Takes a byte stream to a server through the handshake and the login. When that fails, the stream is closed.
 *
 * @param prepare gets what ends it at once, e.g. where the server asks what cannot be answered
 * @throws SshFailure whatever happened
 */
export const startClient = async (
  sock: Duplex,
  config: ConnectConfig,
  signal: AbortSignal,
  prepare: (client: Client, lose: (error: Error) => void) => void = () => {},
): Promise<LoggedIn> => {
  const client: Client = new ssh2.Client();
  // ssh2 half closes what fails, and a device that is gone never closes the other half
  const end = (): void => {
    client.destroy();
    sock.destroy();
  };
  let reason = 'closed by the device';
  let inLogin = false;
  let heard = (): Heard => ({ text: '' });
  let abort = (): void => {};
  const closed = new Promise<string>((resolve) => {
    client.once('close', () => resolve(reason));
  });
  try {
    assertOpen(sock);
    await new Promise<void>((resolve, reject) => {
      abort = () => reject(signal.reason);
      if (signal.aborted) return abort();
      signal.addEventListener('abort', abort, { once: true });
      client.on('error', (error: Error & { level?: string }) => {
        if (error.level === 'agent') return; // it did not sign, and ssh2 goes on to the next way
        reason = error.message;
        reject(error);
        end();
      });
      client.once('ready', resolve).once('close', () => reject(new Error('it closed the connection')));
      client.once('handshake', () => {
        inLogin = true;
      });
      prepare(client, reject);
      client.connect({ ...config, sock, readyTimeout: 0 }); // the signal is the deadline
      heard = hear(sock);
    });
    return { client, sock, closed };
  } catch (error) {
    end();
    const { offer, text } = heard();
    const stage = inLogin ? 'login' : offer || text.startsWith('SSH-') ? 'key exchange' : 'greeting';
    throw new SshFailure(error as Error, stage, heard());
  } finally {
    signal.removeEventListener('abort', abort);
  }
};
