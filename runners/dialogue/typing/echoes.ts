import type { CliDriver } from '../cli-driver.ts';
import { squeeze } from '../prompt.ts';

/** A single control character is a key: it takes no line end and is not echoed. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
export const isKey = (line: string): boolean => /^[\x00-\x08\x0b-\x1f]$/.test(line);

/** Finds in what a device printed where each of our lines was echoed: that parts one answer from the next. */
export class Echoes {
  /** Without blanks; undefined for a key, which is not echoed. */
  readonly #wanted: readonly (string | undefined)[];
  readonly #within: readonly boolean[];
  readonly #driver: CliDriver;
  readonly #tabs: readonly boolean[];
  /** Index of the printed line that holds the echo of each sent line, as far as found. */
  readonly #found: number[] = [];
  #scanned = 0;

  /**
   * @param sent none: nothing was sent, and the first prompt completes it
   * @param within true for lines that the device reads as the text of a line before them: no prompt comes before these
   */
  constructor(sent: readonly string[], driver: CliDriver, within: readonly boolean[] = []) {
    this.#wanted = sent.map((line) => (isKey(line) ? undefined : squeeze(line)));
    this.#within = within;
    this.#driver = driver;
    this.#tabs = sent.map((line) => driver.typing?.quote !== undefined && /[?\t]/.test(line));
    if (driver.silent) this.#found.push(-1);
    this.#passKeys();
  }

  /** Every line of ours has been echoed. */
  complete(lines: readonly string[]): boolean {
    for (; this.#scanned < lines.length && this.#found.length < this.#wanted.length; this.#scanned++) {
      if (!this.#isEcho(squeeze(lines[this.#scanned] ?? ''))) continue;
      this.#found.push(this.#scanned);
      this.#passKeys();
    }
    return this.#driver.silent === true || this.#found.length >= this.#wanted.length;
  }

  /** How many lines of ours have been echoed, in their order. */
  get shown(): number {
    return this.#found.length;
  }

  #passKeys(): void {
    while (this.#found.length < this.#wanted.length && this.#wanted[this.#found.length] === undefined)
      this.#found.push(this.#found.at(-1) ?? -1);
  }

  /** The line is a prompt and what we typed. The first lacks the prompt, which was printed before; so do texts. */
  #isEcho(printed: string): boolean {
    const at = this.#found.length;
    const wanted = this.#wanted[at] ?? '';
    // a TAB that was quoted may be shown as ^I, and the quote as ^V
    const line = this.#tabs[at] === true ? printed.replace(/\^[IV]/g, '') : printed;
    if (!line.endsWith(wanted)) return false;
    const before = line.slice(0, line.length - wanted.length);
    if (before === '' && (at === 0 || this.#within[at] === true)) return true;
    return this.#driver.prompt.test(before);
  }

  /**
   * The output of each sent line.
   *
   * @returns one text for all of them where the echoes cannot be told apart
   */
  split(lines: readonly string[]): string[] {
    const apart = this.complete(lines) && this.#found.length >= this.#wanted.length;
    const { noise = [], promptLine } = this.#driver;
    const text = (start: number, end: number) =>
      lines
        .slice(start, promptLine?.test(lines[end - 1] ?? '') ? Math.max(start, end - 1) : end)
        .filter((line) => !noise.some((pattern) => pattern.test(line)))
        .join('\n');
    if (!apart) return [text((this.#found[0] ?? -1) + 1, lines.length)];
    return this.#wanted.map((_, index) => text((this.#found[index] ?? -1) + 1, this.#found[index + 1] ?? lines.length));
  }
}
