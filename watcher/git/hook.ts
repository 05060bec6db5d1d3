import { chmod, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { PlumbError } from '../../core/errors.ts';
import { makeFolder } from '../../core/make-folder.ts';
import { runGit } from './command.ts';
import { hintFile } from './hints.ts';

const marker = 'plumb: tells the watcher that a branch moved';

/** After these, a branch of a repository with a working tree may be somewhere else. */
const workHooks = ['post-commit', 'post-merge', 'post-rewrite', 'post-checkout'] as const;
/** In a repository that is pushed to. */
const pushedHooks = ['post-receive'] as const;

/** Where a hook that was there before is kept; ours runs it first, with its arguments and its input. */
const keptName = (hook: string) => `${hook}.before-plumb`;

/** Ends as the hook before it did; its own part never fails, and takes a few milliseconds. */
const hookScript = (hook: string): string => `#!/bin/sh
# ${marker}. Made by \`plumb hook install\`.
status=0
before="\${0%/*}/${keptName(hook)}"
if [ -x "$before" ]; then "$before" "$@" || status=$?; fi
( common=$(git rev-parse --git-common-dir) && : >"$common/${hintFile}" ) 2>/dev/null </dev/null
exit $status
`;

type InstalledHook = {
  path: string;
  /** `installed`: new; `renewed`: ours was there; `chained`: another one was there and is run first. */
  how: 'installed' | 'renewed' | 'chained';
};

type Folders = { common: string; top: string; hooks: string; hookNames: readonly string[] };

/** Where the hooks of a repository lie, and which of them tell of a commit. @throws PlumbError `source_failed` where others share them */
export const hookFolders = async (folder: string): Promise<Folders> => {
  const asked = ['rev-parse', '--is-bare-repository', '--git-common-dir', '--show-toplevel'];
  const { stdout } = await runGit(folder, asked, { answers: [0, 128] });
  const [bareWord = '', commonPath = '', top = ''] = stdout.toString().split('\n');
  const bare = bareWord === 'true';
  if (!bareWord) await runGit(folder, ['rev-parse', '--git-dir']); // says what is wrong
  const common = resolve(folder, commonPath);
  // our own calls switch hooks off, so the setting is asked for where the user made it
  const set = await runGit(folder, ['config', '--show-scope', '--type=path', '--get', 'core.hooksPath'], {
    answers: [0, 1],
    ownSettings: false,
  });
  const [, own] = /^\w+\t(.*)$/m.exec(set.stdout.toString()) ?? [];
  const hooks = own === undefined ? join(common, 'hooks') : resolve(bare ? common : top, own);
  const inside = [common, ...(bare ? [] : [top])].some((at) => !relative(at, hooks).startsWith('..'));
  if (!inside) {
    throw new PlumbError('source_failed', `${folder}: its hooks are in ${hooks}, which other repositories may share`, {
      hint: `set core.hooksPath in this repository, or touch ${join(common, hintFile)} in a hook of your own`,
    });
  }
  return { common, top, hooks, hookNames: bare ? pushedHooks : workHooks };
};

const present = (path: string): Promise<string | undefined> =>
  readFile(path, 'latin1').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });

/**
 * Makes git tell the watcher of each commit, merge and push, so that nothing waits for the next poll. A hook that is
 * there stays and is run first.
 *
 * @throws PlumbError `source_failed`: no repository, or its hooks are shared with others
 */
export const installHooks = async (folder: string): Promise<InstalledHook[]> => {
  const { hooks, hookNames } = await hookFolders(folder);
  await makeFolder(hooks);
  const installed: InstalledHook[] = [];
  for (const hook of hookNames) {
    const path = join(hooks, hook);
    const before = await present(path);
    const ours = before?.includes(marker) ?? false;
    if (before !== undefined && !ours) {
      const kept = join(hooks, keptName(hook));
      if ((await present(kept)) !== undefined) {
        throw new PlumbError('source_failed', `${path}: cannot be kept, since ${kept} is there already`, {
          hint: 'put the two together by hand, then say it again',
        });
      }
      await rename(path, kept);
    }
    const temporary = `${path}.plumb-tmp`;
    await writeFile(temporary, hookScript(hook));
    await chmod(temporary, 0o755);
    await rename(temporary, path);
    installed.push({ path, how: before === undefined ? 'installed' : ours ? 'renewed' : 'chained' });
  }
  return installed;
};

/** Takes our hooks out and puts those back that were there before. @returns the paths of our hooks */
export const removeHooks = async (folder: string): Promise<string[]> => {
  const { hooks } = await hookFolders(folder);
  const removed: string[] = [];
  for (const hook of [...workHooks, ...pushedHooks]) {
    const path = join(hooks, hook);
    if (!(await present(path))?.includes(marker)) continue;
    const kept = join(hooks, keptName(hook));
    if ((await present(kept)) === undefined) await rm(path);
    else await rename(kept, path);
    removed.push(path);
  }
  return removed;
};
