import { Duplex } from 'node:stream';
import type { CliDriver } from '../../../../runners/dialogue/cli-driver.ts';

/** A command line that prompts and echoes like a device, and answers from a table. */
export class FakeDevice extends Duplex {
  readonly typed: string[] = [];
  prompt: string;
  readonly #answers: Readonly<Record<string, string>>;
  readonly #pieceBytes: number;
  #line = '';
  #ahead = '';
  /** It prints still: what is typed waits. */
  busy = false;

  /** @param pieceBytes how much it sends at once, at most */
  constructor(answers: Readonly<Record<string, string>>, prompt = 'leaf1# ', pieceBytes = 65_536) {
    super({ decodeStrings: false });
    this.#answers = answers;
    this.prompt = prompt;
    this.#pieceBytes = pieceBytes;
  }

  /** Prints something, in pieces. */
  say(text: string): void {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += this.#pieceBytes) this.push(bytes.subarray(at, at + this.#pieceBytes));
  }

  override _read(): void {}

  /** Has printed: what was typed ahead is read. */
  rest(): void {
    this.busy = false;
    this.say(this.prompt);
    this._write(this.#ahead, 'utf8', () => {});
  }

  override _write(chunk: string | Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (this.busy) {
      this.#ahead += chunk.toString();
      done();
      return;
    }
    for (const char of chunk.toString()) {
      if (char !== '\n') {
        this.#line += char;
        continue;
      }
      const line = this.#line;
      this.#line = '';
      this.typed.push(line);
      const answer = this.#answers[line];
      this.say(`${line}\r\n${answer ?? ''}${answer?.endsWith('\x04') ? '' : this.prompt}`);
    }
    if (this.#line === ' ') {
      this.#line = '';
      this.typed.push('<blank>');
      this.say(this.#answers['<blank>'] ?? '');
    }
    done();
  }
}

/** The least that a platform must say of itself. */
export const plainCli = {
  prompt: /^[\w.-]+(?:\([\w-]+\))?[>#] ?$/,
  configPrompt: /^[\w.-]+\(config[\w-]*\)# ?$/,
  errors: [/^% .*/m],
  setup: [],
} satisfies CliDriver;
