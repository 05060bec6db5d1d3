import type { Block } from '../config/syntax.ts';
import { applyPipe, splitPipes } from '../terminal/pipes.ts';
import { findCommand } from '../terminal/words.ts';
import type { Context, Outcome } from './context.ts';
import { execCommands } from './exec.ts';
import { showCommands } from './show/show-table.ts';

/** A command may ask for a password or for the body of a block. */
export type Prompter = {
  password(): Promise<string | undefined>;
  body(block: Block, opening: string): Promise<readonly string[] | undefined>;
  end(): void;
};

const done: Outcome = { text: '', json: {} };

const invalid = (token: string, at: number): Outcome => ({
  error: `Invalid input (at token ${at}: '${token}')`,
  unknown: true,
});

const problem = (kind: string, line: string, at: number): Outcome => {
  const before = line.slice(0, at).split(/\s+/).filter(Boolean).length;
  const token = line.slice(at).split(/\s+/)[0] ?? '';
  if (kind === 'ambiguous') return { error: `Ambiguous command (at token ${before}: '${token}')` };
  if (kind === 'incomplete') return { error: `Incomplete command (at token ${before}: '')` };
  return invalid(token, before);
};

const show = (context: Context, line: string): Outcome => {
  const [command, ...filters] = splitPipes(line);
  const match = findCommand(showCommands, command.replace(/^show\s+config\s/, 'show configuration '));
  if (match.kind !== 'found') return problem(match.kind, command, match.at);
  const outcome = match.action(context, match.args);
  if ('error' in outcome) return outcome;
  let { text } = outcome;
  for (const filter of filters) {
    if (/^json\b/.test(filter)) {
      text = outcome.json
        ? `${JSON.stringify(outcome.json, undefined, 4)}\n`
        : '{\n    "errors": [\n        "Command cannot be used over JSON at this time"\n    ]\n}\n';
      continue;
    }
    const filtered = applyPipe(text, filter);
    if (filtered === undefined) return invalid(filter.split(' ')[0] ?? '', 3);
    text = filtered;
  }
  return { ...outcome, text };
};

const inSession = async (context: Context, line: string): Promise<Outcome | undefined> => {
  const { session, box, login } = context;
  if (!session) return undefined;
  if (/^rollback clean-config$/.test(line)) {
    box.sessions.clean(session);
    context.configure(session);
    return done;
  }
  const [, what, timer] = /^(commit|abort)(?: timer (\S+))?$/.exec(line) ?? [];
  if (what === undefined) return undefined;
  context.leave();
  const seconds = timer?.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  const error =
    what === 'abort' ? box.sessions.abort(session.name) : await box.sessions.commit(session.name, login, seconds);
  return error === undefined ? done : { error };
};

const configLine = async (context: Context, line: string, prompter: Prompter): Promise<Outcome> => {
  const { editor, box, login } = context;
  if (!editor) return done;
  if (box.device.plan.refuses(line)) return invalid(line.trim().split(' ')[0] ?? '', 0);
  const verdict = editor.apply(line);
  if (!verdict.ok) {
    const match = findCommand(execCommands, line.trim());
    if (match.kind === 'found') return match.action(context, match.args);
    return verdict.kind === 'invalid'
      ? invalid(line.trim().split(/\s+/)[0] ?? '', 0)
      : problem(verdict.kind, line.trim(), line.length);
  }
  if (verdict.block) {
    const body = await prompter.body(verdict.block, line);
    if (body) editor.finish(line, body);
  }
  if (!context.session) box.device.touched(login.user);
  return done;
};

const enable = async (context: Context, prompter: Prompter): Promise<Outcome> => {
  const { enablePassword } = context.box;
  if (!context.privileged && enablePassword !== '' && (await prompter.password()) !== enablePassword)
    return { error: 'Bad secret' };
  context.privileged = true;
  return done;
};

/** Runs one line where the context stands. */
export const runLine = async (context: Context, typed: string, prompter: Prompter): Promise<Outcome> => {
  const line = typed.trim();
  if (line === '' || (line.startsWith('!') && !line.startsWith('!!'))) return done;
  if (/^sh(?:o|ow)?(?: |$)/.test(line)) return show(context, line.replace(/^sh\w*/, 'show'));
  if (line.endsWith('\x03')) return done;
  if (line === 'end' || line.endsWith('\x1a')) {
    context.leave();
    return done;
  }
  if (/^(?:exit|quit|logout)$/.test(line)) {
    if (!context.editor) prompter.end();
    else if (!context.editor.exit()) context.leave();
    return done;
  }
  if (/^en(?:a|ab|abl|able)$/.test(line)) return enable(context, prompter);
  if (/^(?:terminal|no terminal) /.test(line)) return terminal(line);
  if (context.editor) return (await inSession(context, line)) ?? configLine(context, typed, prompter);
  const match = findCommand(execCommands, line);
  if (match.kind !== 'found') return problem(match.kind, line, match.at);
  if (!context.privileged) return invalid(line.split(' ')[0] ?? '', 0);
  return match.action(context, match.args);
};

const terminal = (line: string): Outcome => {
  const [, what, size] = /^terminal (length|width) (\d+)$/.exec(line) ?? [];
  if (what === 'length')
    return { text: size === '0' ? 'Pagination disabled.\n' : `Pagination set to ${size} lines.\n`, json: {} };
  if (what === 'width') return { text: `Width set to ${size} columns.\n`, json: {} };
  const [, unknown = ''] = /^(?:no )?terminal (?!monitor$)(\S*)/.exec(line) ?? [];
  return unknown === '' ? done : invalid(unknown, line.startsWith('no ') ? 2 : 1);
};
