import { cleanLine, lineEnds } from './terminal-text.ts';

// Pager and prompt are looked for in this much of the end only: a search of all output would be quadratic.
const tailBytes = 2048;

/**
 * Takes in what a device prints, piece by piece: complete lines come out clean, the unfinished last one is kept apart.
 * The work is linear in the size of the output, wherever the pieces are cut.
 */
export class DialogueReader {
  /** An answered question: what the device prints next, our answer most likely, goes on behind it. */
  #asked = '';
  #parts: string[] = [];
  #tail = '';
  #lines: string[] = [];
  #bytes = 0;

  /** Everything that came since `take()`, in characters. */
  get size(): number {
    return this.#bytes;
  }

  /** The unfinished last line as it stands on the screen; only its end where it is very long. */
  get lastLine(): string {
    return cleanLine(this.#tail);
  }

  get lines(): readonly string[] {
    return this.#lines;
  }

  feed(chunk: string): void {
    if (chunk === '') return;
    this.#bytes += chunk.length;
    const half = this.#tail.endsWith('\x1b') ? '\x1b' : ''; // of a line end, maybe
    if (half) this.#parts.push(this.#parts.pop()?.slice(0, -1) ?? '');
    const pieces = lineEnds(half + chunk).split('\n');
    const last = pieces.pop() ?? '';
    for (const piece of pieces) {
      this.#lines.push(cleanLine(this.#asked + this.#parts.join('') + piece));
      this.#asked = '';
      this.#parts = [];
      this.#tail = '';
    }
    this.#parts.push(last);
    this.#tail = (pieces.length > 0 ? '' : this.#tail.slice(0, half ? -1 : undefined)) + last;
    if (this.#tail.length > tailBytes) this.#tail = this.#tail.slice(-tailBytes);
  }

  /** Forgets the unfinished line: it was a pager's. */
  dropLastLine(): void {
    this.#parts = [];
    this.#tail = '';
  }

  /** The unfinished line was a question and has been answered: it is not looked at again, and stays part of the output. */
  answered(): void {
    this.#asked += this.#parts.join('');
    this.dropLastLine();
  }

  /** Starts anew. */
  clear(): void {
    this.dropLastLine();
    this.#asked = '';
    this.#lines = [];
    this.#bytes = 0;
  }
}
