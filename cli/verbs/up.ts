import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { Command, Option } from 'commander';
import { PlumbError } from '../../core/errors.ts';
import { watchJob } from '../../core/store/job-watch.ts';
import { callAgain } from '../called.ts';
import type { Context } from '../context.ts';
import { bringExample } from '../init/bring.ts';
import { isAlive } from '../inventory/run-file.ts';
import { Progress } from '../output/progress.ts';
import { sweepLabs } from '../up/lab.ts';
import { labs } from '../up/labs.ts';
import { sweep } from '../up/run-folder.ts';
import { Scope } from '../up/scope.ts';
import { settled } from '../up/settled.ts';
import { showJob } from '../up/show.ts';
import { sourceOf, startAll, type UpOptions } from '../up/start.ts';
import { complaints, statusTable, tellChanges, untilSettled } from '../up/wait.ts';

type Options = UpOptions & { once?: boolean; timeout: string; sweepAfter?: string; untilEof?: boolean };

/** If we are forced to end at once, a separate process takes down what we cannot wait for. */
const sweepAfterUs = (folder: string) => {
  const [program, main] = process.argv;
  if (!program || !main) return;
  const args = [main, 'up', '--folder', folder, '--sweep-after', String(process.pid)];
  spawn(program, args, { detached: true, stdio: 'ignore' }).unref();
};

const showJobs = async (context: Context, progress: Progress) => {
  for await (const job of watchJob(await context.store(), '*', context.signal)) showJob(context, progress, job);
};

const work = async (context: Context, options: Options, progress: Progress, say: (text: string) => void) => {
  await using scope = new Scope((what, error) => say(`warning: ${what} did not stop cleanly: ${String(error)}\n`));
  const seconds = Number(options.timeout);
  const stopping = () => say('taking everything down; Ctrl-C again forces it\n');
  context.signal.addEventListener('abort', stopping, { once: true });
  let shown: Promise<void> | undefined;
  const inner = await startAll(context, options, scope, say, (ready) => {
    shown = showJobs(ready, progress);
  });
  const rows = await untilSettled(inner, progress, seconds, !options.once);
  if (context.signal.aborted) return shown;
  progress.clear();
  context.out(statusTable(inner, rows));
  const fine = rows.every((row) => settled(row) === 'good');
  if (options.once) {
    context.signal.removeEventListener('abort', stopping);
    if (fine) return;
    progress.clear();
    context.err(complaints(rows));
    context.exit(1);
    return;
  }
  const saved = existsSync(context.config.templates) ? 'intended/ and templates/' : 'intended/';
  say(`watching ${sourceOf(context, options) === 'git' ? 'for commits' : saved}; Ctrl-C ends it\n`);
  say(`in another terminal: ${callAgain('status', context.config.folder)}\n`);
  await Promise.all([shown, tellChanges(inner, progress, rows)]);
};

const up = async (context: Context, options: Options): Promise<void> => {
  if (!(Number(options.timeout) > 0))
    throw new PlumbError('invalid_request', `--timeout ${options.timeout}: not a number of seconds`);
  using progress = new Progress(context.err, context.terminal);
  const say = (text: string) => {
    progress.clear();
    context.err(text);
  };
  const forced = () => sweepAfterUs(context.config.folder);
  process.once('exit', forced);
  await work(context, options, progress, say);
  process.off('exit', forced);
};

/** Ends us as a signal would, once the process that started us has closed our input. */
const untilEof = (signal: AbortSignal): void => {
  process.stdin
    .on('error', () => {})
    .once('close', () => {
      if (!signal.aborted) process.kill(process.pid, 'SIGTERM');
    })
    .resume();
};

const sweepAfter = async (context: Context, pid: number): Promise<void> => {
  while (isAlive(pid)) await wait(100);
  await sweep(context.config.state);
  await sweepLabs();
};

/** `plumb up`: everything in one process. */
export const upVerb = (context: Context): Command =>
  new Command('up')
    .description(
      'Start nats-server, watcher, runner and API in this process and keep the devices true to intended/ until Ctrl-C.',
    )
    .addOption(new Option('--lab <name>', 'bring this lab up first and take it down at the end').choices([...labs]))
    .addOption(
      new Option('--source <source>', 'deploy what is saved (files) or what is committed (git)').choices([
        'files',
        'git',
      ]),
    )
    .option('--branch <branch>', 'with --source git: from this branch; default: the one HEAD is on')
    .option('--once', 'exit when nothing more happens: 0 if all are in sync with all BGP sessions up, else 1')
    .option('--timeout <seconds>', 'how long that may take', '180')
    .option('--api-port <port>', 'port of the API; default: 9000')
    .addOption(new Option('--sweep-after <pid>').hideHelp())
    .addOption(new Option('--until-eof', 'end when the input does: `npm start` was ended').hideHelp())
    .addHelpText(
      'after',
      `
NATS_URL or --nats names a server that is already running; otherwise one is started on loopback, with its store in .plumb/.
A lab brings its own inventory.yml and intended/ if the folder has none.

Example:
  $ plumb up --lab frr              three real routers on this machine (Linux, root)
  $ plumb up --lab eos              four simulated switches
  $ plumb up                        the devices of inventory.yml
  $ plumb up --lab frr --once       bring up, deploy, check, take down`,
    )
    .action(async (options: Options) => {
      if (options.sweepAfter !== undefined) return sweepAfter(context, Number(options.sweepAfter));
      if (options.untilEof) untilEof(context.signal);
      await up(options.lab ? await bringExample(context, options.lab) : context, options);
    });
