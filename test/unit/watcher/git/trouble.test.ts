import { spawnSync } from 'node:child_process';
import { rename, rm, symlink, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { PlumbError } from '../../../../core/errors.ts';
import { explainGit } from '../../../../watcher/git/command.ts';
import type { Source } from '../../../../watcher/source.ts';
import {
  change,
  config,
  eventually,
  gitIn,
  makeFolder,
  makeRepository,
  openGitIn,
  published,
  watchSource,
} from '../site.ts';

/** Why there is no inventory yet. */
const problemOf = (source: Source): PlumbError => {
  try {
    source.inventory();
  } catch (error) {
    if (error instanceof PlumbError) return error;
  }
  throw new Error('nothing is wrong with the source');
};

describe('a repository that comes and goes', () => {
  it('is waited for where it was moved, and what was published stays', async () => {
    await using folder = await makeRepository();
    await using other = await makeFolder([]);
    const at = other.path('net');
    await gitIn(folder.folder, 'clone', '-q', '.', at);
    await using site = await watchSource(await openGitIn(at));
    await rename(at, `${at}.moved`);
    const { problem } = await site.story.until('problem');
    expect(problem.message).toBe(`${at}: no such folder`);
    await writeFile(`${at}.moved/intended/configs/leaf1.cfg`, config('leaf1', 'moved'));
    await gitIn(`${at}.moved`, 'commit', '-qam', 'moved');
    await rename(`${at}.moved`, at);
    await eventually(async () => expect(await published(site.store, 'leaf1')).toBe(config('leaf1', 'moved')));
    await site.story.until('solved', ({ about }) => about === 'repository');
    expect(site.story.of('unmanaged')).toEqual([]);
  });

  it('goes on once a branch that is gone no longer stands in the way, by the command that is named', async () => {
    await using folder = await makeRepository();
    await using other = await makeFolder([]);
    const at = other.path('net');
    await folder.git('branch', 'release/1');
    await gitIn(folder.folder, 'clone', '-q', '.', at);
    await folder.git('branch', '-q', '-D', 'release/1');
    await folder.git('branch', 'release');
    const source = await openGitIn(at, { branch: 'release', remote: 'origin', fetchMs: 50 });
    const watching = watchSource(source);
    const problem = problemOf(source);
    expect(problem.message).toMatch(/cannot lock ref 'refs\/remotes\/origin\/release'/);
    const command = /`git (.*)`/.exec(problem.hint ?? '')?.[1] ?? '';
    await gitIn(folder.folder, ...command.split(' '));
    await using site = await watching;
    await eventually(async () => expect(await published(site.store, 'leaf1')).toBe(config('leaf1')));
  });

  it('is waited for where the branch was deleted', async () => {
    await using folder = await makeRepository();
    await using site = await watchSource(await openGitIn(folder.folder, { branch: 'main' }));
    await folder.git('checkout', '-q', '-b', 'work');
    await folder.git('branch', '-q', '-D', 'main');
    const { problem } = await site.story.until('problem');
    expect(problem.message).toMatch(/branch "main" is gone or has no commit yet/);
    await change(folder, 'back');
    await folder.git('branch', '-q', 'main');
    await eventually(async () => expect(await published(site.store, 'leaf1')).toBe(config('leaf1', 'back')));
    expect(site.story.of('unmanaged')).toEqual([]);
  });

  it('is waited for where the objects are gone that it borrows, and that is no missing branch', async () => {
    await using folder = await makeRepository();
    await using other = await makeFolder([]);
    const at = other.path('net');
    await gitIn(folder.folder, 'clone', '-q', '--shared', '.', at);
    await using site = await watchSource(await openGitIn(at));
    await rename(folder.path('.git'), folder.path('gone'));
    const { problem } = await site.story.until('problem');
    expect(problem.message).toMatch(/refs\/heads\/main names [0-9a-f]{12}, which is not in the repository/);
    await rename(folder.path('gone'), folder.path('.git'));
    await site.story.until('solved', ({ about }) => about === 'repository');
  });

  it('says of a branch whose file was emptied that it is broken', async () => {
    await using folder = await makeRepository();
    await using site = await watchSource(await openGitIn(folder.folder));
    await writeFile(folder.path('.git/refs/heads/main'), '');
    expect((await site.story.until('problem')).problem.message).toMatch(/refs\/heads\/main is broken$/);
  });

  it('says of a branch that was renamed at the remote how to find its new name', async () => {
    await using folder = await makeRepository();
    await using other = await makeFolder([]);
    const at = other.path('net');
    await gitIn(folder.folder, 'clone', '-q', '.', at);
    await folder.git('branch', '-q', '-m', 'main', 'trunk');
    await using site = await watchSource(await openGitIn(at, { remote: 'origin', branch: 'main' }));
    expect((await site.story.until('problem')).problem.hint).toContain('`git ls-remote --heads`');
    expect(await published(site.store, 'leaf1')).toBe(config('leaf1'));
  });

  it('says of a worktree whose repository was moved how to mend it', async () => {
    await using folder = await makeRepository();
    await using other = await makeFolder([]);
    const at = other.path('work');
    await folder.git('worktree', 'add', '-q', '-b', 'work', at);
    await rename(folder.path('.git'), folder.path('moved'));
    await expect(openGitIn(at)).rejects.toMatchObject({
      message: expect.stringContaining(`${at}: the repository of this worktree is gone from`),
      hint: expect.stringContaining('git worktree repair'),
    });
  });

  it.each([
    { what: 'a symbolic link', where: 'intended/configs', is: 'a symbolic link, whose blob is only a path' },
    { what: 'a submodule', where: 'intended', is: 'a submodule' },
    { what: 'a file', where: 'intended', is: 'a file' },
  ])('is waited for where the folder of the configurations became $what', async ({ what, where, is }) => {
    await using folder = await makeRepository();
    await using site = await watchSource(await openGitIn(folder.folder));
    await eventually(async () => expect(await published(site.store, 'leaf1')).toBe(config('leaf1')));
    const oid = what === 'a submodule' ? 'HEAD' : 'HEAD:intended/configs/leaf1.cfg';
    const mode = { 'a symbolic link': '120000', 'a submodule': '160000', 'a file': '100644' }[what] ?? '';
    await folder.git('rm', '-q', '-r', '--cached', where);
    const object = (await folder.git('rev-parse', oid)).trim();
    await folder.git('update-index', '--add', '--cacheinfo', `${mode},${object},${where}`);
    await folder.git('commit', '-q', '-m', what);
    const { problem } = await site.story.until('problem');
    expect(problem.message.startsWith(`${where}: is ${is} in commit `)).toBe(true);
    await folder.git('rm', '-q', '--cached', where);
    await folder.git('add', 'intended');
    await folder.git('commit', '-q', '-m', 'a folder again');
    await site.story.until('solved', ({ about }) => about === 'repository');
    expect(site.story.of('unmanaged')).toEqual([]);
  });

  it('says of an inventory that is a link what it is', async () => {
    await using folder = await makeRepository();
    await folder.git('mv', 'inventory.yml', 'real.yml');
    await symlink('real.yml', folder.path('inventory.yml'));
    await folder.git('add', 'inventory.yml');
    await folder.git('commit', '-q', '-m', 'a link');
    await using source = await openGitIn(folder.folder);
    const { message, hint } = problemOf(source);
    expect(message).toMatch(/^inventory\.yml: is a symbolic link, whose blob is only a path in commit /);
    expect(hint).toContain('commit the inventory itself');
  });

  it('is waited for where nothing was committed yet', async () => {
    await using folder = await makeFolder();
    await folder.git('init', '-q', '-b', 'main');
    const source = await openGitIn(folder.folder);
    const watching = watchSource(source);
    await folder.commitAll('at last');
    await using site = await watching;
    expect(await published(site.store, 'leaf1')).toBe(config('leaf1'));
  });
});

describe('what cannot be followed is refused at the start', () => {
  it.each<[string, (folder: Awaited<ReturnType<typeof makeRepository>>) => Promise<unknown>, object, RegExp]>([
    ['a detached HEAD', ({ git }) => git('checkout', '-q', '--detach'), {}, /HEAD is detached, so there is no branch/],
    ['a folder without a repository', ({ path }) => rm(path('.git'), { recursive: true }), {}, /not a git repository/],
    ['a remote that is not there', async () => {}, { remote: 'upstream' }, /no remote is named "upstream"/],
    ['a branch that cannot be one', async () => {}, { branch: '--upload-pack=x' }, /is no name of a branch/],
    ['a folder that is not there', async () => {}, { folder: '/nonexistent' }, /no such folder/],
  ])('%s', async (_, spoil, more, message) => {
    await using folder = await makeRepository();
    await spoil(folder);
    const opening = openGitIn(folder.folder, more);
    await expect(opening).rejects.toMatchObject({ code: 'source_failed', message: expect.stringMatching(message) });
  });

  it("another user's repository, with the command that allows it", async () => {
    await using folder = await makeRepository();
    const env = { ...process.env, GIT_TEST_ASSUME_DIFFERENT_OWNER: '1', GIT_CONFIG_GLOBAL: '/dev/null' };
    const { stderr } = spawnSync('git', ['rev-parse'], { cwd: folder.folder, env, encoding: 'utf8' });
    expect(explainGit(folder.folder, stderr)).toMatchObject({
      message: `${folder.folder}: git refuses a repository that another user owns`,
      hint: expect.stringContaining(`git config --global --add safe.directory ${folder.folder}`),
    });
  });

  it('but a detached HEAD does not matter where a branch is named', async () => {
    await using folder = await makeRepository();
    await folder.git('checkout', '-q', '--detach');
    await using site = await watchSource(await openGitIn(folder.folder, { branch: 'main' }));
    expect(await published(site.store, 'leaf1')).toBe(config('leaf1'));
  });
});
