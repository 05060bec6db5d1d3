import type { Duplex } from 'node:stream';
import { explain, PlumbError } from '../core/errors.ts';
import { redact } from '../core/redact.ts';
import type { CliDriver, Patience, Question } from './cli-driver.ts';
import { patience } from './cli-driver.ts';
import { complaint } from './complaint.ts';
import { DialogueReader } from './dialogue-reader.ts';
import { learnPrompt, squeeze } from './prompt.ts';

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
};

const asyncLog = /%[A-Z][A-Z0-9_]*-\d-[A-Z0-9_]+:/;
/** A prompt that is not the learned one, or that came without our echo, is believed when it stands this long. */
const doubtMs = 250;
const resyncMs = 1_000;
const maxOutput = 64 * 1024 * 1024;

/** A shell on one device: send a line, get what it printed, or learn why not. One caller at a time. */
export class Dialogue implements AsyncDisposable {
  readonly #shell: Duplex;
  readonly #driver: CliDriver;
  readonly #options: DialogueOptions;
  readonly #reader = new DialogueReader();
  readonly #decoder = new TextDecoder();
  #learned: RegExp | undefined;
  #prompt = '';
  #ended: string | undefined;
  #wake: () => void = () => {};

  constructor(shell: Duplex, driver: CliDriver, options: DialogueOptions) {
    this.#shell = shell;
    this.#driver = driver;
    this.#options = options;
    shell.on('data', (chunk: Buffer | string) => {
      this.#reader.feed(typeof chunk === 'string' ? chunk : this.#decoder.decode(chunk, { stream: true }));
      if (this.#reader.size > (options.maxBytes ?? maxOutput)) {
        this.#ended = 'printed more than a session may hold';
        shell.destroy();
      }
      this.#wake();
    });
    const end = (why: string) => {
      this.#ended ??= why;
      this.#wake();
    };
    shell.once('error', (error: Error) => end(explain(error)));
    for (const event of ['end', 'close']) shell.once(event, () => end('hung up'));
  }

  /** The last prompt that was seen. */
  get prompt(): string {
    return this.#prompt;
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
    await this.#untilPrompt([''], options, 'the login');
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
   * Sends lines without waiting between them, and tells their outputs apart by the echoes.
   *
   * @throws PlumbError `rejected` with `line`, counted from 1, for the first one that the device refused
   */
  async sendAll(lines: readonly string[], options: SendOptions = {}): Promise<string[]> {
    const { name } = this.#options;
    if (this.#ended) throw new PlumbError('closed', `${name}: the session is over: ${this.#ended}`);
    this.#reader.clear();
    const newline = this.#driver.newline ?? '\n';
    this.#shell.write(lines.map((line) => line + newline).join(''));
    const outputs = await this.#untilPrompt(lines, options, redact(lines.at(-1) ?? ''));
    if (options.unchecked) return outputs;
    for (const [index, output] of outputs.entries()) {
      const said = complaint(output, this.#driver.errors);
      if (said === undefined) continue;
      throw new PlumbError('rejected', redact(`${name}: "${lines[index]}": ${said}`), {
        ...(lines.length > 1 ? { line: index + 1 } : {}),
      });
    }
    return outputs;
  }

  /** Sends a key without a line end: Ctrl-C, Ctrl-D, Ctrl-Z. */
  press(key: string): void {
    this.#shell.write(key);
  }

  async #untilPrompt(sent: readonly string[], options: SendOptions, what: string): Promise<string[]> {
    const { silenceMs = patience.show.silenceMs, totalMs = patience.show.totalMs } = options;
    const echoes = new Echoes(this.#driver.silent ? sent.map(() => '') : sent, this.#driver);
    const started = performance.now();
    let heard = started;
    let seen = 0;
    let nudged = false;
    for (;;) {
      const now = performance.now();
      if (this.#reader.size !== seen) {
        seen = this.#reader.size;
        heard = now;
      }
      const tail = this.#reader.lastLine;
      this.#refuseLogin(tail, sent);
      if (this.#answer(tail, options)) continue;
      const wait = this.#isPrompt(tail, echoes);
      const quietMs = now - heard;
      if (wait !== undefined && quietMs >= wait) {
        if (wait === 0) await new Promise(setImmediate); // a look-alike goes on in what has already arrived
        if (this.#reader.size === seen) {
          this.#prompt = tail;
          if (!this.#learned?.test(tail)) this.#learned = learnPrompt(this.#driver, tail) ?? this.#learned;
          return echoes.split(this.#reader.lines);
        }
        continue;
      }
      const { name } = this.#options;
      if (this.#ended) throw new PlumbError('closed', `${name}: ${this.#ended} after "${what}"`);
      if (quietMs >= silenceMs || now - started >= totalMs) {
        throw new PlumbError(
          'timeout',
          `${name}: no prompt after "${what}" within ${Math.round((now - started) / 1000)} s`,
        );
      }
      if (!nudged && quietMs >= resyncMs && asyncLog.test(`${this.#reader.lines.at(-1)}\n${tail}`)) {
        nudged = true; // a log line swallowed the prompt: ask for another
        this.#shell.write(this.#driver.newline ?? '\n');
      }
      const dues = [silenceMs - quietMs, totalMs - (now - started), (wait ?? resyncMs) - quietMs];
      await this.#data(Math.max(1, Math.min(...dues.filter((due) => due > 0))));
    }
  }

  #data(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#wake = () => {};
        resolve();
      };
      const timer = setTimeout(done, timeoutMs);
      this.#wake = done;
    });
  }

  /** How long the last line must stand to be believed to be a prompt, in ms; undefined: it is none. */
  #isPrompt(tail: string, echoes: Echoes): number | undefined {
    const settleMs = this.#driver.settleMs ?? 0;
    if (!this.#driver.prompt.test(tail) && !this.#learned?.test(tail)) return undefined;
    if (!this.#learned?.test(tail)) return Math.max(settleMs, this.#learned ? doubtMs : 0);
    return echoes.complete(this.#reader.lines) ? settleMs : Math.max(settleMs, doubtMs);
  }

  #answer(tail: string, options: SendOptions): boolean {
    if (this.#driver.pagers?.some((pager) => pager.test(tail))) {
      this.#reader.dropLastLine();
      this.#shell.write(' ');
      return true;
    }
    const question = [...(options.questions ?? []), ...(this.#driver.questions ?? [])].find(({ ask }) =>
      ask.test(tail),
    );
    if (!question) return false;
    const { name, secrets } = this.#options;
    const answer = 'answer' in question ? question.answer : secrets?.[question.secret];
    if (answer === undefined) {
      throw new PlumbError('unauthorized', `${name}: the device asks "${tail.trim()}" and we have no answer`, {
        hint: 'add what it asks for to the credentials in the inventory',
      });
    }
    this.#reader.breakLine();
    this.#shell.write(answer + (this.#driver.newline ?? '\n'));
    return true;
  }

  #refuseLogin(tail: string, sent: readonly string[]): void {
    if (this.#prompt !== '' || sent[0] !== '') return;
    const text = `${this.#reader.lines.slice(-5).join('\n')}\n${tail}`;
    const said = complaint(text, this.#driver.refusals ?? []);
    if (said !== undefined) {
      throw new PlumbError('unauthorized', `${this.#options.name}: not let in: ${redact(said)}`, {
        hint: 'check the user and the password in the inventory',
      });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#shell.destroy();
  }
}

/** Finds in the output where each of our lines was echoed: that is what separates one answer from the next. */
class Echoes {
  readonly #wanted: readonly string[];
  readonly #driver: CliDriver;
  /** Index of the line that holds the echo of each sent line, as far as found. */
  readonly #found: number[] = [];
  #scanned = 0;

  constructor(sent: readonly string[], driver: CliDriver) {
    this.#wanted = sent.map(squeeze);
    this.#driver = driver;
  }

  /** Every line of ours has been echoed. */
  complete(lines: readonly string[]): boolean {
    for (; this.#scanned < lines.length && this.#found.length < this.#wanted.length; this.#scanned++) {
      const wanted = this.#wanted[this.#found.length] ?? '';
      if (wanted === '' && this.#found.length === 0) this.#found.push(-1);
      else if (squeeze(lines[this.#scanned] ?? '').endsWith(wanted)) this.#found.push(this.#scanned);
    }
    return this.#found.length >= this.#wanted.length || (this.#wanted.length === 1 && this.#wanted[0] === '');
  }

  split(lines: readonly string[]): string[] {
    this.complete(lines);
    const noise = this.#driver.noise ?? [];
    return this.#wanted.map((_, index) => {
      const start = (this.#found[index] ?? -1) + 1;
      const end = this.#found[index + 1] ?? lines.length;
      return lines
        .slice(start, end)
        .filter((line) => !noise.some((pattern) => pattern.test(line)))
        .join('\n');
    });
  }
}
