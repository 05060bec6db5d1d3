import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { reset } from '../../runners/transports/tcp.ts';
import type { FaultPlan } from './faults.ts';

/** One direction of a wire: what is sent arrives late, slowly, and in order. */
class Wire {
  readonly #plan: FaultPlan;
  /** When all that was sent is on the wire. */
  #freeAt = 0;
  readonly #underWay: { dueAt: number; deliver: () => void }[] = [];

  constructor(plan: FaultPlan) {
    this.#plan = plan;
  }

  send(bytes: number, deliver: () => void): void {
    const { rttMs, bytesPerSecond, halfOpen } = this.#plan.faults;
    if (halfOpen) return;
    this.#freeAt =
      Math.max(performance.now(), this.#freeAt) + (bytesPerSecond > 0 ? (bytes / bytesPerSecond) * 1000 : 0);
    this.#underWay.push({ dueAt: this.#freeAt + rttMs / 2, deliver });
    if (this.#underWay.length === 1) this.#arrive();
  }

  /** Delivers what is due, and waits for the next: one timer at a time, since two of them may fire in either order. */
  #arrive(): void {
    for (let next = this.#underWay[0]; next; next = this.#underWay[0]) {
      const leftMs = next.dueAt - performance.now();
      if (leftMs > 0) {
        setTimeout(() => this.#arrive(), Math.ceil(leftMs));
        return;
      }
      if (!this.#plan.faults.halfOpen) next.deliver();
      this.#underWay.shift();
    }
  }
}

/** A TCP connection to the device as the wire treats it: late, slow, dead. */
export class Link extends Duplex {
  readonly remoteAddress: string;
  readonly #socket: Socket;
  readonly #in: Wire;
  readonly #out: Wire;

  constructor(socket: Socket, plan: FaultPlan) {
    super({ allowHalfOpen: true });
    this.#socket = socket.setNoDelay(true);
    this.#in = new Wire(plan);
    this.#out = new Wire(plan);
    this.remoteAddress = socket.remoteAddress ?? '';
    socket.on('data', (chunk) => this.#in.send(chunk.length, () => this.push(chunk)));
    socket.on('end', () => this.#in.send(0, () => this.push(null)));
    socket.on('error', () => this.destroy());
    socket.on('close', () => this.destroy());
  }

  /** Cuts the connection at once, as a failing router does. */
  cut(): void {
    reset(this.#socket);
    this.destroy();
  }

  override _read(): void {}

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.#out.send(chunk.length, () => {
      if (!this.#socket.destroyed) this.#socket.write(chunk);
    });
    if (this.#socket.writableNeedDrain) this.#socket.once('drain', done);
    else done();
  }

  override _final(done: () => void): void {
    this.#out.send(0, () => this.#socket.end());
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#out.send(0, () => this.#socket.destroy());
    done(error);
  }

  /** `setNoDelay` and the like: the real socket has them already. */
  setNoDelay(): this {
    return this;
  }

  setTimeout(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }
}
