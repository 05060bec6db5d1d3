import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** One direction of a connection: what is sent arrives later, in order. */
class Late {
  readonly #delayMs: () => number;
  readonly #underWay: { dueAt: number; deliver: () => void }[] = [];

  constructor(delayMs: () => number) {
    this.#delayMs = delayMs;
  }

  send(deliver: () => void, extraMs = 0): void {
    this.#underWay.push({ dueAt: performance.now() + this.#delayMs() + extraMs, deliver });
    if (this.#underWay.length === 1) this.#arrive();
  }

  /** Delivers what is due, and waits for the next: one timer at a time, since two of them may fire in either order. */
  #arrive(): void {
    for (let next = this.#underWay[0]; next; next = this.#underWay[0]) {
      const leftMs = next.dueAt - performance.now();
      if (leftMs > 0) {
        setTimeout(() => this.#arrive(), leftMs);
        return;
      }
      next.deliver();
      this.#underWay.shift();
    }
  }
}

/** A way to a port of the loopback that takes time; what it does to a connection, a distance would do. */
export type FarWire = AsyncDisposable & {
  readonly port: number;
  /** Round-trip time in ms; may be changed at any time. */
  rttMs: number;
  /** Bytes that went to the server, and back. */
  readonly bytes: { sent: number; received: number };
};

/** @param to the server's port */
export const farWire = async (to: number): Promise<FarWire> => {
  const wire = { rttMs: 0, bytes: { sent: 0, received: 0 } };
  const open = new Set<Socket>();
  const half = () => wire.rttMs / 2;
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (near) => {
    const far = connect({ host: '127.0.0.1', port: to, noDelay: true, allowHalfOpen: true });
    const there = new Late(half);
    const back = new Late(half);
    // the near end believes itself connected at once: the handshake's round trip is waited for here
    let handshakeMs = wire.rttMs;
    far.pause();
    there.send(() => far.resume(), handshakeMs);
    for (const socket of [near, far]) open.add(socket.on('error', () => {}));
    near.on('data', (piece) => {
      wire.bytes.sent += piece.length;
      there.send(() => far.write(piece), handshakeMs);
      handshakeMs = 0;
    });
    far.on('data', (piece) => {
      wire.bytes.received += piece.length;
      back.send(() => near.write(piece));
    });
    near.once('end', () => there.send(() => far.end()));
    far.once('end', () => back.send(() => near.end()));
    near.once('close', () => there.send(() => far.destroy()));
    far.once('close', () => back.send(() => near.destroy()));
    for (const socket of [near, far]) socket.once('close', () => open.delete(socket));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return Object.assign(wire, {
    port,
    [Symbol.asyncDispose]: async () => {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  });
};
