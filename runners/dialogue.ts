import type { Duplex } from 'node:stream';
import { PlumbError } from '../core/errors.ts';
import { redact } from '../core/redact.ts';
import { type CliDriver, type Patience, patience, type Question } from './cli-driver.ts';
import { complaint } from './complaint.ts';
import { DialogueInput } from './dialogue-input.ts';
import { type Asked, answerTo, asked } from './dialogue-questions.ts';
import type { DialogueReader } from './dialogue-reader.ts';
import { asTyped } from './dialogue-typed.ts';
import { Echoes } from './echoes.ts';
import { learnPrompt } from './prompt.ts';
import { said } from './transports/said.ts';

export type DialogueOptions = {
  /** What the operator calls the device; messages start with it. */
  name: string;
  /** For the questions that ask for one. */
  secrets?: Partial<Record<'username' | 'password' | 'enable', string>>;
  /** More output than this from one command ends the session. */
  maxBytes?: number;
};

export type SendOptions = Partial<Patience> & {
  /** Asked by this command alone; first match wins, before the platform's own. */
  questions?: readonly Question[];
  /** Return what the device complained about instead of throwing it. */
  unchecked?: boolean;
  /** Of several lines, those that the device reads as the text of a line before them: no prompt comes before these. */
  within?: readonly boolean[];
};

/** How long a prompt must stand that is not the learned one, or that came without our echo. */
const doubtMs = 250;
const askMs = 20;
/** As long as some of several lines were not echoed yet, a prompt is most likely theirs. */
const manyDoubtMs = 5_000;
const resyncMs = 1_000;
const maxOutput = 64 * 1024 * 1024;
const asyncLog = /%[A-Z][A-Z0-9_]*-\d-[A-Z0-9_]+:/;

/** A shell on one device: send a line, get what it printed, or learn why not. One caller at a time. */
export class Dialogue implements AsyncDisposable {
  readonly #shell: Duplex;
  readonly #driver: CliDriver;
  readonly #options: DialogueOptions;
  readonly #input: DialogueInput;
  readonly #newline: string;
  #learned: RegExp | undefined;
  #prompt = '';
  /** What the device asked last, and was answered. */
  #answered = '';

  constructor(shell: Duplex, driver: CliDriver, options: DialogueOptions) {
    this.#shell = shell;
    this.#driver = driver;
    this.#options = options;
    this.#input = new DialogueInput(shell, options.maxBytes ?? maxOutput);
    this.#newline = driver.newline ?? '\n';
  }

  get #reader(): DialogueReader {
    return this.#input.reader;
  }

  /** The last prompt that was seen. */
  get prompt(): string {
    return this.#prompt;
  }

  /** What the device printed last, a line that is not blank; '' where it printed nothing. */
  get lastLine(): string {
    return this.#reader.lastLine.trim() || (this.#reader.lines.findLast((line) => line.trim() !== '') ?? '');
  }

  /** The device is in configuration mode. */
  get configuring(): boolean {
    return this.#driver.configPrompt?.test(this.#prompt) ?? false;
  }

  /**
   * Waits for the first prompt, answering what is asked before it, and prepares the session.
   *
   * @throws PlumbError `unauthorized`, `timeout`, `closed`
   */
  async start(options: SendOptions = {}): Promise<void> {
    await this.#untilPrompt([], options);
    for (const line of this.#driver.setup) await this.send(line, { ...options, unchecked: true });
  }

  /**
   * Sends one line.
   *
   * @returns the output without the echoed line and the prompt; '' when the device said nothing
   * @throws PlumbError `rejected`, `timeout` or `closed`
   */
  async send(line: string, options: SendOptions = {}): Promise<string> {
    const [output = ''] = await this.sendAll([line], options);
    return output;
  }

  /**
   * Sends lines without waiting between them, and tells their outputs apart by the echoes. A line that is a control
   * character is sent as a key, without a line end.
   *
   * @throws PlumbError `rejected` with `line`, counted from 1, for the first one that the device refused; before anything
   * is sent for one that cannot be typed
   */
  async sendAll(lines: readonly string[], options: SendOptions = {}): Promise<string[]> {
    if (lines.length === 0) return [];
    const input = asTyped(lines, this.#driver, this.#options.name, options.within);
    this.#reader.clear();
    this.#answered = '';
    this.#shell.write(input);
    const outputs = await this.#untilPrompt(lines, options);
    if (options.unchecked) return outputs;
    const apart = outputs.length === lines.length;
    for (const [index, output] of outputs.entries()) {
      const said = complaint(output, this.#driver.errors, lines.length === 1);
      if (said === undefined) continue;
      const what = apart ? `"${lines[index]}"` : 'one of the lines sent';
      throw new PlumbError('rejected', redact(`${this.#options.name}: ${what}: ${said}`), {
        ...(apart && lines.length > 1 ? { line: index + 1 } : {}),
      });
    }
    return outputs;
  }

  /** Sends a key without a line end: Ctrl-C, Ctrl-D, Ctrl-Z. */
  press(key: string): void {
    this.#shell.write(key);
  }

  async #untilPrompt(sent: readonly string[], options: SendOptions): Promise<string[]> {
    const { silenceMs = patience.show.silenceMs, totalMs = patience.show.totalMs } = options;
    const echoes = new Echoes(sent, this.#driver, options.within);
    const startedMs = performance.now();
    let heardMs = startedMs;
    let seen = 0;
    let nudged = false;
    for (;;) {
      const now = performance.now();
      if (this.#reader.size !== seen) heardMs = now;
      seen = this.#reader.size;
      const tail = this.#reader.lastLine;
      if (sent.length === 0) this.#refused(tail);
      const quietMs = now - heardMs;
      const what = asked(tail, this.#driver, options.questions);
      const standMs = this.#mustStandMs(tail, what, echoes, sent.length);
      if (standMs !== undefined && quietMs >= standMs) {
        await new Promise(setImmediate); // a look-alike goes on in what has already arrived
        if (this.#reader.size !== seen) continue;
        if (what) {
          this.#answer(what, tail);
          continue;
        }
        this.#prompt = tail;
        if (!this.#learned?.test(tail)) this.#learned = learnPrompt(this.#driver, tail) ?? this.#learned;
        return echoes.split(this.#reader.lines);
      }
      const spentMs = now - startedMs;
      if (this.#input.ended) throw this.#failure('closed', this.#input.ended, sent);
      if (quietMs >= silenceMs || spentMs >= totalMs) {
        throw this.#failure('timeout', `no prompt within ${(spentMs / 1000).toFixed(1)} s`, sent);
      }
      if (!nudged && quietMs >= resyncMs && asyncLog.test(`${this.#reader.lines.at(-1)}\n${tail}`)) {
        nudged = true; // a log line came after the prompt, or in its place: ask for another
        this.#shell.write(this.#newline);
      }
      const dues = [silenceMs - quietMs, totalMs - spentMs, (standMs ?? resyncMs) - quietMs];
      await this.#input.changed(seen, Math.max(1, Math.min(...dues.filter((due) => due > 0))));
    }
  }

  #failure(code: 'closed' | 'timeout', why: string, sent: readonly string[]): PlumbError {
    const after = sent.length === 0 ? 'during the login' : `after "${sent.at(-1)}"`;
    const stands = said(this.#reader.lastLine);
    const answered = this.#answered && `; the last that it asked was "${this.#answered}"`;
    const where = stands ? `; its last line is "${stands}"` : answered;
    return new PlumbError(code, redact(`${this.#options.name}: ${why} ${after}${where}`));
  }

  /** How long the last line must stand to be believed, in ms: what we send or see may hold its like; undefined: never. */
  #mustStandMs(tail: string, what: Asked | undefined, echoes: Echoes, lines: number): number | undefined {
    if (what && lines === 0) return 0;
    const settleMs = this.#driver.settleMs ?? 0;
    const known = this.#learned?.test(tail) === true;
    if (!what && !known && !this.#driver.prompt.test(tail)) return undefined;
    if (!echoes.complete(this.#reader.lines)) return lines > 1 ? manyDoubtMs : Math.max(settleMs, doubtMs);
    if (what) return askMs;
    return known || !this.#learned ? settleMs : Math.max(settleMs, doubtMs);
  }

  #answer(what: Asked, tail: string): void {
    if (what === 'page' || what === 'end') {
      this.#reader.dropLastLine();
      this.#shell.write(what === 'page' ? ' ' : 'q');
      return;
    }
    const answer = answerTo(what, tail, this.#options);
    this.#answered = said(tail);
    this.#reader.answered();
    this.#shell.write(answer + this.#newline);
  }

  #refused(tail: string): void {
    const said = complaint(`${this.#reader.lines.slice(-5).join('\n')}\n${tail}`, this.#driver.refusals ?? []);
    if (said === undefined) return;
    throw new PlumbError('unauthorized', redact(`${this.#options.name}: not let in: ${said}`), {
      hint: 'check the user and the password in the inventory',
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#shell.destroy();
  }
}
