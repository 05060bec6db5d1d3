import type { Duplex } from 'node:stream';
import { explain } from '../../../core/errors.ts';
import { afterReading } from './after-reading.ts';
import { DialogueReader } from './reader.ts';

/** What comes out of a shell: read as it arrives, waited for by one caller at a time. */
export class DialogueInput {
  readonly reader = new DialogueReader();
  readonly #decoder = new TextDecoder();
  readonly #shell: Duplex;
  #ended: string | undefined;
  #wake: () => void = () => {};

  /** @param maxBytes more than this between two `clear()` ends the shell */
  constructor(shell: Duplex, maxBytes: number) {
    this.#shell = shell;
    shell.on('data', (chunk: Buffer | string) => {
      this.reader.feed(typeof chunk === 'string' ? chunk : this.#decoder.decode(chunk, { stream: true }));
      if (this.reader.size > maxBytes) this.giveUp(`the device printed more than ${maxBytes} bytes`);
      this.#wake();
    });
    const end = (why: string) => {
      this.#ended ??= why;
      this.#wake();
    };
    shell.once('error', (error: Error) => end(explain(error)));
    for (const event of ['end', 'close']) shell.once(event, () => end('the device hung up'));
  }

  /** Ends the shell: nobody knows any more what it would do with what is typed. */
  giveUp(why: string): void {
    this.#ended ??= why;
    this.#shell.destroy();
  }

  /** Why nothing more will come; undefined while it may. */
  get ended(): string | undefined {
    return this.#ended;
  }

  /** Resolves when more than `size` has come, when the shell ended, or after a time, once what came in it has been read. */
  changed(size: number, timeoutMs: number): Promise<void> {
    if (this.reader.size !== size || this.#ended !== undefined) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        rest();
        this.#wake = () => {};
        resolve();
      };
      const rest = afterReading(timeoutMs, done);
      this.#wake = done;
    });
  }
}
