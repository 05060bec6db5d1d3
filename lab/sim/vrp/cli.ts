import type { Device, Login } from '../device.ts';
import type { Cli, Io } from '../platform.ts';
import { applyPipe, splitPipes } from '../terminal/pipes.ts';
import { type Command, findCommand } from '../terminal/words.ts';
import type { VrpEditor } from './editor.ts';

/** What a command does; what it returns is printed page by page. */
export type VrpAction = (cli: VrpCli, args: readonly string[], io: Io) => string | Promise<string>;

/** How a dialect talks. */
export type VrpDialect = {
  /** Commands of user view, and `display` in all views. */
  user: readonly Command<VrpAction>[];
  display: readonly Command<VrpAction>[];
  /** Commands of system view and below that are no configuration. */
  system: readonly Command<VrpAction>[];
  prompt: (cli: VrpCli) => string;
  /** Asked before the first prompt. */
  asksFirst: string;
  /** The words for a line that is not understood. */
  complaint: (kind: 'invalid' | 'incomplete' | 'ambiguous') => string;
  /** A configuration line was typed. @returns what the device says to it */
  edit: (cli: VrpCli, line: string) => string;
  /** Goes back to user view. @returns false to stay */
  leave: (cli: VrpCli, io: Io) => Promise<boolean>;
  closed: (cli: VrpCli) => void;
};

/** One CLI session on a device that talks like VRP. */
export class VrpCli implements Cli {
  readonly device: Device;
  readonly login: Login;
  readonly #dialect: VrpDialect;
  /** In system view or below. */
  editor: VrpEditor | undefined;
  #first: string;

  constructor(device: Device, login: Login, dialect: VrpDialect) {
    this.device = device;
    this.login = login;
    this.#dialect = dialect;
    this.#first = dialect.asksFirst;
  }

  prompt(): string {
    return this.#first === '' ? this.#dialect.prompt(this) : this.#first;
  }

  close(): void {
    this.#dialect.closed(this);
  }

  async run(typed: string, io: Io): Promise<void> {
    if (this.#first !== '') {
      this.#first = ''; // whatever was answered
      return;
    }
    const line = typed.replace(/\p{Cc}/gu, '').trimEnd();
    const text = line.trim();
    if (text === '' || text.startsWith('#')) return;
    if (this.editor) return this.#inView(line, text, io);
    if (text === 'quit') return io.end();
    await this.#command([...this.#dialect.user, ...this.#dialect.display], text, line, io);
  }

  async #inView(line: string, text: string, io: Io): Promise<void> {
    if (text === 'return' || (text === 'quit' && this.editor?.path.length === 0)) {
      if (await this.#dialect.leave(this, io)) this.editor = undefined;
      return;
    }
    if (text === 'quit') {
      this.editor?.quit();
      return;
    }
    const table = [...this.#dialect.system, ...this.#dialect.display];
    if (findCommand(table, splitPipes(text)[0]).kind === 'found') return this.#command(table, text, line, io);
    if (this.device.plan.refuses(text)) return io.print(this.#complaint('invalid', line, line.indexOf(text)));
    const whole = await this.#header(line, io);
    const at = this.editor?.apply(whole);
    io.print(at === undefined ? this.#dialect.edit(this, whole.trim()) : this.#complaint('invalid', line, at));
  }

  /** A banner goes on until its mark is typed again; no prompt between. */
  async #header(line: string, io: Io): Promise<string> {
    const [, mark = '', rest = ''] = /^\s*header \S+(?: information)? ([^\s\w])(.*)$/.exec(line) ?? [];
    if (mark === '' || rest.includes(mark)) return line;
    const lines = [line];
    while (!lines.at(-1)?.includes(mark) || lines.length === 1) {
      const next = await io.ask('');
      if (next === undefined) break;
      lines.push(next);
    }
    return lines.join('\n');
  }

  async #command(table: readonly Command<VrpAction>[], text: string, line: string, io: Io): Promise<void> {
    const [command, ...filters] = splitPipes(text);
    const match = findCommand(table, command);
    if (match.kind !== 'found') return io.print(this.#complaint(match.kind, line, match.at));
    let output = await match.action(this, match.args, io);
    for (const filter of filters) output = applyPipe(output, filter) ?? output;
    if (output !== '') await io.page(output);
  }

  /** The caret stands under the place in what was typed, behind the prompt. */
  #complaint(kind: 'invalid' | 'incomplete' | 'ambiguous', line: string, at: number): string {
    const place = Math.min(at, line.length);
    return `${' '.repeat(this.prompt().length + place)}^\n${this.#dialect.complaint(kind)}\n`;
  }
}
