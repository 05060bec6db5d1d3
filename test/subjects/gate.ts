import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** The wire to a device, which can be stopped at any write: from then on nothing passes, as if the cable were cut. */
export class Gate implements AsyncDisposable {
  readonly #to: () => number;
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer((client) => this.#join(client));
  #shut = false;
  #held = false;
  #left = Infinity;
  #until = Infinity;
  #stopped: () => void = () => {};
  port = 0;

  /** @param to the device's own port */
  constructor(to: () => number) {
    this.#to = to;
  }

  async listen(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    if (typeof address === 'object' && address !== null) this.port = address.port;
    return this;
  }

  /** Nothing passes from now on. */
  shut(): void {
    this.#shut = true;
    this.#stopped();
  }

  /** Lets so many more writes of the runner through and then nothing. Resolves when it is shut. */
  shutAfter(writes: number): Promise<void> {
    return new Promise((resolve) => {
      this.#stopped = resolve;
      this.#left = writes;
      if (writes === 0) this.shut();
    });
  }

  /** Lets so many more writes of the runner through and then nothing, until `release`. Resolves when it is held. */
  holdAfter(writes: number): Promise<void> {
    return new Promise((resolve) => {
      this.#stopped = resolve;
      this.#until = writes;
      if (writes === 0) this.#hold();
    });
  }

  /** What was held up passes now, on the connections of before. */
  release(): void {
    this.#held = false;
    this.#until = Infinity;
    for (const socket of this.#sockets) socket.resume();
  }

  #hold(): void {
    this.#held = true;
    for (const socket of this.#sockets) socket.pause();
    this.#stopped();
  }

  /** New connections pass again; those of before stay dead. */
  open(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#shut = false;
    this.#left = Infinity;
  }

  #join(client: Socket): void {
    const device = connect({ host: '127.0.0.1', port: this.#to(), noDelay: true });
    client.setNoDelay(true);
    for (const [from, to] of [
      [client, device],
      [device, client],
    ] as const) {
      this.#sockets.add(from);
      from.on('error', () => {});
      from.once('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
    }
    device.on('data', (chunk) => {
      if (!this.#shut) client.write(chunk);
    });
    client.on('data', (chunk) => {
      if (this.#shut) return;
      device.write(chunk);
      if (--this.#left <= 0) this.shut();
      if (--this.#until === 0) this.#hold();
    });
    if (this.#held) for (const socket of [client, device]) socket.pause();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
