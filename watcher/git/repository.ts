import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { PlumbError } from '../../core/errors.ts';
import { type GitOptions, runGit } from './command.ts';

export type TreeEntry = { mode: string; oid: string; path: string };
export type Change = { commit: string; author: string };

const objectName = /^[0-9a-f]{40,64}$/;
const line = (stdout: Buffer) => stdout.toString().trimEnd();

/** One branch of one repository, read by its objects and never by its working tree. */
export type Repository = {
  folder: string;
  gitFolder: string;
  commonFolder: string;
  /** Of the folder in its repository: '' or ending in a slash. */
  prefix: string;
  /** As a person says it. */
  branch: string;
  ref: string;
  remote: string | undefined;
};

type Where = { folder: string; branch?: string | undefined; remote?: string | undefined };

const branchOf = async (folder: string, signal: AbortSignal): Promise<string> => {
  const head = await runGit(folder, ['symbolic-ref', '--quiet', 'HEAD'], { signal, answers: [0, 1] });
  const ref = line(head.stdout);
  if (head.code === 0 && ref.startsWith('refs/heads/')) return ref.slice('refs/heads/'.length);
  throw new PlumbError('source_failed', `${folder}: HEAD is detached, so there is no branch to follow`, {
    hint: 'name one with --branch',
  });
};

const remoteOf = async (folder: string, remote: string, signal: AbortSignal): Promise<void> => {
  const remotes = line((await runGit(folder, ['remote'], { signal })).stdout).split('\n');
  if (remotes.includes(remote)) return;
  throw new PlumbError('source_failed', `${folder}: no remote is named "${remote}"`, {
    hint: `there is: ${remotes.join(', ') || 'none'}`,
  });
};

/** A bare repository has no folders: git tells of none where in its commits one would be. @throws PlumbError `invalid_request` */
const refuseBelowBare = async (folder: string, signal: AbortSignal): Promise<void> => {
  let there = folder;
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
  const asked = ['rev-parse', '--is-bare-repository', '--absolute-git-dir'];
  const { stdout } = await runGit(there, asked, { signal, answers: [0, 128] });
  const [bare, root = ''] = stdout.toString().split('\n');
  const below = relative(root, join(await realpath(there), relative(there, folder)));
  if (bare !== 'true' || below === '') return;
  throw new PlumbError('invalid_request', `${folder}: a folder in a bare repository cannot be named`, {
    hint: `follow it in a clone: \`git clone ${root} CLONE\`, then \`plumb -C CLONE/${below} watch --remote origin\``,
  });
};

/** @throws PlumbError `source_failed`: no git, no repository, another user's, no branch to follow, no such remote */
export const openRepository = async (where: Where, signal: AbortSignal): Promise<Repository> => {
  const { folder, remote } = where;
  await refuseBelowBare(folder, signal);
  const asked = ['rev-parse', '--absolute-git-dir', '--git-common-dir', '--show-prefix'];
  const { stdout } = await runGit(folder, asked, { signal });
  const [gitFolder = '', common = '', prefix = ''] = stdout.toString().split('\n');
  const branch = where.branch ?? (await branchOf(folder, signal));
  const valid = await runGit(folder, ['check-ref-format', `refs/heads/${branch}`], { signal, answers: [0, 1] });
  if (valid.code !== 0 || branch.startsWith('-')) {
    throw new PlumbError('source_failed', `${folder}: "${branch}" is no name of a branch`);
  }
  if (remote !== undefined) await remoteOf(folder, remote, signal);
  const ref = remote === undefined ? `refs/heads/${branch}` : `refs/remotes/${remote}/${branch}`;
  return { folder, gitFolder, commonFolder: resolve(folder, common), prefix, branch, ref, remote };
};

/**
 * The commit that the branch is at; undefined where the branch is gone or has no commit yet.
 *
 * @throws PlumbError `source_failed` where the branch is there and its commit is not: to git both look alike
 */
export const tipOf = async ({ folder, ref }: Repository, signal: AbortSignal): Promise<string | undefined> => {
  const ask = (what: string) =>
    runGit(folder, ['rev-parse', '--verify', '--quiet', what], { signal, answers: [0, 1], timeoutMs: 10_000 });
  const tip = await ask(`${ref}^{commit}`);
  if (tip.code === 0) return line(tip.stdout);
  const { code, stdout, stderr } = await ask(ref);
  const oid = line(stdout);
  if (code === 0 && (await ask(`${oid}^{commit}`)).code === 0) return oid; // it came in between
  if (code !== 0 && !/broken ref/.test(stderr)) return undefined;
  const what = code === 0 ? `names ${oid.slice(0, 12)}, which is not in the repository or is no commit` : 'is broken';
  throw new PlumbError('source_failed', `${folder}: ${ref} ${what}`, {
    hint: '`git fsck` there tells what is missing; objects borrowed from another repository (`git clone --shared`) need that one',
  });
};

/** The entries of a commit at or directly below these paths; a path that ends in a slash is a folder. */
export const listTree = async (
  { folder }: Repository,
  commit: string,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<TreeEntry[]> => {
  const { stdout } = await runGit(folder, ['ls-tree', '-z', '--full-tree', commit, '--', ...paths], { signal });
  return stdout
    .toString()
    .split('\0')
    .flatMap((entry) => {
      const [, mode, oid, path] = /^(\d+) \w+ ([0-9a-f]+)\t(.*)$/s.exec(entry) ?? [];
      return mode && oid && path ? [{ mode, oid, path }] : [];
    });
};

const format = '--format=%x01%H%x00%an <%ae>';

/** Who the commit is by. */
export const describeCommit = async ({ folder }: Repository, commit: string, signal: AbortSignal): Promise<Change> => {
  const { stdout } = await runGit(folder, ['log', '-1', '--no-show-signature', format, commit, '--'], { signal });
  const [, author = ''] = line(stdout).slice(1).split('\0');
  return { commit, author };
};

/** For each path below a folder, the newest commit between two that touched it. */
export const changesBetween = async (
  { folder, prefix }: Repository,
  [older, newer]: readonly [string, string],
  below: string,
  signal: AbortSignal,
): Promise<Map<string, Change>> => {
  const range = ['-z', '--name-only', '--no-renames', '--no-show-signature', '--max-count=2000', `${older}..${newer}`];
  const args = ['log', format, ...range, '--', `:(top,literal)${prefix}${below}`];
  const changes = new Map<string, Change>();
  const { stdout } = await runGit(folder, args, { signal, timeoutMs: 5_000 });
  for (const block of stdout.toString().split('\x01').slice(1)) {
    const [commit = '', author = '', ...paths] = block.split('\0').map((part) => part.replace(/^\n+|(?<!\n)\n+$/g, ''));
    for (const path of paths) if (path && !changes.has(path)) changes.set(path, { commit, author });
  }
  return changes;
};

/** Whether one commit comes after another; false where either is unknown here. */
export const isAfter = async (
  { folder }: Repository,
  newer: string,
  older: string,
  signal: AbortSignal,
): Promise<boolean> => {
  if (!objectName.test(older) || older === newer) return false;
  const options: GitOptions = { signal, answers: [0, 1, 128] };
  return (await runGit(folder, ['merge-base', '--is-ancestor', older, newer], options)).code === 0;
};

/** Brings the remote's branch up to date; the working tree and the local branches stay as they are. */
export const fetchBranch = async ({ folder, branch, ref, remote }: Repository, signal: AbortSignal): Promise<void> => {
  if (remote === undefined) return;
  const quietly = ['--quiet', '--no-tags', '--no-recurse-submodules', '--no-auto-gc', '--update-shallow'];
  const args = ['fetch', ...quietly, '--', remote, `+refs/heads/${branch}:${ref}`];
  await runGit(folder, args, { signal, timeoutMs: 120_000 });
};

/** The remote's folder where it is on this machine: its hook can tell us there. */
export const localRemote = async (repository: Repository, signal: AbortSignal): Promise<string | undefined> => {
  if (repository.remote === undefined) return undefined;
  const asked = await runGit(repository.folder, ['remote', 'get-url', '--', repository.remote], {
    signal,
    answers: [0, 2, 128],
  });
  const url = line(asked.stdout).replace(/^file:\/\//, '');
  if (!url || /^[\w.+-]+:\/\//.test(url) || /^[^/]+:/.test(url)) return undefined;
  return join(resolve(repository.folder, url));
};
