import { readLines } from '../config/read.ts';
import { emptyTree } from '../config/tree.ts';
import { type Command, commandTable } from '../terminal/words.ts';
import type { Context, Outcome } from './context.ts';
import { pingText, traceText } from './show/probes.ts';
import { configTexts } from './show/show-table.ts';
import { eosSyntax } from './syntax.ts';

/** What a command of exec mode does. */
type Action = (context: Context, args: readonly string[]) => Outcome | Promise<Outcome>;

const done: Outcome = { text: '', json: {} };
const copied: Outcome = {
  text: 'Copy completed successfully.\n',
  json: { messages: ['Copy completed successfully.'] },
};

const after = (_effect: unknown): Outcome => done;

const disable: Action = (context) => {
  context.privileged = false;
  return done;
};

const failed = (error: string | undefined): Outcome => (error === undefined ? done : { error });

const fileName = (path: string) => path.replace(/^(?:flash:|\/mnt\/flash\/|file:)\/*/, '');

const write: Action = ({ box: { device } }) => {
  if (device.faults.fullFlash)
    return { error: 'Error copying system:/running-config to flash:/startup-config (No space left on device)' };
  device.save();
  return copied;
};

const copy: Action = (context, [from = '', to = '']) => {
  const { device, model } = context.box;
  if (/^startup/.test(to)) return write(context, []);
  if (device.faults.fullFlash) return { error: `Error copying ${from} to ${to} (No space left on device)` };
  const text = /^running/.test(from)
    ? configTexts.running(device.running, model)
    : /^startup/.test(from)
      ? configTexts.running(device.startup, model)
      : device.files.get(fileName(from));
  if (text === undefined) return { error: `Error copying ${from} to ${to} (No such file or directory)` };
  if (/^(?:running|session)/.test(to)) {
    const target = to.startsWith('session') && context.session ? context.session.tree : device.running;
    const { complaints } = readLines(eosSyntax, text, target);
    if (target === device.running) device.touched(context.login.user);
    return complaints.length > 0
      ? { error: `Invalid input (line ${complaints[0]?.line}: '${complaints[0]?.text}')` }
      : copied;
  }
  device.files.set(fileName(to), text);
  return copied;
};

const replace: Action = ({ box: { device, sessions }, login }, [from = '']) => {
  if (device.trial) return { error: `Cannot commit session. Session ${device.trial.name} is pending commit timer.` };
  const session = sessions.enter(undefined, login);
  if (typeof session === 'string') return { error: session };
  const text = /^startup/.test(from) ? undefined : device.files.get(fileName(from));
  sessions.all.delete(session.name);
  if (/^startup/.test(from)) {
    device.apply(structuredClone(device.startup), login.user);
    return done;
  }
  if (text === undefined) return { error: `Error copying ${from} (No such file or directory)` };
  sessions.clean(session);
  const { complaints } = readLines(eosSyntax, text, session.tree);
  const [bad] = complaints;
  if (bad) return { error: `Invalid input (at line ${bad.line}: '${bad.text}')` };
  device.apply(session.tree, login.user);
  return done;
};

const seconds = (text: string) => text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);

const enter: Action = (context, [name]) => {
  const session = context.box.sessions.enter(name, context.login);
  if (typeof session === 'string') return { error: session };
  context.configure(session);
  return done;
};

/** The shell knows one program. */
const bash: Action = (_, [command = '']) => {
  const host = /(?:^|\s)traceroute (\S+)/.exec(command)?.[1];
  const program = command.replace(/^timeout \d+ /, '').split(' ')[0];
  return host === undefined ? { error: `bash: ${program}: command not found` } : { text: traceText(host) };
};

const exec: readonly (readonly [string, Action])[] = [
  ['write [memory]', write],
  ['copy <from> <to>', copy],
  ['configure [terminal]', (context) => after(context.configure(undefined))],
  ['configure session [<name>]', enter],
  ['configure session <name> abort', ({ box }, [name = '']) => failed(box.sessions.abort(name))],
  [
    'configure session <name> commit',
    async ({ box, login }, [name = '']) => failed(await box.sessions.commit(name, login)),
  ],
  [
    'configure session <name> commit timer <time>',
    async ({ box, login }, [name = '', time = '']) => failed(await box.sessions.commit(name, login, seconds(time))),
  ],
  ['configure replace <from>', replace],
  [
    'configure checkpoint save <name>',
    ({ box: { device, model } }, [name = '']) =>
      after(device.files.set(`.checkpoints/${name}`, configTexts.running(device.running, model))),
  ],
  ['configure checkpoint restore <name>', (context, [name = '']) => replace(context, [`.checkpoints/${name}`])],
  [
    'delete <file>',
    ({ box: { device } }, [file = '']) =>
      device.files.delete(fileName(file)) ? done : { error: `Error deleting ${file} (No such file or directory)` },
  ],
  ['dir [all-filesystems|<path>]', (context) => dir(context)],
  [
    'more <file>',
    ({ box: { device } }, [file = '']) => {
      const text = device.files.get(fileName(file));
      return text === undefined ? { error: `Error displaying ${file} (No such file or directory)` } : { text };
    },
  ],
  ['disable', disable],
  ['ping <host...>', ({ box: { device } }, [words = '']) => ({ text: pingText(device, words) })],
  ['traceroute <host>', (_, [host = '']) => ({ text: traceText(host) })],
  ['clear counters', () => done],
  ['clear logging', () => done],
  ['clear ip bgp <what...>', () => done],
  ['clear bgp <what...>', () => done],
  ['clear arp-cache', () => done],
  ['bash <command...>', bash],
];

const dir = ({ box: { device } }: Context): Outcome => ({
  text: `Directory of flash:/\n\n${[...device.files].map(([name, text]) => `       -rw-  ${String(text.length).padStart(10)}            ${name}\n`).join('')}\n${device.faults.fullFlash ? '4093313024 bytes total (0 bytes free)' : '4093313024 bytes total (2865225728 bytes free)'}\n`,
});

/** Commands of exec mode besides `show`, `enable` and those that end the session. */
export const execCommands: Command<Action>[] = commandTable(exec);

/** An empty configuration read from a text, for the boot. */
export const read = (text: string) => readLines(eosSyntax, text, emptyTree());
