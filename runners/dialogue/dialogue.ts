import type { Duplex } from 'node:stream';
import type { CliDriver, Patience } from './cli-driver.ts';
import { complaint } from './complaint.ts';
import { resyncMs } from './ending/doubt.ts';
import { EndOfText, printsText } from './ending/end-of-text.ts';
import { getInStep } from './ending/in-step.ts';
import { TypedAhead } from './ending/typed-ahead.ts';
import { untilAnswered } from './ending/until-answered.ts';
import { untilPrompt } from './ending/until-prompt.ts';
import { neverShown, notSent, refusal } from './failures.ts';
import type { DialogueOptions, SendOptions, Shown } from './options.ts';
import { Terminal } from './terminal.ts';
import { answerAsTerminal } from './terminal-answer.ts';
import { asTyped } from './typing/typed.ts';

/** Fits into any terminal, with a prompt before it. */
const widest = 200;

/** A shell on one device: send a line, get what it printed, or learn why not. One caller at a time. */
export class Dialogue implements AsyncDisposable {
  readonly #shell: Duplex;
  readonly #driver: CliDriver;
  readonly #name: string;
  readonly #terminal: Terminal;
  readonly #end: EndOfText;
  /** The device reads what is typed while it works, and shows each line behind its prompt: seen at the set-up. */
  #takesAhead = false;
  #framed = false;

  constructor(shell: Duplex, driver: CliDriver, options: DialogueOptions) {
    this.#shell = shell;
    this.#driver = driver;
    this.#name = options.name;
    this.#terminal = new Terminal(shell, driver, options);
    this.#end = new EndOfText(driver);
  }

  /** The last prompt that was seen. */
  get prompt(): string {
    return this.#terminal.prompt;
  }

  /** What the device printed last, a line that is not blank; '' where it printed nothing. */
  get lastLine(): string {
    const { lastLine, lines } = this.#terminal.reader;
    return lastLine.trim() || (lines.findLast((line) => line.trim() !== '') ?? '');
  }

  /** The end of the last output was told by what our line printed behind it: it is the same shell that answers. */
  get framed(): boolean {
    return this.#framed;
  }

  /** The device is in configuration mode. */
  get configuring(): boolean {
    return this.#driver.configPrompt?.test(this.prompt) ?? false;
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
    const answered = answerAsTerminal(this.#shell, (answer) => this.#terminal.type(answer));
    await untilPrompt(this.#terminal, [], options, this.#end).finally(answered);
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
    const typed = asTyped(lines, this.#driver, this.#name, options.within);
    const { input } = this.#terminal;
    if (input.ended) throw notSent(this.#name, options.frame?.command ?? lines.at(-1), input.ended);
    this.#framed = false;
    this.#terminal.typeAnew(typed);
    const { outputs, shown, framed } = await untilPrompt(this.#terminal, lines, options, this.#end);
    this.#framed = framed;
    if (!options.unchecked) this.#check(lines, outputs, options.text ?? printsText(lines), lines[shown]);
    return outputs;
  }

  /** @param unshown the first line that the device did not show @throws PlumbError `rejected`, `closed` */
  #check(lines: readonly string[], outputs: readonly string[], text: boolean, unshown = ''): void {
    const { errors, silent } = this.#driver;
    const apart = outputs.length === lines.length;
    const place = lines.length > 1 ? 'anywhere' : text ? 'beginning' : 'edges';
    for (const [index, output] of outputs.entries()) {
      const what = apart ? `"${lines[index]}"` : 'one of the lines sent';
      const number = apart && lines.length > 1 ? index + 1 : undefined;
      const refused = refusal(this.#name, what, output, errors, place, number);
      if (refused) throw refused;
    }
    if (apart || silent || unshown.length > widest) return; // a wider one is shown in part
    this.#terminal.input.giveUp('its session was closed because the device did not show all that was typed');
    throw neverShown(this.#name, unshown);
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
      shown.push({ said, refused: refusal(this.#name, `"${command}"`, said, this.#driver.errors, 'beginning') });
    }
    return shown;
  }

  get #mayTypeAhead(): boolean {
    return this.#takesAhead && !this.#terminal.pages && !this.#end.useless && !this.#terminal.input.ended;
  }

  /** @returns undefined where the device did not show all of it as expected: it is not typed ahead to any more */
  async #showAhead(commands: readonly string[], options: Partial<Patience>): Promise<string[] | undefined> {
    const ahead = new TypedAhead(commands, this.#driver);
    this.#terminal.typeAnew(asTyped(ahead.lines, this.#driver, this.#name));
    const answers = await untilAnswered(this.#terminal, ahead, commands, options);
    this.#takesAhead = answers !== undefined;
    if (answers) this.#terminal.stands();
    else await getInStep(this.#terminal, commands.at(-1)); // it would answer what it has not read yet to what is sent next
    return answers;
  }

  /** Sends a key without a line end: Ctrl-C, Ctrl-D, Ctrl-Z. */
  press(key: string): void {
    this.#terminal.type(key);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#shell.destroy();
  }
}
