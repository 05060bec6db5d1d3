import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { FaultPlan } from './faults.ts';

/** A TCP connection to the device as the wire treats it: late, slow, dead. */
export class Link extends Duplex {
  readonly remoteAddress: string;
  readonly #socket: Socket;
  readonly #plan: FaultPlan;
  /** When the wire is free again, one each way. */
  #freeIn = 0;
  #freeOut = 0;

  constructor(socket: Socket, plan: FaultPlan) {
    super({ allowHalfOpen: true });
    this.#socket = socket.setNoDelay(true);
    this.#plan = plan;
    this.remoteAddress = socket.remoteAddress ?? '';
    socket.on('data', (chunk) => this.#late('in', chunk.length, () => this.push(chunk)));
    socket.on('end', () => this.#late('in', 0, () => this.push(null)));
    socket.on('error', () => this.destroy());
    socket.on('close', () => this.destroy());
  }

  /** Cuts the connection at once, as a failing router does. */
  cut(): void {
    this.#socket.resetAndDestroy();
    this.destroy();
  }

  override _read(): void {}

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.#late('out', chunk.length, () => {
      if (!this.#socket.destroyed) this.#socket.write(chunk);
    });
    if (this.#socket.writableNeedDrain) this.#socket.once('drain', done);
    else done();
  }

  override _final(done: () => void): void {
    this.#late('out', 0, () => this.#socket.end());
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#late('out', 0, () => this.#socket.destroy());
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

  #late(way: 'in' | 'out', bytes: number, deliver: () => void): void {
    const { rttMs, bytesPerSecond, halfOpen } = this.#plan.faults;
    if (halfOpen) return;
    const now = performance.now();
    const free = way === 'in' ? this.#freeIn : this.#freeOut;
    const sent = Math.max(now, free) + (bytesPerSecond > 0 ? (bytes / bytesPerSecond) * 1000 : 0);
    if (way === 'in') this.#freeIn = sent;
    else this.#freeOut = sent;
    const due = sent - now + rttMs / 2;
    if (due <= 0) {
      deliver();
      return;
    }
    setTimeout(() => {
      if (!this.#plan.faults.halfOpen) deliver();
    }, due);
  }
}
