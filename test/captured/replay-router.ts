import { type Exchange, exchangesOf, type Step } from './replay.ts';
import { blankLine, cuts, Terminal } from './replay-device.ts';

/** What is answered to a command that the recording does not hold: a text, and the prompt where it is not the last one. */
export type Made = { say: string; prompt?: string };

/**
 * Where our driver says other commands than the recorded client: the recorded command that stands for ours, or an answer
 * that was made up; undefined: ours is looked for in the recording as it is.
 */
export type Translate = (line: string, before: readonly string[]) => string | Made | undefined;

/** A recorded device that answers a driver of ours, command by command, each with what was recorded further on. */
export class RecordedRouter extends Terminal {
  readonly #exchanges: Exchange[];
  readonly #translate: Translate;
  readonly #lines: string[] = [];
  #at = 0;
  #waiting = '';
  #prompt = '';
  /** The parts of the answer that is being given, and what the client must say to the question before each. */
  #open: { exchange: Exchange; part: number } | undefined;
  #text: string[] = [];
  /** Commands that stand neither in the recording nor in the translation. */
  readonly unknown: string[] = [];
  /** How many answers were recorded ones. */
  recorded = 0;

  constructor(steps: readonly Step[], translate: Translate) {
    super(cuts.random(15));
    this.#exchanges = exchangesOf(steps);
    this.#translate = translate;
    this.#say(steps[0]?.printed ?? '');
  }

  #say(text: string): void {
    this.#prompt = text.slice(text.lastIndexOf('\n') + 1);
    this.print(text);
  }

  protected typed(text: string): void {
    this.#waiting += text.replace(/\r/g, '\n').replaceAll('\u0004', '^D\n');
    for (let end = this.#waiting.indexOf('\n'); end >= 0; end = this.#waiting.indexOf('\n')) {
      const line = this.#waiting.slice(0, end);
      this.#waiting = this.#waiting.slice(end + 1);
      this.#line(line);
    }
  }

  #line(line: string): void {
    if (this.#open) {
      this.#answered(line, this.#open);
      return;
    }
    if (this.#text.shift() !== undefined) {
      if (this.#text.length === 0) this.#give(this.#exchanges[this.#at - 1]); // which holds the echoes as well
      return;
    }
    this.print(line === '^D' ? '' : line); // the echo
    if (blankLine.test(line)) {
      this.#say(`\n${this.#prompt}`);
      return;
    }
    const stands = this.#translate(line, this.#lines);
    this.#lines.push(line);
    if (typeof stands === 'object') {
      this.#say(`\n${stands.say}${stands.say === '' ? '' : '\n'}${stands.prompt ?? this.#prompt}`);
      return;
    }
    const wanted = (stands ?? line).trim();
    const same = ({ lines: [first = ''] }: Exchange) => first.trim() === wanted;
    const next = this.#exchanges.findIndex((each, at) => at >= this.#at && same(each));
    const last = this.#exchanges[this.#at - 1];
    const found = next < 0 && last && same(last) ? this.#at - 1 : next; // a question may be asked twice
    const exchange = this.#exchanges[found];
    if (!exchange) {
      this.unknown.push(line);
      this.#say(`\n${this.#prompt}`);
      return;
    }
    this.#at = found + 1;
    this.#text = exchange.lines.slice(1);
    if (this.#text.length === 0) this.#give(exchange);
  }

  #give(exchange: Exchange | undefined): void {
    if (!exchange) return;
    this.recorded++;
    if (exchange.answers.length > 0) this.#open = { exchange, part: 0 };
    this.#say(exchange.parts[0] ?? '');
  }

  #answered(answer: string, { exchange, part }: { exchange: Exchange; part: number }): void {
    if (answer !== exchange.answers[part]) this.unknown.push(`answer "${answer}" to "${this.#prompt}"`);
    this.#open = part + 1 < exchange.answers.length ? { exchange, part: part + 1 } : undefined;
    this.#say(exchange.parts[part + 1] ?? '');
  }
}
