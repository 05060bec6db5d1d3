import type { CliDriver } from './cli-driver.ts';
import { squeeze } from './prompt.ts';

/** Finds in what a device printed where each of our lines was echoed: that parts one answer from the next. */
export class Echoes {
  readonly #wanted: readonly string[];
  readonly #driver: CliDriver;
  /** Index of the printed line that holds the echo of each sent line, as far as found. */
  readonly #found: number[] = [];
  #scanned = 0;

  /** @param sent none: nothing was sent, and the first prompt completes it */
  constructor(sent: readonly string[], driver: CliDriver) {
    this.#wanted = sent.map(squeeze);
    this.#driver = driver;
    if (driver.silent) this.#found.push(-1);
  }

  /** Every line of ours has been echoed. */
  complete(lines: readonly string[]): boolean {
    for (; this.#scanned < lines.length && this.#found.length < this.#wanted.length; this.#scanned++) {
      if (this.#isEcho(squeeze(lines[this.#scanned] ?? ''))) this.#found.push(this.#scanned);
    }
    return this.#driver.silent === true || this.#found.length >= this.#wanted.length;
  }

  /** The line is a prompt and what we typed. Only the first may lack the prompt, which was printed before. */
  #isEcho(line: string): boolean {
    const wanted = this.#wanted[this.#found.length] ?? '';
    if (!line.endsWith(wanted)) return false;
    const before = line.slice(0, line.length - wanted.length);
    return (before === '' && this.#found.length === 0) || this.#driver.prompt.test(before);
  }

  /**
   * The output of each sent line.
   *
   * @returns one text for all of them where the echoes cannot be told apart
   */
  split(lines: readonly string[]): string[] {
    const apart = this.complete(lines) && this.#found.length >= this.#wanted.length;
    const text = (start: number, end: number) =>
      lines
        .slice(start, end)
        .filter((line) => !this.#driver.noise?.some((pattern) => pattern.test(line)))
        .join('\n');
    if (!apart) return [text((this.#found[0] ?? -1) + 1, lines.length)];
    return this.#wanted.map((_, index) => text((this.#found[index] ?? -1) + 1, this.#found[index + 1] ?? lines.length));
  }
}
