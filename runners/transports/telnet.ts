import { once } from 'node:events';
import { connect } from 'node:net';
import { Duplex } from 'node:stream';
import { explain, PlumbError } from '../../core/errors.ts';
import type { CliDriver } from '../cli-driver.ts';
import type { Target } from '../driver.ts';
import { refuseJump } from './ssh-target.ts';
import { logIn } from './telnet-login.ts';
import { nop, TelnetOptions, telnetEncode } from './telnet-options.ts';

const keepaliveMs = 30_000;
const loginMs = 30_000;

/** The text side of a telnet connection: negotiation is taken out, line ends are put in. */
const telnetStream = (host: string, port: number) => {
  const socket = connect({ host, port, noDelay: true });
  const options = new TelnetOptions();
  const stream = new Duplex({
    read: () => {},
    write: (chunk: Buffer, _encoding, done) => {
      socket.write(telnetEncode(chunk.toString('utf8')), () => done());
    },
    destroy: (error, done) => {
      socket.destroy();
      done(error);
    },
  });
  stream.on('error', () => {});
  socket.on('data', (piece: Buffer) => {
    const { data, reply } = options.receive(piece);
    if (reply.length > 0) socket.write(reply);
    if (data.length > 0) stream.push(data);
  });
  const timer = setInterval(() => socket.write(nop), keepaliveMs).unref();
  const closed = new Promise<string>((resolve) => {
    let reason = 'closed by the device';
    socket.on('error', (error) => {
      reason = error.message;
    });
    socket.once('close', () => {
      clearInterval(timer);
      stream.push(null);
      stream.destroy();
      resolve(reason);
    });
  });
  return { socket, stream, closed };
};

/**
 * Connects by telnet and logs in. Nothing is encrypted and nobody proves who they are: only where the inventory says so.
 *
 * @throws PlumbError `unreachable`, `unauthorized`
 */
export const openTelnet = async (target: Target, cli: CliDriver, signal: AbortSignal) => {
  const { device } = target;
  refuseJump(device, 'telnet');
  const port = device.port ?? 23;
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(loginMs)]);
  const { socket, stream, closed } = telnetStream(device.host, port);
  const abort = () => socket.destroy(new Error('no login in time'));
  deadline.addEventListener('abort', abort, { once: true });
  try {
    await once(socket, 'connect');
    await logIn(target, stream, cli);
  } catch (error) {
    socket.destroy();
    signal.throwIfAborted();
    if (error instanceof PlumbError) throw error;
    throw new PlumbError('unreachable', `${device.name}: telnet to ${device.host} port ${port}: ${explain(error)}`, {
      cause: error,
      hint: 'is the device up, and does it allow telnet?',
    });
  }
  deadline.removeEventListener('abort', abort);
  return {
    stream,
    closed,
    alive: async () => {
      if (socket.destroyed) throw new PlumbError('closed', `${device.name}: the telnet connection is gone`);
      socket.write(nop);
    },
    close: async () => {
      socket.destroy();
      await closed;
    },
  };
};
