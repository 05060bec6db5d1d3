import https from 'node:https';
import type { Socket } from 'node:net';
import type { Target } from '../../driver.ts';
import { handshake, lost } from '../tls/handshake.ts';
import { certificateError, judge, tlsEndpoint } from '../tls/verdict.ts';

/** A verified TLS connection to a device. @throws PlumbError `unreachable`, `host_key_unknown`, `host_key_changed` */
const verified = async ({ device, knownHosts, lost: reset }: Target, signal: AbortSignal): Promise<Socket> => {
  const at = { ...(await tlsEndpoint(device)), ...(reset ? { lost: reset } : {}) };
  const { socket, shown } = await handshake(at, signal);
  const error = certificateError(at, await judge(device, at, knownHosts, shown), shown);
  if (error) {
    socket.destroy();
    throw error;
  }
  if (socket.destroyed) throw lost(at); // while the pins were read: a request on it would wait for its own deadline
  return socket;
};

/**
 * Connections whose certificate is checked before a single byte of ours, so before the password, is sent.
 *
 * @param signal ends what is being connected
 */
export const tlsAgent = (target: Target, signal: AbortSignal): https.Agent => {
  const connect = (_options: unknown, done: (error: Error | null, socket?: Socket) => void): undefined => {
    verified(target, signal).then(
      (socket) => done(null, socket),
      (error: Error) => done(error),
    );
  };
  return Object.assign(new https.Agent({ keepAlive: true, maxSockets: 1 }), { createConnection: connect });
};
