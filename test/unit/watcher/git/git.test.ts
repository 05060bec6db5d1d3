import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { fetchIntent } from '../../../../core/store/intents.ts';
import {
  change,
  collectIntents,
  config,
  entryOf,
  eventually,
  gitIn,
  inventoryOf,
  makeFolder,
  makeRepository,
  openGitIn,
  published,
  watchSource,
} from '../site.ts';

describe('a watcher of commits', () => {
  it('publishes what is committed, not what is saved or staged', async () => {
    await using folder = await makeRepository();
    await folder.write('intended/configs/leaf1.cfg', config('leaf1', 'only saved'));
    await folder.git('add', '-A');
    await using site = await watchSource(await openGitIn(folder.folder));
    expect(await published(site.store, 'leaf1')).toBe(config('leaf1'));
    expect((await fetchIntent(site.store, 'leaf1'))?.meta).toMatchObject({
      commit: folder.first,
      author: 'Ann <ann@example.net>',
      source: 'intended/configs/leaf1.cfg',
      fromSource: true,
    });
  });

  it('notices a commit soon, and publishes only what it changed', async () => {
    await using folder = await makeRepository();
    await using site = await watchSource(await openGitIn(folder.folder));
    const seen = collectIntents(site.store);
    await site.store.nc.flush();
    const times: number[] = [];
    for (let n = 0; n < 3; n++) {
      await change(folder, `commit ${n}`);
      const committedMs = performance.now();
      await eventually(() => expect(seen.at(-1)?.text).toBe(config('leaf1', `commit ${n}`)));
      times.push(performance.now() - committedMs);
    }
    // what is waited for on purpose is waited for each time: 0.7 s where no event comes; git itself takes its time
    expect(Math.min(...times)).toBeLessThan(3_000);
    expect(seen.map(({ device }) => device)).toEqual(['leaf1', 'leaf1', 'leaf1']);
  });

  it('names the commit and the author that changed each device, of several that came at once', async () => {
    await using folder = await makeRepository();
    await using site = await watchSource(await openGitIn(folder.folder));
    await folder.git('checkout', '-q', '-b', 'work');
    const ofLeaf1 = await change(folder, 'by Ann');
    await folder.write('intended/configs/leaf2.cfg', config('leaf2', 'by Bob'));
    await folder.git('commit', '-qa', '-m', 'by Bob', '--author', 'Bob <bob@example.net>');
    const ofLeaf2 = await folder.git('rev-parse', 'HEAD');
    await folder.git('checkout', '-q', 'main');
    await folder.git('merge', '-q', '--no-ff', '-m', 'merge', 'work');
    for (const last of [ofLeaf1, ofLeaf2]) await site.story.until('published', ({ commit }) => commit === last);
    expect((await fetchIntent(site.store, 'leaf1'))?.meta.commit).toBe(ofLeaf1);
    expect((await fetchIntent(site.store, 'leaf2'))?.meta.author).toBe('Bob <bob@example.net>');
  });

  it('follows its branch through a forced move, a rebase, packed refs and a garbage collection', async () => {
    await using folder = await makeRepository();
    await using site = await watchSource(await openGitIn(folder.folder));
    const arrives = (note: string) =>
      eventually(async () => expect(await published(site.store, 'leaf1')).toBe(config('leaf1', note)));
    await change(folder, 'two');
    await arrives('two');
    await folder.git('reset', '-q', '--hard', 'HEAD~1');
    await arrives('one');
    await folder.git('commit', '-q', '--allow-empty', '--amend', '-m', 'another first');
    await folder.git('checkout', '-q', '-b', 'work');
    await change(folder, 'rebased');
    await folder.git('checkout', '-q', 'main');
    await folder.write('intended/configs/leaf2.cfg', config('leaf2', 'base'));
    await folder.commitAll('base');
    await folder.git('rebase', '-q', 'main', 'work');
    await folder.git('checkout', '-q', 'main');
    await folder.git('merge', '-q', '--ff-only', 'work');
    await arrives('rebased');
    await folder.git('pack-refs', '--all');
    await folder.git('reflog', 'expire', '--expire=now', '--all');
    await folder.git('gc', '-q', '--prune=now');
    await change(folder, 'after gc');
    await arrives('after gc');
    await folder.git('branch', '-q', '-D', 'work');
    await folder.git('gc', '-q', '--prune=now');
    await site.watcher[Symbol.asyncDispose]();
    expect(site.story.of('problem')).toEqual([]);
  });

  it('keeps to its branch when another one is checked out, or HEAD is detached', async () => {
    await using folder = await makeRepository();
    await using site = await watchSource(await openGitIn(folder.folder));
    await folder.git('checkout', '-q', '-b', 'work');
    await change(folder, 'not for the devices');
    await folder.git('checkout', '-q', '--detach');
    await folder.git('update-ref', 'refs/heads/main', await folder.git('commit-tree', '-m', 'x', 'main^{tree}'));
    await folder.git('checkout', '-q', 'main');
    await folder.write('intended/configs/leaf2.cfg', config('leaf2', 'on main'));
    await folder.commitAll('on main');
    await eventually(async () => expect(await published(site.store, 'leaf2')).toBe(config('leaf2', 'on main')));
    expect(await published(site.store, 'leaf1')).toBe(config('leaf1'));
  });

  it('reads a worktree, a folder in a repository, a bare one and a shallow clone', async () => {
    await using folder = await makeRepository();
    await using elsewhere = await makeFolder([]);
    await folder.git('worktree', 'add', '-q', '-b', 'work', elsewhere.path('worktree'));
    await writeFile(elsewhere.path('worktree/intended/configs/leaf1.cfg'), config('leaf1', 'in the worktree'));
    await gitIn(elsewhere.path('worktree'), 'commit', '-qam', 'in the worktree');
    await gitIn(folder.folder, 'clone', '-q', '--bare', '.', elsewhere.path('bare.git'));
    await change(folder, 'second');
    await gitIn(folder.folder, 'clone', '-q', '--depth', '1', `file://${folder.folder}`, elsewhere.path('shallow'));
    await folder.git('mv', 'inventory.yml', 'elsewhere.yml');
    await folder.write('sites/a b/inventory.yml', inventoryOf(['leaf1']));
    await folder.write('sites/a b/intended/configs/leaf1.cfg', config('leaf1', 'in a folder'));
    await folder.commitAll('nested');
    const notes = { worktree: 'in the worktree', 'bare.git': 'one', shallow: 'second' };
    for (const [name, note] of Object.entries(notes)) {
      await using site = await watchSource(await openGitIn(elsewhere.path(name)));
      expect(await published(site.store, 'leaf1')).toBe(config('leaf1', note));
    }
    await using site = await watchSource(await openGitIn(folder.path('sites/a b')));
    expect(await published(site.store, 'leaf1')).toBe(config('leaf1', 'in a folder'));
    expect((await entryOf(site.store, 'leaf1'))?.intended?.path).toBe('intended/configs/leaf1.cfg');
  });

  it('takes the inventory from the commit, and keeps the last good one', async () => {
    await using folder = await makeRepository();
    await folder.write('inventory.yml', inventoryOf(['leaf1']));
    await using site = await watchSource(await openGitIn(folder.folder));
    expect(await entryOf(site.store, 'leaf2')).toBeDefined(); // the change is only saved
    await folder.write('inventory.yml', 'site: dc1\ndevices:\n  leaf1: { platform: nosuch }\n');
    await change(folder, 'with a bad inventory');
    const { problem } = await site.story.until('problem', ({ about }) => about === 'inventory');
    expect(problem.message).toMatch(/^inventory\.yml:3/);
    await eventually(async () => expect(await published(site.store, 'leaf1')).toMatch(/with a bad inventory/));
    await folder.write('inventory.yml', inventoryOf(['leaf1']));
    await folder.commitAll('better');
    await site.story.until('solved', ({ about }) => about === 'inventory');
    await eventually(async () => expect(await entryOf(site.store, 'leaf2')).toBeUndefined());
  });
});
