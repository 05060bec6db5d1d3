import { Duplex } from 'node:stream';
import type { Step } from './replay.ts';

/** How the bytes of a device are cut into pieces. */
export type Cut = (bytes: Buffer) => Buffer[];

/** All at once, one by one, or in random pieces that a seed repeats. */
export const cuts = {
  whole: () => (bytes: Buffer) => [bytes],
  bytes: () => (bytes: Buffer) => Array.from(bytes, (_, at) => bytes.subarray(at, at + 1)),
  random: (seed: number) => {
    let state = seed;
    return (bytes: Buffer) => {
      const pieces: Buffer[] = [];
      for (let at = 0; at < bytes.length; ) {
        state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
        const size = 1 + Math.floor((state / 2 ** 31) ** 3 * 400);
        pieces.push(bytes.subarray(at, at + size));
        at += size;
      }
      return pieces;
    };
  },
} satisfies Record<string, (seed: number) => Cut>;

/** The terminal of a device: what is printed goes out piece by piece, each in a turn of its own. */
export abstract class Terminal extends Duplex {
  readonly #cut: Cut;
  readonly #pieces: (Buffer | null)[] = [];
  #running = false;

  constructor(cut: Cut) {
    super();
    this.#cut = cut;
  }

  /** Called with every line or key of the client as it comes. */
  protected abstract typed(text: string): void;

  protected print(text: string): void {
    this.#pieces.push(...this.#cut(Buffer.from(text.replace(/\n/g, '\r\n'))));
    this.#run();
  }

  protected hangUp(): void {
    this.#pieces.push(null);
    this.#run();
  }

  #run(): void {
    if (this.#running) return;
    this.#running = true;
    const next = () => {
      const piece = this.#pieces.shift();
      if (piece === undefined || this.destroyed) {
        this.#running = false;
        return;
      }
      this.push(piece);
      setImmediate(next);
    };
    setImmediate(next);
  }

  override _read(): void {}

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.typed(chunk.toString('utf8'));
    done();
  }
}

/** What our dialogue types to learn whether a prompt is one; no recorded client did, and every device shows it and prompts anew. */
export const blankLine = /^ {3,}$/;

/** The device of a recording: prints what it printed, when the client has typed what was typed, and takes nothing else. */
export class RecordedDevice extends Terminal {
  readonly #steps: readonly Step[];
  #at = 0;
  #waiting = '';
  #line = '';
  /** Where the client typed something else: the session ends there. */
  lost: { step: number; wanted: string; typed: string } | undefined;

  constructor(steps: readonly Step[], cut: Cut) {
    super(cut);
    this.#steps = steps;
    this.#say(steps[0]?.printed ?? '');
  }

  #say(text: string): void {
    this.#line = `${this.#line}${text}`.split('\n').at(-1) ?? '';
    this.print(text);
  }

  /** Steps that are left. */
  get left(): number {
    return this.#steps.length - this.#at;
  }

  protected typed(text: string): void {
    this.#waiting += text.replace(/\r/g, '\n');
    for (;;) {
      const wanted = this.#steps[this.#at]?.typed.replace(/\r/g, '\n');
      if (wanted === undefined) return;
      if (!this.#waiting.startsWith(wanted)) {
        const [blank, end] = /^( *)(\n?)/.exec(this.#waiting)?.slice(1) ?? [];
        if (blank && end === '' && blank === this.#waiting) return;
        if (blank && end && blankLine.test(blank)) {
          this.#waiting = this.#waiting.slice(blank.length + 1);
          this.#say(`${blank}\n${this.#line}`);
          continue;
        }
        if (wanted.startsWith(this.#waiting)) return;
        this.lost ??= { step: this.#at, wanted, typed: this.#waiting };
        this.hangUp();
        return;
      }
      this.#waiting = this.#waiting.slice(wanted.length);
      this.#at++;
      const next = this.#steps[this.#at];
      if (next) this.#say(next.printed);
      else this.hangUp();
    }
  }
}
