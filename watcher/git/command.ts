import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { PlumbError } from '../../core/errors.ts';

/** Of git's environment only what says how to reach a remote, or where the user's own settings are. */
const kept = /^GIT_(?:SSH|SSH_COMMAND|SSH_VARIANT|ASKPASS|SSL_.*|PROXY_.*|ALLOW_PROTOCOL|CONFIG_.*)$/;

const cleanEnvironment = (more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_') || kept.test(name))),
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0', // never be in the way of the person who works there
  GIT_NO_REPLACE_OBJECTS: '1', // the commit's own objects
  GIT_LFS_SKIP_SMUDGE: '1', // a pointer is refused by name, not fetched
  GIT_ATTR_NOSYSTEM: '1',
  SSH_ASKPASS_REQUIRE: 'never',
  LC_ALL: 'C',
  ...more,
});

/** Nothing of the repository's configuration may run for a read, nor change what comes out on this machine only. */
const settings = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.autocrlf=false',
  'core.attributesFile=/dev/null',
  'core.quotePath=false',
  'gc.auto=0',
  'maintenance.auto=false',
].flatMap((setting) => ['-c', setting]);

/** Starts git in a process group (and a session) of its own: nobody to ask for a password, and all of it can be ended. */
export const spawnGit = (
  cwd: string,
  args: readonly string[],
  env?: Readonly<Record<string, string>>,
  ownSettings = true,
): ChildProcessWithoutNullStreams =>
  spawn('git', [...(ownSettings ? settings : []), ...args], {
    cwd,
    env: cleanEnvironment(env),
    detached: true,
    stdio: 'pipe',
  });

export const endGit = (child: ChildProcessWithoutNullStreams): void => {
  try {
    if (child.pid && child.exitCode === null && child.signalCode === null) process.kill(-child.pid, 'SIGKILL');
  } catch {} // it ended in between
};

const quoted = (folder: string) => (/^[\w./-]+$/.test(folder) ? folder : `'${folder.replaceAll("'", `'\\''`)}'`);

/** What git's complaint means for the operator. */
export const explainGit = (folder: string, complaint: string): PlumbError => {
  const lines = complaint.replace(/\/\/[^@/\s]*@/g, '//').split('\n'); // no password of a URL
  const said = lines.filter(Boolean).slice(0, 3).join(' ').slice(0, 500);
  const fail = (message: string, hint?: string) => new PlumbError('source_failed', `${folder}: ${message}`, { hint });
  if (/dubious ownership|unsafe repository/i.test(complaint)) {
    return fail(
      'git refuses a repository that another user owns',
      `run \`git config --global --add safe.directory ${quoted(folder)}\` as the user of the watcher`,
    );
  }
  const gone = /not a git repository: (.+\/worktrees\/.+)$/m.exec(complaint)?.[1];
  if (gone !== undefined) {
    return fail(
      `the repository of this worktree is gone from ${gone}`,
      `was it moved? \`git worktree repair ${quoted(folder)}\`, run in its new place, mends it`,
    );
  }
  if (/not a git repository/i.test(complaint)) {
    return fail(
      'not a git repository',
      `\`git init ${quoted(folder)}\` makes it one, -C names another; without git, \`plumb watch\` and \`plumb up\` take \`--source files\``,
    );
  }
  const inTheWay = /cannot lock ref 'refs\/remotes\/([^/']+)\//.exec(complaint)?.[1];
  if (inTheWay !== undefined) {
    const prune = `git -C ${quoted(folder)} remote prune ${inTheWay}`;
    return fail(`git: ${said}`, `a branch that is gone there stands in the way here: run \`${prune}\``);
  }
  const renamed = /couldn't find remote ref refs\/heads\/(\S+)/.test(complaint);
  return fail(
    `git: ${said}`,
    renamed ? 'was the branch renamed there? `git ls-remote --heads` lists them; --branch names another' : undefined,
  );
};

export type GitOptions = {
  timeoutMs?: number;
  signal?: AbortSignal;
  env?: Readonly<Record<string, string>>;
  /** Exit codes that are an answer. */
  answers?: readonly number[];
  /** false: the user's settings as they are. */
  ownSettings?: boolean;
};

type GitAnswer = { code: number; stdout: Buffer; stderr: string };

/** Runs git to its end. @throws PlumbError `source_failed`, with the folder and what git said */
export const runGit = async (cwd: string, args: readonly string[], options: GitOptions = {}): Promise<GitAnswer> => {
  const { timeoutMs = 30_000, signal, env, answers = [0], ownSettings } = options;
  signal?.throwIfAborted();
  const child = spawnGit(cwd, args, env, ownSettings);
  child.stdin.on('error', () => {}).end();
  const stdout: Buffer[] = [];
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-8000);
  });
  const stop = () => endGit(child);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    stop();
  }, timeoutMs);
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const ended = await new Promise<number | Error>((resolve) => {
      child.once('error', resolve);
      child.once('close', (code) => resolve(code ?? -1));
    });
    signal?.throwIfAborted();
    if (ended instanceof Error) throw await cannotStart(cwd, ended);
    if (late) throw new PlumbError('source_failed', `${cwd}: git ${args[0]} did not end within ${timeoutMs / 1000} s`);
    if (!answers.includes(ended)) throw explainGit(cwd, stderr || `git ${args[0]} ended with ${ended}`);
    return { code: ended, stdout: Buffer.concat(stdout), stderr };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
};

/** Node says ENOENT for a missing program and for a missing folder alike. */
export const cannotStart = async (cwd: string, cause: Error): Promise<PlumbError> =>
  (await stat(cwd).catch(() => undefined))
    ? new PlumbError('source_failed', 'git cannot be started', { cause, hint: 'install git 2.25 or newer' })
    : new PlumbError('source_failed', `${cwd}: no such folder`, {
        cause,
        hint: 'was the repository moved? A running watcher goes on once it is back',
      });
