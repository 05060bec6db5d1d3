import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { reset } from '../../runners/transports/tcp.ts';

/** What a network, a device or a wrong address does to a connection. */
export const faults = [
  'reset',
  'close',
  'half-open',
  'garbage',
  'endless',
  'drip',
  'http',
  'ssh',
  'telnet',
  'tls',
] as const;
export type Fault = (typeof faults)[number];

/** Those after which a connection stays open and nothing of use comes: only the time ends them. */
export const waits: ReadonlySet<Fault> = new Set<Fault>(['half-open', 'endless', 'drip', 'ssh', 'telnet']);

/** A server of another protocol: what it says, and whether it hangs up then. */
const strangers: Partial<Record<Fault, { says: string; hangsUp: boolean }>> = {
  http: { says: 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n<html>400</html>', hangsUp: true },
  ssh: { says: 'SSH-2.0-OpenSSH_9.2p1\r\n', hangsUp: false },
  telnet: { says: '\xff\xfd\x18\xff\xfd\x20\xff\xfb\x03\r\nr9 login: ', hangsUp: false },
  tls: { says: '\x15\x03\x01\x00\x02\x02\x0a', hangsUp: true }, // an alert: unexpected message
};

const dripMs = 50;

/** A wire to a server of loopback on which a fault strikes at the n-th event: 0 is the connection, the others are its data. */
export type FaultyWire = AsyncDisposable & {
  port: number;
  /** Events so far. */
  readonly events: number;
  readonly struck: boolean;
  /** Connections to the wire that their other end has not closed. */
  readonly open: number;
};

/** Bytes that look random and are the same each time. */
const garbage = (seed: string): Buffer =>
  Buffer.concat(Array.from({ length: 16 }, (_, at) => createHash('sha512').update(`${seed} ${at}`).digest()));

const printForEver = (near: Socket): void => {
  const more = (): void => {
    while (!near.destroyed && near.write('Welcome, this is a line of a banner that does not end\r\n'.repeat(500)));
  };
  near.on('drain', more);
  more();
};

const drip = async (near: Socket, pieces: AsyncIterable<Buffer>): Promise<void> => {
  for await (const piece of pieces)
    for (const byte of piece) {
      if (near.destroyed) return;
      near.write(Buffer.of(byte));
      await wait(dripMs);
    }
};

/** @param to the server's port @param lateMs how long after its event the fault strikes, which `struck` is told of */
export const faultyWire = async (
  to: number,
  fault: Fault,
  at: number,
  { lateMs = 0, struck: tell = () => {} } = {},
): Promise<FaultyWire> => {
  let events = 0;
  let struck = false;
  const nears = new Set<Socket>();
  const fars = new Set<Socket>();
  const strike = (near: Socket, far: Socket): void => {
    struck = true;
    tell();
    const stranger = strangers[fault];
    if (fault !== 'garbage') near.removeAllListeners('data').resume();
    if (fault !== 'garbage' && fault !== 'drip') far.removeAllListeners('data').removeAllListeners('close').destroy();
    if (fault === 'reset') reset(near);
    else if (fault === 'close') near.end();
    else if (fault === 'garbage') near.write(garbage(`${to} ${at}`));
    else if (fault === 'endless') printForEver(near);
    else if (fault === 'drip') {
      near.on('data', (piece) => far.write(piece));
      far.removeAllListeners('data');
      drip(near, far).catch(() => {});
    } else if (stranger) {
      near.write(Buffer.from(stranger.says, 'latin1'));
      if (stranger.hangsUp) near.end();
    }
  };
  const server = createServer({ noDelay: true }, (near) => {
    nears.add(near.on('error', () => {}).once('close', () => nears.delete(near)));
    const far = connect({ host: '127.0.0.1', port: to, noDelay: true });
    fars.add(far.on('error', () => {}).once('close', () => fars.delete(far)));
    const pass = (other: Socket) => (piece: Buffer) => {
      events++;
      if (events === at && !struck) strike(near, far);
      else other.write(piece);
    };
    near.on('data', pass(far)).once('close', () => far.destroy());
    far.on('data', pass(near)).once('close', () => near.end());
    if (at === 0 && lateMs === 0) strike(near, far);
    else if (at === 0) setTimeout(() => strike(near, far), lateMs);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    get events() {
      return events;
    },
    get struck() {
      return struck;
    },
    get open() {
      return nears.size;
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of [...nears, ...fars]) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
};
