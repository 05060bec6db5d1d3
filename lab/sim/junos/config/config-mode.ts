import type { Io } from '../../platform.ts';
import type { JunosCli } from '../cli.ts';
import { operate } from '../oper-mode.ts';
import type { Action, Complaint } from './database.ts';
import { deletePath, find, setPath, wordsOf } from './edit.ts';
import { wantsValue } from './grammar.ts';
import { shown, unknownDisplay } from './shown.ts';
import type { Mistake } from './text.ts';

const mistakeText = (file: string, { line, column, path, text, what }: Mistake): string =>
  `${file}:${line}:(${column}) ${what}: ${text}\n  [edit${path.length > 0 ? ` ${path.join(' ')}` : ''}]\n    '${text}'\n      ${what}\n`;

/** @returns undefined when it was interrupted */
const pasted = async (io: Io): Promise<string | undefined> => {
  io.print('[Type ^D at a new line to end input]\n');
  const lines: string[] = [];
  for (;;) {
    const line = await io.ask('', { raw: true });
    if (line === undefined || line.endsWith('\x03')) return undefined;
    if (line.endsWith('\x04')) return [...lines, line.slice(0, -1)].join('\n');
    lines.push(line);
  }
};

const load = async (cli: JunosCli, action: string, source: string, io: Io): Promise<string> => {
  const { candidate, database, parts } = cli;
  if (!candidate) return '';
  if (!/^(?:merge|replace|override|update|set)$/.test(action)) return `error: syntax error: load ${action}\n`;
  const text = source === 'terminal' ? await pasted(io) : parts.device.files.get(source);
  if (text === undefined && source === 'terminal') return '^C\n';
  if (text === undefined) return `error: Could not open file ${source}: No such file or directory\n`;
  const { mistakes } = database.load(candidate, action as Action, text, cli.login);
  const spinner = source === 'terminal' ? '' : '|\b';
  if (mistakes.length === 0) return `${spinner}load complete\n`;
  return `${mistakes.map((one) => mistakeText(source === 'terminal' ? 'terminal' : source, one)).join('')}load complete (${mistakes.length} errors)\n`;
};

const checkedOut = (complaint: Complaint): string => {
  const said =
    typeof complaint === 'string'
      ? `error: ${complaint}`
      : `${complaint.path}\n  '${complaint.text}'\n    ${complaint.says}`;
  return `${said}\nerror: configuration check-out failed\n`;
};

const commit = async (cli: JunosCli, rest: string): Promise<string> => {
  const { candidate, database, login } = cli;
  if (!candidate) return '';
  if (!/^(?:(?:check|and-quit|synchronize|confirmed(?: \d+)?|comment (?:"[^"]*"|\S+))\s*)*$/.test(rest))
    return `error: syntax error: commit ${rest}\n`;
  if (/\bcheck\b/.test(rest)) {
    const complaint = database.check(candidate);
    if (complaint !== undefined) return checkedOut(complaint);
    database.confirm();
    return 'configuration check succeeds\n';
  }
  const confirmed = /\bconfirmed(?: (\d+))?/.exec(rest);
  if (confirmed && candidate.private) return 'error: commit confirmed is not allowed in private mode\n';
  const minutes = Number(confirmed?.[1] ?? 10);
  const comment = /comment ("[^"]*"|\S+)/.exec(rest)?.[1]?.replace(/^"|"$/g, '');
  const confirmedMinutes = confirmed ? minutes : undefined;
  const complaint = await database.commit(candidate, login, { comment, confirmedMinutes });
  if (complaint !== undefined) return checkedOut(complaint);
  if (/and-quit/.test(rest)) leave(cli);
  const waits = confirmed
    ? `commit confirmed will be automatically rolled back in ${minutes} minutes unless confirmed\n`
    : '';
  return `${waits}commit complete\n${/and-quit/.test(rest) ? 'Exiting configuration mode\n' : ''}`;
};

const leave = (cli: JunosCli): void => {
  if (cli.exclusive) cli.database.unlock(cli.login);
  cli.exclusive = false;
  cli.candidate = undefined;
  cli.path = [];
};

const exit = async (cli: JunosCli, io: Io, all: boolean): Promise<string> => {
  if (!all && cli.path.length > 0) {
    cli.path = [];
    return '';
  }
  const changed = cli.candidate && cli.database.diff(cli.candidate) !== '';
  if (changed && (cli.exclusive || cli.candidate?.private)) {
    const answer = await io.ask(
      'The configuration has been modified but not committed\nExit with uncommitted changes? [yes,no] (yes) ',
    );
    if (/^n/i.test(answer ?? '')) return '';
  } else if (changed) {
    const answer = await io.ask(
      'The configuration has been changed but not committed\nExit with uncommitted changes? [yes,no] (yes) ',
    );
    if (/^n/i.test(answer ?? '')) return '';
  }
  leave(cli);
  return 'Exiting configuration mode\n';
};

/** Runs a command of configuration mode. @returns undefined for one that does not exist */
export const configCommand = async (
  cli: JunosCli,
  line: string,
  display: readonly string[],
  io: Io,
): Promise<string | undefined> => {
  const { candidate, database, parts, login } = cli;
  const unknownForm = unknownDisplay(display);
  if (!candidate || unknownForm !== undefined) return unknownForm;
  const [verb = '', ...words] = wordsOf(line);
  const rest = line.slice(verb.length).trim();
  switch (verb) {
    case 'set':
    case 'delete': {
      const path = [...cli.path, ...words];
      if (parts.device.plan.refuses(line))
        return `${' '.repeat(cli.name.length + 2 + verb.length + 1)}^\nsyntax error.\n`;
      if (verb === 'set' && wantsValue.test(words.at(-1) ?? ''))
        return `${' '.repeat(cli.name.length + 2 + line.length)}^\nmissing argument.\n`;
      database.touched(login);
      const bad = verb === 'set' ? setPath(candidate.tree, path) : undefined;
      if (bad !== undefined)
        return `${' '.repeat(cli.name.length + 2 + Math.max(0, line.indexOf(bad)))}^\nsyntax error.\n`;
      return verb === 'delete' && !deletePath(candidate.tree, path) ? 'warning: statement not found\n' : '';
    }
    case 'show':
      if (display.some((one) => one.startsWith('compare')))
        return database.diff(candidate, Number(/rollback (\d+)/.exec(display.join(' '))?.[1] ?? 0));
      return shown(candidate.tree, [...cli.path, ...words], display);
    case 'edit':
      if (setPath({ text: '', children: [] }, [...cli.path, ...words]) !== undefined)
        return `error: syntax error: ${rest}\n`;
      cli.path = [...cli.path, ...words];
      return '';
    case 'top':
      cli.path = [];
      return words.length > 0 ? configCommand(cli, rest, display, io) : '';
    case 'up':
      cli.path = find(candidate.tree, cli.path).parents.length > 1 ? cli.path.slice(0, -1) : [];
      return '';
    case 'load':
      return load(cli, words[0] ?? '', words[1] ?? '', io);
    case 'rollback':
      database.touched(login);
      return database.rollback(candidate, Number(words[0] ?? 0))
        ? 'load complete\n'
        : `error: could not open configuration file\n`;
    case 'commit':
      return commit(cli, rest);
    case 'run':
      return operate(cli, rest, display, io);
    case 'status':
      return database.lockedBy
        ? `Users currently editing the configuration:\n  ${database.lockedBy.login.user} terminal p${database.lockedBy.login.id}\n      exclusive [edit]\n`
        : 'Users currently editing the configuration:\n';
    case 'exit':
    case 'quit':
      return exit(cli, io, /configuration-mode/.test(rest));
    default:
      return undefined;
  }
};
