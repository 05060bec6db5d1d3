import https from 'node:https';
import type { Socket } from 'node:net';
import tls from 'node:tls';
import { PlumbError } from '../../core/errors.ts';
import type { Device } from '../../core/inventory-schema.ts';

const option = (device: Device, name: string): string | undefined => {
  const value = device.options[name];
  return typeof value === 'string' ? value : undefined;
};

const plain = (fingerprint: string): string =>
  fingerprint
    .replace(/^sha256[:=]/i, '')
    .replace(/:/g, '')
    .toUpperCase();

/**
 * Connections whose certificate is checked before a single byte of ours, so before the password, is sent: by a pinned
 * fingerprint where the inventory has one, else by its CA file, else by the system's authorities.
 */
export const tlsAgent = (device: Device, readFile: (path: string) => Buffer): https.Agent => {
  const pinned = option(device, 'tlsFingerprint');
  const ca = option(device, 'tlsCa');
  const agent = new https.Agent({ keepAlive: true, maxSockets: 1 });
  const connect = (options: tls.ConnectionOptions, done: (error: Error | null, socket?: Socket) => void): undefined => {
    const socket = tls.connect({
      ...options,
      ...(ca === undefined ? {} : { ca: readFile(ca) }),
      minVersion: device.options.tlsLegacy === true ? 'TLSv1' : 'TLSv1.2',
      rejectUnauthorized: false, // judged below, so that the message can name the fingerprint
    });
    socket.once('error', done);
    socket.once('secureConnect', () => {
      socket.off('error', done);
      const seen = socket.getPeerCertificate().fingerprint256;
      const complaint = pinned === undefined ? socket.authorizationError : undefined;
      if (pinned !== undefined && plain(pinned) !== plain(seen ?? '')) {
        done(
          new PlumbError('host_key_changed', `${device.name}: TLS: its certificate is ${seen}, pinned is ${pinned}`, {
            hint: 'find out why it changed; then set `options.tlsFingerprint` anew',
          }),
        );
      } else if (complaint) {
        done(
          new PlumbError('host_key_unknown', `${device.name}: TLS: its certificate is not trusted (${complaint})`, {
            hint: `compare with the switch, then set options.tlsFingerprint: "${seen}" or options.tlsCa`,
          }),
        );
      } else {
        done(null, socket);
        return;
      }
      socket.destroy();
    });
  };
  return Object.assign(agent, { createConnection: connect });
};
