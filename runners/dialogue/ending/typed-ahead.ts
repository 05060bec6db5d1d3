import type { CliDriver } from '../cli-driver.ts';
import { squeeze } from '../prompt.ts';

const least = 3;
const most = 30;

/** Blanks that end an answer: each command has another number of them. */
const drawBlanks = (count: number): string[] => {
  const numbers: number[] = [];
  while (numbers.length < count) {
    const number = least + Math.floor(Math.random() * (most - least));
    if (numbers.at(-1) !== number) numbers.push(number);
  }
  return numbers.map((number) => ' '.repeat(number));
};

/**
 * Commands that are typed in one go, blanks and Enter behind each: the device shows them behind its prompt, once the
 * answer has ended, and goes on to the next command. An answer's end is known where that stands in exactly one place.
 */
export class TypedAhead {
  readonly #commands: readonly string[];
  readonly #driver: CliDriver;
  readonly #blanks: readonly string[];
  /** The prompt that stands behind all of it; the device may have been renamed since the last one. */
  #prompt = '';

  constructor(commands: readonly string[], driver: CliDriver) {
    this.#commands = commands;
    this.#driver = driver;
    this.#blanks = drawBlanks(commands.length);
  }

  /** What is typed, line by line. */
  get lines(): string[] {
    return this.#commands.flatMap((command, at) => [command, this.#blanks[at] ?? '']);
  }

  /**
   * The answers, once the last one has ended.
   *
   * @param lines all that the device has printed
   * @param tail the line behind them, which looks like a prompt
   * @returns undefined where it goes on, or where an end is not known for sure
   */
  answers(lines: readonly string[], tail: string): string[] | undefined {
    this.#prompt = tail;
    if (!this.#endsAt(lines, this.#commands.length - 1, lines.length)) return undefined;
    const first = squeeze(this.#commands[0] ?? '');
    let from = lines.findIndex((line) => squeeze(line).endsWith(first));
    if (from < 0) return undefined;
    const out: string[] = [];
    for (const at of this.#commands.keys()) {
      const ends = this.#ends(lines, at, from + 1);
      const [end, ...others] = ends;
      if (end === undefined || others.length > 0) return undefined;
      out.push(this.#text(lines.slice(from + 1, end.shown)));
      from = end.next;
    }
    return out;
  }

  /** Where the blanks of a command are shown, and the echo of the next one follows: each place from `from` on. */
  #ends(lines: readonly string[], at: number, from: number): { shown: number; next: number }[] {
    const found: { shown: number; next: number }[] = [];
    for (let shown = from; shown < lines.length; shown++) {
      if (!this.#shows(lines[shown] ?? '', at)) continue;
      const next = this.#afterNothing(lines, shown);
      if (this.#goesOn(lines, at, next)) found.push({ shown, next });
    }
    return found;
  }

  /** Whether the last command's blanks are the last that was shown. */
  #endsAt(lines: readonly string[], at: number, end: number): boolean {
    let last = end - 1;
    while (last >= 0 && this.#saysNothing(lines[last] ?? '')) last--;
    return last >= 0 && this.#shows(lines[last] ?? '', at);
  }

  #goesOn(lines: readonly string[], at: number, next: number): boolean {
    const command = this.#commands[at + 1];
    if (command === undefined) return next === lines.length;
    return next < lines.length && squeeze(lines[next] ?? '') === squeeze(this.#prompt) + squeeze(command);
  }

  #afterNothing(lines: readonly string[], at: number): number {
    let next = at + 1;
    while (next < lines.length && this.#saysNothing(lines[next] ?? '')) next++;
    return next;
  }

  #shows(line: string, at: number): boolean {
    const blanks = this.#blanks[at] ?? '';
    return line === this.#prompt + blanks || line === this.#prompt.trimEnd() + blanks;
  }

  /** What may stand between a prompt and the next one. */
  #saysNothing(line: string): boolean {
    const { promptLine, noise = [] } = this.#driver;
    return line === '' || promptLine?.test(line) === true || noise.some((each) => each.test(line));
  }

  #text(lines: readonly string[]): string {
    const { promptLine, noise = [] } = this.#driver;
    const all = promptLine?.test(lines.at(-1) ?? '') ? lines.slice(0, -1) : lines;
    return all.filter((line) => !noise.some((each) => each.test(line))).join('\n');
  }
}
