import type { Login } from '../device.ts';
import type { Cli, Io } from '../platform.ts';
import { applyPipe, splitPipes } from '../terminal/pipes.ts';
import { configCommand } from './config/config-mode.ts';
import type { Candidate, Database } from './config/database.ts';
import { hostname, type JunosParts } from './oper.ts';
import { operate } from './oper-mode.ts';

/** The CLI of a Junos: operational mode, configuration mode, a shell. */
export class JunosCli implements Cli {
  readonly parts: JunosParts;
  readonly database: Database;
  readonly login: Login;
  candidate: Candidate | undefined;
  exclusive = false;
  /** Where `edit` stands. */
  path: string[] = [];
  shell = false;

  constructor(parts: JunosParts, database: Database, login: Login) {
    this.parts = parts;
    this.database = database;
    this.login = login;
  }

  get name(): string {
    const host = hostname(this.parts.device.running);
    return host === undefined ? this.login.user : `${this.login.user}@${host}`;
  }

  prompt(): string {
    if (this.shell) return 'root@% ';
    if (!this.candidate) return `\n${this.name}> `;
    const { trial, clock } = this.parts.device;
    const waiting = trial
      ? `# commit confirmed will be rolled back in ${Math.max(1, Math.ceil((trial.expiresAt - clock.now()) / 60_000))} minutes\n`
      : '';
    return `\n${waiting}[edit${this.path.length > 0 ? ` ${this.path.join(' ')}` : ''}]\n${this.name}# `;
  }

  close(): void {
    if (this.exclusive) this.database.unlock(this.login);
  }

  async run(typed: string, io: Io): Promise<void> {
    const line = typed.replace(/\p{Cc}$/u, '').trim();
    if (this.shell) return this.#shellLine(line, io);
    if (line === '' || line.startsWith('#')) return;
    const [command, ...filters] = splitPipes(line);
    const own = filters.filter((filter) => /^(?:compare|display)/.test(filter));
    let output = this.candidate ? await configCommand(this, command, own, io) : await operate(this, command, own, io);
    if (output === undefined) {
      const at = this.prompt().split('\n').at(-1)?.length ?? 0;
      io.print(`${' '.repeat(at)}^\nunknown command.\n`);
      return;
    }
    for (const filter of filters)
      if (!own.includes(filter)) output = applyPipe(output, filter) ?? `error: syntax error: ${filter}\n`;
    await io.page(output);
  }

  #shellLine(line: string, io: Io): void {
    const { files } = this.parts.device;
    const [, path = '', text = ''] = /^echo >> (\S+) '(.*)'$/.exec(line) ?? [];
    if (path !== '') {
      if (this.parts.device.faults.fullFlash) io.print(`${path}: No space left on device\n`);
      else files.set(path, `${files.get(path) ?? ''}${text}\n`);
    } else if (/^rm /.test(line)) files.delete(line.slice(3).replace(/^-f /, '').trim());
    else if (/^cat /.test(line))
      io.print(files.get(line.slice(4).trim()) ?? `cat: ${line.slice(4)}: No such file or directory\n`);
    else if (line === 'exit' || line === 'cli') {
      this.shell = false;
      if (line === 'exit') io.print('exit\n');
    }
  }
}
