import type { ClientChannel } from 'ssh2';
import { type Executed, finish } from '../../../transports/ssh/channel.ts';

/** What a script printed up to a mark, and the exit code that the mark carries. */
type Part = { readonly text: string; readonly code: number };

/**
 * A script on the router that is talked with. It takes texts on its stdin, each after a line with its size, and prints
 * parts, each ended by a line of a word that nobody else knows and an exit code.
 */
export class FrrTalk {
  readonly #channel: ClientChannel;
  readonly #ended: Promise<Executed>;
  /** What the script begins with, and what ends each part; a login shell may print before it. */
  readonly #begin: string;
  readonly #mark: RegExp;
  #seen = '';
  #begun = false;
  #over = false;
  #wake = () => {};

  constructor(name: string, channel: ClientChannel, words: { mark: string; cut: string }, timeoutMs: number) {
    this.#channel = channel;
    this.#begin = `${words.mark}\n`;
    this.#mark = new RegExp(`^${words.cut} (\\d+)\\n`, 'm');
    const decoder = new TextDecoder();
    channel.on('data', (chunk: Buffer) => {
      this.#seen += decoder.decode(chunk, { stream: true });
      this.#wake();
    });
    this.#ended = finish(name, channel, { timeoutMs });
    const over = () => {
      this.#over = true;
      this.#wake();
    };
    this.#ended.then(over, over);
  }

  send(text: string): void {
    this.#channel.write(`${Buffer.byteLength(text)}\n${text}`);
  }

  /** Sends a line that is no text. */
  say(line: string): void {
    this.#channel.write(`${line}\n`);
  }

  /** @returns undefined when the script ended before a part was whole */
  async part(): Promise<Part | undefined> {
    for (;;) {
      const found = this.#hasBegun() ? this.#mark.exec(this.#seen) : null;
      if (found) {
        const text = this.#seen.slice(0, found.index);
        this.#seen = this.#seen.slice(found.index + found[0].length);
        return { text, code: Number(found[1]) };
      }
      if (this.#over) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #hasBegun(): boolean {
    const at = this.#begun ? -1 : this.#seen.indexOf(this.#begin);
    if (at >= 0) {
      this.#begun = true;
      this.#seen = this.#seen.slice(at + this.#begin.length);
    }
    return this.#begun;
  }

  /** Ends the script's stdin and waits for its end. @throws PlumbError `timeout`, `closed` */
  end(last = ''): Promise<Executed> {
    this.#channel.end(last);
    return this.#ended;
  }
}
