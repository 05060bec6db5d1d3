import type { Duplex } from 'node:stream';
import { limits } from '../../core/bus.ts';
import type { PlumbError } from '../../core/errors.ts';
import type { CliDriver } from './cli-driver.ts';
import { stopped } from './failures.ts';
import { said } from './one-line.ts';
import type { DialogueOptions } from './options.ts';
import { learnPrompt } from './prompt.ts';
import { type Asked, answerTo } from './questions.ts';
import { DialogueInput } from './reading/input.ts';
import type { DialogueReader } from './reading/reader.ts';

/** One device's terminal: what it shows, what is typed on it, and which prompt it stands at. */
export class Terminal {
  readonly driver: CliDriver;
  readonly options: DialogueOptions;
  readonly input: DialogueInput;
  /** Where the device was seen to wait last; '' before the first prompt. */
  prompt = '';
  readonly #shell: Duplex;
  readonly #newline: string;
  #learned: RegExp | undefined;
  #pages = false;
  /** What the device asked last, and was answered. */
  #answered = '';

  constructor(shell: Duplex, driver: CliDriver, options: DialogueOptions) {
    this.driver = driver;
    this.options = options;
    this.input = new DialogueInput(shell, options.maxBytes ?? limits.printedBytes);
    this.#shell = shell;
    this.#newline = driver.newline ?? '\n';
  }

  get reader(): DialogueReader {
    return this.input.reader;
  }

  /** The device was seen to page. */
  get pages(): boolean {
    return this.#pages;
  }

  /** Types characters as they are. @throws what the fence throws */
  type(text: string): void {
    this.options.fence?.();
    this.#shell.write(text);
  }

  /** Types a line, none for Enter alone. @throws what the fence throws */
  enter(line = ''): void {
    this.type(line + this.#newline);
  }

  /** Types on an empty screen: what was shown until now is forgotten. @throws what the fence throws */
  typeAnew(text: string): void {
    this.reader.clear();
    this.#answered = '';
    this.type(text);
  }

  /** Says what the device asks for. @throws PlumbError `unauthorized` where we have no answer */
  answer(what: Asked, tail: string): void {
    if (what === 'page' || what === 'end') {
      this.#pages = true;
      this.reader.dropLastLine();
      this.type(what === 'page' ? ' ' : 'q');
      return;
    }
    const answer = answerTo(what, tail, this.options);
    this.#answered = said(tail);
    this.reader.answered();
    this.enter(answer);
  }

  /** The line looks like a prompt of the platform's. */
  isPrompt(line: string): boolean {
    return this.driver.prompt.test(line);
  }

  /** The line looks like a prompt of this very device; undefined: none was learned yet. */
  isOwnPrompt(line: string): boolean | undefined {
    return this.#learned?.test(line);
  }

  /** The device waits at the prompt that it shows: what is fixed in that is learned. */
  stands(): void {
    this.prompt = this.reader.lastLine;
    if (!this.isOwnPrompt(this.prompt)) this.#learned = learnPrompt(this.driver, this.prompt) ?? this.#learned;
  }

  /** No prompt came. @param sent after what; undefined: during the login */
  failure(code: 'closed' | 'timeout', why: string, sent: string | undefined): PlumbError {
    return stopped(code, `${this.options.name}: ${why}`, sent, this.reader.lastLine, this.#answered);
  }
}
