import type { Writable } from 'node:stream';

/** What a terminal prints at once leaves as one packet, as on a real one: thousands of lines may be echoed in a row. */
export class Outbox {
  readonly #stream: Writable;
  #held = '';

  constructor(stream: Writable) {
    this.#stream = stream;
  }

  write(text: string): void {
    if (this.#held === '') setImmediate(() => this.flush());
    this.#held += text;
    if (this.#held.length > 16_384) this.flush();
  }

  flush(): void {
    const text = this.#held;
    this.#held = '';
    if (text !== '' && !this.#stream.destroyed && this.#stream.writable) this.#stream.write(text);
  }
}
