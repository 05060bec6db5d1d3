import { chmod, readFile, stat, utimes } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { installHooks, removeHooks } from '../../../../watcher/git/hook.ts';
import {
  change,
  collectIntents,
  config,
  eventually,
  type Folder,
  gitIn,
  makeFolder,
  makeRepository,
  openGitIn,
  published,
  watchSource,
} from '../site.ts';

/** Whether a hook has told since this was asked last; clocks of file systems are too coarse to compare two times. */
const hinted = async (folder: Folder) => {
  const path = folder.path('.git/plumb-hint');
  const { mtimeMs } = await stat(path);
  await utimes(path, 0, 0);
  return mtimeMs > 0;
};

describe('plumb hook install', () => {
  it('tells of commits, merges, rebases and checkouts', async () => {
    await using folder = await makeRepository();
    const installed = await installHooks(folder.folder);
    expect(installed.map(({ how }) => how)).toEqual(['installed', 'installed', 'installed', 'installed']);
    await change(folder, 'two');
    expect(await hinted(folder)).toBe(true);
    await folder.git('checkout', '-q', '-b', 'work');
    expect(await hinted(folder)).toBe(true);
    await folder.git('commit', '-q', '--amend', '-m', 'rewritten');
    expect(await hinted(folder)).toBe(true);
    await folder.git('status');
    expect(await hinted(folder)).toBe(false);
  });

  it('keeps the hooks that are there, with their arguments, their input and their exit', async () => {
    await using folder = await makeRepository();
    const own = '#!/bin/sh\necho "$@" >.git/ran\ncat >>.git/ran\nexit 3\n';
    await folder.write('.git/hooks/post-rewrite', own);
    await chmod(folder.path('.git/hooks/post-rewrite'), 0o755);
    expect((await installHooks(folder.folder)).find(({ path }) => path.endsWith('post-rewrite'))?.how).toBe('chained');
    expect((await installHooks(folder.folder)).map(({ how }) => how)).toEqual(Array(4).fill('renewed'));
    await folder.git('commit', '-q', '--amend', '-m', 'rewritten');
    expect(await readFile(folder.path('.git/ran'), 'utf8')).toMatch(
      new RegExp(`^amend\n${folder.first} ${await folder.git('rev-parse', 'HEAD')}`),
    );
    expect(await removeHooks(folder.folder)).toHaveLength(4);
    expect(await readFile(folder.path('.git/hooks/post-rewrite'), 'utf8')).toBe(own);
    await expect(stat(folder.path('.git/hooks/post-commit'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('never fails a commit, and works in a worktree', async () => {
    await using folder = await makeRepository();
    await installHooks(folder.folder);
    await folder.write('.git/plumb-hint/in-the-way', '');
    await change(folder, 'fine all the same');
    await folder.git('worktree', 'add', '-q', folder.path('../worktree-of-plumb-test'), '-b', 'work');
    await folder.git('worktree', 'remove', folder.path('../worktree-of-plumb-test'));
  });

  it('says where there is no repository how to make one', async () => {
    await using folder = await makeFolder();
    await expect(installHooks(folder.folder)).rejects.toMatchObject({
      code: 'source_failed',
      hint: expect.stringContaining(`\`git init ${folder.folder}\` makes it one`),
    });
  });

  it('uses the hooks folder that the repository names, but none that others share', async () => {
    await using folder = await makeRepository();
    await folder.git('config', 'core.hooksPath', '.githooks');
    expect((await installHooks(folder.folder))[0]?.path).toBe(folder.path('.githooks/post-commit'));
    await folder.git('config', 'core.hooksPath', '/usr/share/git-hooks');
    await expect(installHooks(folder.folder)).rejects.toMatchObject({
      code: 'source_failed',
      message: `${folder.folder}: its hooks are in /usr/share/git-hooks, which other repositories may share`,
    });
  });

  it('in the repository that is pushed to, spares a watcher elsewhere the wait for its next fetch', async () => {
    await using folder = await makeRepository();
    await using elsewhere = await makeFolder([]);
    await folder.git('clone', '-q', '--bare', '.', elsewhere.path('net.git'));
    expect((await installHooks(elsewhere.path('net.git'))).map(({ path }) => path)).toEqual([
      elsewhere.path('net.git/hooks/post-receive'),
    ]);
    await gitIn(elsewhere.folder, 'clone', '-q', 'net.git', 'clone');
    const source = await openGitIn(elsewhere.path('clone'), { remote: 'origin', fetchMs: 3_600_000 });
    await using site = await watchSource(source);
    const seen = collectIntents(site.store);
    await change(folder, 'pushed');
    await folder.git('push', '-q', elsewhere.path('net.git'), 'main');
    await eventually(() => expect(seen.map(({ text }) => text)).toEqual([config('leaf1', 'pushed')]));
    await folder.git('commit', '-q', '--amend', '-m', 'again');
    await folder.write('intended/configs/leaf1.cfg', config('leaf1', 'forced'));
    await folder.git('commit', '-q', '-a', '--amend', '-m', 'again');
    await folder.git('push', '-q', '--force', elsewhere.path('net.git'), 'main');
    await eventually(() => expect(seen.at(-1)?.text).toBe(config('leaf1', 'forced')));
    expect(await gitIn(elsewhere.path('clone'), 'status', '--porcelain')).toBe('');
  });
});

describe('a watcher of a remote', () => {
  it('fetches by itself, goes on while it cannot, and says so', async () => {
    await using folder = await makeRepository();
    await using elsewhere = await makeFolder([]);
    await folder.git('clone', '-q', '--depth', '1', `file://${folder.folder}`, elsewhere.path('clone'));
    const source = await openGitIn(elsewhere.path('clone'), { remote: 'origin', fetchMs: 200 });
    await using site = await watchSource(source);
    await change(folder, 'fetched');
    await eventually(async () => expect(await published(site.store, 'leaf1')).toBe(config('leaf1', 'fetched')));
    await gitIn(elsewhere.path('clone'), 'remote', 'set-url', 'origin', '/nonexistent');
    const { problem } = await site.story.until('problem', ({ about }) => about === 'remote');
    expect(problem.message).toMatch(/nonexistent/);
    expect(source.current).toBe(false);
    await gitIn(elsewhere.path('clone'), 'remote', 'set-url', 'origin', `file://${folder.folder}`);
    await site.story.until('solved', ({ about }) => about === 'remote');
    expect(await published(site.store, 'leaf1')).toBe(config('leaf1', 'fetched'));
  });
});
