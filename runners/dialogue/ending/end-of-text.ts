import type { CliDriver } from '../cli-driver.ts';
import { withoutNumbers } from '../prompt.ts';

/** Commands that print what others wrote: lines like prompts, complaints and questions are text there. */
const printing = /^\s*(?:do |run )?(?:show|display|more|dir|type|cat)\b/i;

export const printsText = (lines: readonly string[]): boolean => lines.length === 1 && printing.test(lines[0] ?? '');

const least = 3;
const most = 30;
/** A device that drops what is typed ahead is asked again, this often. */
const tries = 4;
/** What a device may say to a blank line, in lines. */
const mostSaid = 3;

/**
 * Finds out whether a line that looks like the prompt is the prompt: blanks are typed behind it, more than a text has and
 * each time another number, and Enter. They do nothing anywhere, and the device shows them behind its real prompt alone,
 * followed by another one. Where more of a text comes instead, they wait for its end.
 */
export class EndOfText {
  readonly #driver: CliDriver;
  /** What was typed, and how many lines had come by then. */
  readonly #typed: { blanks: string; at: number }[] = [];
  /** The device was seen to show a blank line without its blanks. */
  #plain = false;
  /** What the device says to a blank line. */
  #says: string | undefined;

  /** What the device shows of a blank line tells nothing: it is not to be asked again. */
  useless = false;

  constructor(driver: CliDriver) {
    this.#driver = driver;
  }

  /** Begins anew, for another command. */
  clear(): void {
    this.#typed.length = 0;
  }

  /** Something was typed that the device has not shown. */
  get asked(): boolean {
    return this.#typed.length > 0;
  }

  get mayAskAgain(): boolean {
    return this.#typed.length < tries;
  }

  /** What to type, without the Enter. @param at how many lines have come */
  question(at: number): string {
    let count = 0;
    // one more is not another number: a prompt may end in a blank
    while (count === 0 || this.#typed.some(({ blanks }) => Math.abs(blanks.length - count) < 2))
      count = least + Math.floor(Math.random() * (most - least));
    const blanks = ' '.repeat(count);
    this.#typed.push({ blanks, at });
    return blanks;
  }

  /**
   * The lines of the output, once the device has shown our blanks behind the prompt and nothing but a prompt after them.
   *
   * @param tail the unfinished last line, which looks like a prompt
   * @param patient the device had its time
   */
  before(lines: readonly string[], tail: string, patient: boolean): readonly string[] | undefined {
    const first = this.#typed[0];
    if (!first) return undefined;
    const prompt = tail.trimEnd();
    const showsOne = (line: string, blanks: string) => line === tail + blanks || line === prompt + blanks;
    const shows = (line: string) => this.#typed.some(({ blanks }) => showsOne(line, blanks));
    const at = first.at + lines.slice(first.at).findLastIndex(shows);
    const said = lines.slice(at + 1).filter((line) => !this.#saysNothing(line));
    if (at >= first.at) {
      // a slow one has the rest still to read, and would show it to the next command
      if (!showsOne(lines[at] ?? '', this.#typed.at(-1)?.blanks ?? '')) return undefined;
      if (said.length === 0 || withoutNumbers(said.join('\n')) === this.#says) {
        const step = lines.length - at;
        let end = at;
        while (end - step >= first.at && shows(lines[end - step] ?? '')) end -= step;
        return this.#without(lines.slice(0, end));
      }
      // it has something to say to a blank line: seen twice in a row, that is no text
      if (patient && said.length <= mostSaid) this.#says = withoutNumbers(said.join('\n'));
      return undefined;
    }
    const last = lines.findLast((line) => !this.#saysNothing(line));
    if ((this.#plain || patient) && last?.trimEnd() === prompt) {
      this.#plain = true;
      return this.#without(lines.slice(0, lines.lastIndexOf(last)));
    }
    return patient && !this.mayAskAgain ? this.#asOften(lines) : undefined;
  }

  /** However the device shows a blank line: what it said the last times was as long each time, and is no text. */
  #asOften(lines: readonly string[]): readonly string[] | undefined {
    const [, second, third, fourth] = this.#typed.map(({ at }) => at);
    if (second === undefined || third === undefined || fourth === undefined) return undefined;
    const step = fourth - third;
    if (third - second !== step || lines.length - fourth !== step || step > mostSaid + 1) return undefined;
    this.useless = true;
    return lines.slice(0, second - step);
  }

  /** What may stand between a prompt and the next one. */
  #saysNothing(line: string): boolean {
    const { promptLine, noise = [] } = this.#driver;
    return line === '' || promptLine?.test(line) === true || noise.some((each) => each.test(line));
  }

  /** What was typed ahead, and what was said to it, may have come in the midst of the text, or right before its end. */
  #without(lines: readonly string[]): readonly string[] {
    const from = this.#typed[0]?.at ?? 0;
    if (lines.length <= from) return lines;
    const out = lines.slice(0, from);
    let joined = false;
    for (const line of lines.slice(from)) {
      const blanks = this.#typed.find(
        (each) => line.endsWith(each.blanks) && this.#driver.prompt.test(line.slice(0, -each.blanks.length)),
      )?.blanks;
      const text = blanks === undefined ? line : line.slice(0, -blanks.length);
      if (joined) out.push((out.pop() ?? '') + text);
      else out.push(text);
      joined = blanks !== undefined;
    }
    return out;
  }
}
