import type { Block, Syntax } from '../config/syntax.ts';
import type { Node } from '../config/tree.ts';
import type { Device, Login } from '../device.ts';
import type { Cli, Io } from '../platform.ts';
import { Editor } from '../terminal/editor.ts';
import { applyPipe, splitPipes } from '../terminal/pipes.ts';
import { type Command, findCommand } from '../terminal/words.ts';

/** What a command does; what it returns is printed page by page. */
export type CiscoAction = (
  cli: CiscoCli,
  args: readonly string[],
  io: Io,
) => string | undefined | Promise<string | undefined>;

/** How a platform of Cisco's talks. */
export type Dialect = {
  syntax: Syntax;
  exec: readonly Command<CiscoAction>[];
  show: readonly Command<CiscoAction>[];
  /** Commands of configuration mode that are not configuration. */
  config: readonly Command<CiscoAction>[];
  prompt: (cli: CiscoCli) => string;
  /** Printed before the output of each command that is understood: IOS-XR's date. */
  stamp?: (cli: CiscoCli) => string;
  /** `show` works in configuration mode without `do`. */
  showsInConfig: boolean;
  /** After the caret: `% Invalid input detected at '^' marker.` */
  invalid: string;
  incomplete: string;
  ambiguous: (line: string) => string;
  /** What `end` and `exit` do at the top of configuration mode. @returns false to stay */
  leaving?: (cli: CiscoCli, io: Io, how: 'end' | 'exit') => Promise<boolean>;
  /** A configuration line was taken, with the body of its block if it has one. */
  edited: (cli: CiscoCli, line: string, body: readonly string[]) => void;
  /** The session is gone. */
  closed?: (cli: CiscoCli) => void;
  /** Output of `| json` and other filters of the platform's own. */
  pipe?: (cli: CiscoCli, command: string, filter: string, output: string) => string | undefined;
  idleSeconds?: (cli: CiscoCli) => number;
};

/** One CLI session on a device of Cisco's. */
export class CiscoCli implements Cli {
  readonly device: Device;
  readonly login: Login;
  readonly dialect: Dialect;
  privileged: boolean;
  editor: Editor | undefined;
  /** A prompt of another interpreter: tclsh. */
  shell: { prompt: string; text: boolean; run: (line: string, io: Io) => Promise<boolean> } | undefined;

  constructor(device: Device, login: Login, dialect: Dialect, privileged: boolean) {
    this.device = device;
    this.login = login;
    this.dialect = dialect;
    this.privileged = privileged;
  }

  prompt(): string {
    return this.shell?.prompt ?? this.dialect.prompt(this);
  }

  text(): boolean {
    return this.shell?.text ?? false;
  }

  idleSeconds(): number {
    return this.dialect.idleSeconds?.(this) ?? 0;
  }

  close(): void {
    this.dialect.closed?.(this);
  }

  configure(tree: Node): void {
    this.editor = new Editor(this.dialect.syntax, tree);
  }

  async run(typed: string, io: Io): Promise<void> {
    if (this.shell) {
      if (!(await this.shell.run(typed, io))) this.shell = undefined;
      return;
    }
    if (typed.endsWith('\x1a')) {
      io.print('^Z\n');
      await this.leave(io, 'end');
      return;
    }
    if (typed.endsWith('\x03')) {
      io.print('^C\n');
      return;
    }
    const line = typed.replaceAll('\x04', '').trimEnd();
    const text = line.trim();
    if (text === '') return;
    if (this.editor) await this.#configLine(line, text, io);
    else if (/^(?:exit|quit|logout)$/.test(text)) io.end();
    else await this.command(text, io, line.length - line.trimStart().length);
  }

  /** Leaves configuration mode, or one part of it. */
  async leave(io: Io, how: 'end' | 'exit'): Promise<void> {
    if (!this.editor) return;
    if (how === 'exit' && this.editor.exit()) return this.dialect.edited(this, 'exit', []);
    if (this.dialect.leaving && !(await this.dialect.leaving(this, io, how))) return;
    this.editor = undefined;
  }

  /** Runs a command of exec mode. */
  async command(text: string, io: Io, shift = 0): Promise<void> {
    if (text.startsWith('!')) return;
    const [command, ...filters] = /^(?:sh|dir|more|display)/.test(text) ? splitPipes(text) : ([text] as [string]);
    const table = this.editor ? this.dialect.show : [...this.dialect.exec, ...this.dialect.show];
    const match = findCommand(table, command);
    if (match.kind !== 'found' || this.device.plan.unknown(text)) {
      io.print(
        this.complaint(
          match.kind === 'found' ? 'invalid' : match.kind,
          text,
          shift + (match.kind === 'found' ? 0 : match.at),
        ),
      );
      return;
    }
    const { slow } = this.device.faults;
    if (slow && new RegExp(slow.match).test(text)) await this.device.clock.wait(slow.ms);
    if (this.dialect.stamp) io.print(this.dialect.stamp(this));
    let output = (await match.action(this, match.args, io)) ?? '';
    for (const filter of filters) {
      const filtered = this.dialect.pipe?.(this, command, filter, output) ?? applyPipe(output, filter);
      if (filtered === undefined) {
        io.print(this.complaint('invalid', text, text.indexOf(filter)));
        return;
      }
      output = filtered;
    }
    await io.page(output);
  }

  /** The platform's words for a line that it does not understand, with the caret under the place. */
  complaint(kind: 'invalid' | 'incomplete' | 'ambiguous', line: string, at: number): string {
    if (kind === 'ambiguous') return `${this.dialect.ambiguous(line)}\n`;
    const words = `${kind === 'incomplete' ? this.dialect.incomplete : this.dialect.invalid}\n`;
    if (!words.includes("'^' marker")) return words;
    const prompt = this.dialect.prompt(this).split('\n').at(-1) ?? '';
    return `${' '.repeat(prompt.length + at)}^\n${words}`;
  }

  async #configLine(line: string, text: string, io: Io): Promise<void> {
    const { editor, dialect, device } = this;
    if (!editor) return;
    if (text === 'end' || text === 'exit') return this.leave(io, text);
    if (text === 'root') {
      editor.top();
      return dialect.edited(this, 'root', []);
    }
    if (/^do /.test(text)) {
      this.editor = undefined;
      await this.command(text.slice(3), io, 3);
      this.editor = editor;
      return;
    }
    if (dialect.showsInConfig && /^sh(?:o|ow)? /.test(text)) return this.command(text, io);
    const own = findCommand(dialect.config, text);
    if (own.kind === 'found' && !device.plan.unknown(text)) {
      if (dialect.stamp && /^(?:show|commit)/.test(text)) io.print(dialect.stamp(this));
      await io.page((await own.action(this, own.args, io)) ?? '');
      return;
    }
    if (device.plan.refuses(text)) {
      io.print(this.complaint('invalid', line, line.length - line.trimStart().length));
      return;
    }
    const verdict = editor.apply(line);
    if (!verdict.ok) {
      io.print(this.complaint(verdict.kind, line, verdict.at));
      return;
    }
    const body = verdict.block ? await this.#body(verdict.block, text, io) : [];
    dialect.edited(this, line, body);
  }

  async #body(block: Block, opening: string, io: Io): Promise<string[]> {
    if (block.invites !== undefined) io.print(`${block.invites}\n`);
    const lines: string[] = [];
    for (;;) {
      const line = await io.ask(
        block.prompt === undefined ? '' : this.prompt().replace(/\(config.*\)/, `(config${block.prompt})`),
      );
      if (line === undefined) return lines;
      lines.push(line);
      if (block.ends(opening, lines)) break;
    }
    this.editor?.finish(opening, lines);
    return lines;
  }
}
