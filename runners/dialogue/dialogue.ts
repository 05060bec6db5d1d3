import type { Duplex } from 'node:stream';
import { limits } from '../../core/bus.ts';
import { PlumbError } from '../../core/errors.ts';
import { redact } from '../../core/redact/redact.ts';
import { type CliDriver, type Patience, patience } from './cli-driver.ts';
import { complaint } from './complaint.ts';
import { asyncLog, mustStandMs, resyncMs } from './ending/doubt.ts';
import { EndOfText, printsText } from './ending/end-of-text.ts';
import { FrameEnd } from './ending/frame.ts';
import { getInStep, withoutSteps } from './ending/in-step.ts';
import { TypedAhead } from './ending/typed-ahead.ts';
import { untilAnswered } from './ending/until-answered.ts';
import { refuseLogin, stopped } from './failures.ts';
import { said } from './one-line.ts';
import type { DialogueOptions, SendOptions, Shown } from './options.ts';
import { learnPrompt } from './prompt.ts';
import { type Asked, answerTo, asked } from './questions.ts';
import { DialogueInput } from './reading/input.ts';
import type { DialogueReader } from './reading/reader.ts';
import { answerAsTerminal } from './terminal-answer.ts';
import { Echoes } from './typing/echoes.ts';
import { asTyped } from './typing/typed.ts';

/** Fits into any terminal, with a prompt before it. */
const widest = 200;

const isText = (lines: readonly string[], { text }: SendOptions): boolean => text ?? printsText(lines);

/** A shell on one device: send a line, get what it printed, or learn why not. One caller at a time. */
export class Dialogue implements AsyncDisposable {
  readonly #shell: Duplex;
  readonly #driver: CliDriver;
  readonly #options: DialogueOptions;
  readonly #input: DialogueInput;
  readonly #newline: string;
  readonly #end: EndOfText;
  /** The device was seen to page. */
  #pages = false;
  /** The device reads what is typed while it works, and shows each line behind its prompt: seen at the set-up. */
  #takesAhead = false;
  #learned: RegExp | undefined;
  #prompt = '';
  #framed = false;
  /** How many of the lines that were sent last the device has shown. */
  #shown = 0;
  /** What the device asked last, and was answered. */
  #answered = '';

  constructor(shell: Duplex, driver: CliDriver, options: DialogueOptions) {
    this.#shell = shell;
    this.#driver = driver;
    this.#options = options;
    this.#input = new DialogueInput(shell, options.maxBytes ?? limits.printedBytes);
    this.#newline = driver.newline ?? '\n';
    this.#end = new EndOfText(driver);
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

  /** The end of the last output was told by what our line printed behind it: it is the same shell that answers. */
  get framed(): boolean {
    return this.#framed;
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
    await this.greet(options);
    await this.setUp(options);
  }

  /** Waits for the first prompt, answering what is asked before it. @throws PlumbError as `start` */
  async greet(options: SendOptions = {}): Promise<void> {
    const answered = answerAsTerminal(this.#shell, (answer) => this.#write(answer));
    await this.#untilPrompt([], options).finally(answered);
  }

  /** Prepares the session, all in one go; whoever drops what is typed ahead gets the lines one by one. */
  async setUp(options: SendOptions = {}): Promise<void> {
    const { setup, errors, silent = false } = this.#driver;
    const quietly = { ...options, unchecked: true };
    const oneByOne = async () => {
      for (const line of setup) await this.send(line, quietly);
    };
    if (silent) return oneByOne(); // no echo would tell one answer from the next
    const lines = setup.length === 1 ? [...setup, ''] : setup; // one line alone would not tell
    const said = await this.sendAll(lines, { ...quietly, manyDoubtMs: resyncMs });
    const apart = said.length === lines.length;
    if (!apart) await oneByOne();
    // what pages takes all that is typed ahead for keys
    this.#takesAhead = apart && lines.length > 1 && complaint(said[0] ?? '', errors) === undefined;
  }

  /**
   * Sends one line.
   *
   * @returns the output without the echoed line and the prompt; '' when the device said nothing
   * @throws PlumbError `rejected`, `closed`, or `timeout`, which ends the shell: what comes late is no answer to the next
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
    if (this.#input.ended) {
      const what = `"${options.frame?.command ?? lines.at(-1)}" was not sent: ${this.#input.ended}`;
      throw new PlumbError('closed', redact(`${this.#options.name}: ${what}`));
    }
    this.#reader.clear();
    this.#answered = '';
    this.#write(input);
    const outputs = await this.#untilPrompt(lines, options);
    if (options.unchecked) return outputs;
    const apart = outputs.length === lines.length;
    const place = lines.length > 1 ? 'anywhere' : isText(lines, options) ? 'beginning' : 'edges';
    for (const [index, output] of outputs.entries()) {
      const what = apart ? `"${lines[index]}"` : 'one of the lines sent';
      const said = complaint(output, this.#driver.errors, place);
      const refused = this.#refusal(what, said, apart && lines.length > 1 ? index + 1 : undefined);
      if (refused) throw refused;
    }
    if (!apart && !this.#driver.silent) this.#refuseUnshown(lines);
    return outputs;
  }

  /** A line that the device never showed may have been dropped. One that is wider than a terminal is shown in part. */
  #refuseUnshown(lines: readonly string[]): void {
    const line = lines[this.#shown] ?? '';
    if (line.length > widest) return;
    this.#input.giveUp('its session was closed because the device did not show all that was typed');
    const what = `"${line}" was typed and never shown by the device: whether it took it is not known`;
    throw new PlumbError('closed', redact(`${this.#options.name}: ${what}`));
  }

  /**
   * Sends commands that only print: in one go where the device takes what is typed ahead, and each one's end is asked for.
   * Where an end was not known for sure, they are asked again one by one.
   *
   * @returns what each printed, and what the device refused it with
   * @throws PlumbError `closed`, `timeout`
   */
  async showAll(commands: readonly string[], options: Partial<Patience> = {}): Promise<Shown[]> {
    const outputs = (this.#mayTypeAhead ? await this.#showAhead(commands, options) : undefined) ?? [];
    const shown: Shown[] = [];
    for (const [at, command] of commands.entries()) {
      const said = outputs[at] ?? (await this.send(command, { ...options, unchecked: true, text: true }));
      shown.push({ said, refused: this.#refusal(`"${command}"`, complaint(said, this.#driver.errors, 'beginning')) });
    }
    return shown;
  }

  #refusal(what: string, complained: string | undefined, line?: number): PlumbError | undefined {
    if (complained === undefined) return undefined;
    const message = redact(`${this.#options.name}: ${what}: ${complained}`);
    return new PlumbError('rejected', message, line === undefined ? {} : { line });
  }

  get #mayTypeAhead(): boolean {
    return this.#takesAhead && !this.#pages && !this.#end.useless && !this.#input.ended;
  }

  /** @returns undefined where the device did not show all of it as expected: it is not typed ahead to any more */
  async #showAhead(commands: readonly string[], options: Partial<Patience>): Promise<string[] | undefined> {
    const ahead = new TypedAhead(commands, this.#driver);
    const input = asTyped(ahead.lines, this.#driver, this.#options.name);
    this.#reader.clear();
    this.#answered = '';
    this.#write(input);
    const answers = await untilAnswered(ahead, commands, options, {
      input: this.#input,
      isPrompt: (tail) => this.#driver.prompt.test(tail),
      asks: (tail) => asked(tail, this.#driver),
      answer: (what, tail) => this.#answer(what, tail),
      nudge: () => this.#write(this.#newline),
      failure: (code, why) => this.#failure(code, why, commands.at(-1)),
    });
    this.#takesAhead = answers !== undefined;
    if (answers) this.#stands(this.#reader.lastLine);
    else await this.#getInStep(commands.at(-1));
    return answers;
  }

  /** A slow device may not have read yet what was typed, and would answer that to whatever is asked next. */
  async #getInStep(sent: string | undefined): Promise<void> {
    const inStep = await getInStep({
      input: this.#input,
      isPrompt: (line) => this.#driver.prompt.test(line),
      type: (line) => this.#write(line + this.#newline),
    });
    if (inStep) return;
    const failure = this.#input.ended
      ? this.#failure('closed', this.#input.ended, sent)
      : this.#failure('timeout', 'what it answers is not known to be the answer to what was typed last', sent);
    this.#input.giveUp('its session was closed because its answers were out of step');
    throw failure;
  }

  /** Sends a key without a line end: Ctrl-C, Ctrl-D, Ctrl-Z. */
  press(key: string): void {
    this.#write(key);
  }

  #write(text: string): void {
    this.#options.fence?.();
    this.#shell.write(text);
  }

  async #untilPrompt(sent: readonly string[], options: SendOptions): Promise<string[]> {
    const { silenceMs = patience.show.silenceMs, totalMs = patience.show.totalMs } = options;
    const echoes = new Echoes(sent, this.#driver, options.within);
    const { frame } = options;
    this.#framed = false;
    const frameEnd = new FrameEnd(frame);
    const text = frame === undefined && isText(sent, options) && !this.#driver.silent && !this.#end.useless;
    const asOf = frame?.command ?? sent.at(-1);
    this.#end.clear();
    const startedMs = performance.now();
    let heardMs = startedMs;
    let seen = 0;
    let nudged = frame !== undefined;
    for (;;) {
      const now = performance.now();
      if (this.#reader.size !== seen) heardMs = now;
      seen = this.#reader.size;
      const tail = this.#reader.lastLine;
      if (sent.length === 0) this.#refused(tail);
      const quietMs = now - heardMs;
      const ended = frameEnd.seen(this.#reader.lines);
      const what = ended ? undefined : asked(tail, this.#driver, options.questions);
      const echoed = echoes.complete(this.#reader.lines);
      const logged = !echoed && this.#reader.lines.slice(-3).some((line) => asyncLog.test(line));
      const standMs = mustStandMs(this.#driver, tail, what, {
        known: this.#learned?.test(tail),
        same: tail === this.#prompt,
        ended,
        echoed,
        lines: sent.length,
        logged,
        text: text || frame !== undefined,
        own: options.questions?.some((question) => question === what) ?? false,
        pages: this.#pages,
        manyDoubtMs: options.manyDoubtMs,
      });
      if (standMs !== undefined && quietMs >= standMs) {
        await new Promise(setImmediate); // a look-alike goes on in what has already arrived
        if (this.#reader.size !== seen) continue;
        if (what) {
          this.#answer(what, tail);
          continue;
        }
        if (ended) {
          this.#prompt = tail;
          this.#framed = true;
          return [frameEnd.before(this.#reader.lines)];
        }
        if ((sent.length > 1 || logged) && !echoes.complete(this.#reader.lines)) {
          await this.#getInStep(asOf); // it may have to read the rest still, and would answer that to what is sent next
          const lines = withoutSteps(this.#reader.lines, (line) => this.#driver.prompt.test(line));
          this.#stands(this.#reader.lastLine);
          const outputs = echoes.split(lines);
          this.#shown = echoes.shown;
          return outputs;
        }
        const lines = text ? this.#end.before(this.#reader.lines, tail, quietMs >= resyncMs) : this.#reader.lines;
        if (lines) {
          this.#stands(tail);
          return echoes.split(lines);
        }
        if (!this.#end.asked || (quietMs >= resyncMs && this.#end.mayAskAgain)) {
          this.#write(this.#end.question(this.#reader.lines.length) + this.#newline);
          heardMs = performance.now();
          continue;
        }
      }
      const spentMs = now - startedMs;
      if (this.#input.ended) throw this.#failure('closed', this.#input.ended, asOf);
      if (quietMs >= silenceMs || spentMs >= totalMs) {
        if (options.maySayNothing && this.#reader.size === 0) return [''];
        const failure = this.#failure('timeout', `no prompt within ${(spentMs / 1000).toFixed(1)} s`, asOf);
        this.#input.giveUp('its session was closed because no prompt came');
        throw failure;
      }
      if (!nudged && quietMs >= resyncMs && asyncLog.test(`${this.#reader.lines.at(-1)}\n${tail}`)) {
        nudged = true; // a log line came after the prompt, or in its place: ask for another
        this.#write(this.#newline);
      }
      const dues = [silenceMs - quietMs, totalMs - spentMs, resyncMs - quietMs, (standMs ?? resyncMs) - quietMs];
      await this.#input.changed(seen, Math.max(1, Math.min(...dues.filter((due) => due > 0))));
    }
  }

  /** The device waits at this prompt. */
  #stands(prompt: string): void {
    this.#prompt = prompt;
    if (!this.#learned?.test(prompt)) this.#learned = learnPrompt(this.#driver, prompt) ?? this.#learned;
  }

  #failure(code: 'closed' | 'timeout', why: string, sent: string | undefined): PlumbError {
    return stopped(code, `${this.#options.name}: ${why}`, sent, this.#reader.lastLine, this.#answered);
  }

  #answer(what: Asked, tail: string): void {
    if (what === 'page' || what === 'end') {
      this.#pages = true;
      this.#reader.dropLastLine();
      this.#write(what === 'page' ? ' ' : 'q');
      return;
    }
    const answer = answerTo(what, tail, this.#options);
    this.#answered = said(tail);
    this.#reader.answered();
    this.#write(answer + this.#newline);
  }

  #refused(tail: string): void {
    refuseLogin(this.#options.name, `${this.#reader.lines.slice(-5).join('\n')}\n${tail}`, this.#driver);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#shell.destroy();
  }
}
