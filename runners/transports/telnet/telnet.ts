import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { explain, PlumbError } from '../../../core/errors.ts';
import type { CliDriver } from '../../dialogue/cli-driver.ts';
import type { Target } from '../../driver.ts';
import { isLate } from '../late.ts';
import { refuseJump } from '../ssh/target.ts';
import { dial } from '../tcp.ts';
import { logIn } from './login.ts';
import { nop, TelnetOptions, telnetEncode } from './options.ts';

const keepaliveMs = 30_000;
const loginMs = 30_000;
/** Who asks and does not read our answers would have them all kept here. */
const mostUnread = 256 * 1024;

/** The text side of a telnet connection: negotiation is taken out, line ends are put in. */
const telnetStream = (socket: Socket) => {
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
    if (socket.writableLength > mostUnread) socket.destroy(new Error('it negotiates endlessly'));
    if (data.length > 0) stream.push(data);
  });
  const timer = setInterval(() => socket.write(nop), keepaliveMs).unref();
  const closed = new Promise<string>((resolve) => {
    socket.once('close', () => {
      clearInterval(timer);
      stream.push(null);
      stream.destroy();
      resolve(socket.errored?.message ?? 'closed by the device');
    });
  });
  return { stream, closed };
};

const session = (name: string, socket: Socket, stream: Duplex, closed: Promise<string>) => ({
  stream,
  closed,
  alive: async () => {
    if (socket.destroyed) throw new PlumbError('closed', `${name}: the telnet connection is gone`);
    socket.write(nop);
  },
  close: async () => {
    socket.destroy();
    await closed;
  },
});

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
  let socket: Socket | undefined;
  try {
    socket = await dial(device.host, port, deadline, target.lost);
    const { stream, closed } = telnetStream(socket);
    await logIn(target, stream, cli, deadline);
    return session(device.name, socket, stream, closed);
  } catch (error) {
    socket?.destroy();
    if (error instanceof PlumbError) throw error;
    if (signal.aborted && !isLate(signal)) throw signal.reason;
    const how = isLate(deadline) ? 'it did not answer in time' : explain(error);
    throw new PlumbError('unreachable', `${device.name}: telnet to ${device.host} port ${port}: ${how}`, {
      cause: error,
      hint: 'is the device up, and does it allow telnet?',
    });
  }
};
