import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { Looks, shared } from '../../../../watcher/files/looks.ts';
import { config, eventually, inventoryOf, makeFolder, openFilesIn, published, watchSource } from '../site.ts';

/** A look that a network mount does not answer until it is back. */
const hanging = () => {
  let answer = () => {};
  const look = new Promise<void>((resolve) => {
    answer = resolve;
  });
  return { look: () => look, answer: () => answer() };
};

describe('looks at a place that does not answer', () => {
  it('are a few, however many there are to be made, and go on once it answers', async () => {
    const looks = new Looks('/mnt/net', 2, 60_000);
    const mount = hanging();
    let begun = 0;
    const all = Promise.all(
      Array.from({ length: 9 }, () =>
        looks.at(() => {
          begun += 1;
          return mount.look();
        }),
      ),
    );
    await new Promise(setImmediate);
    expect(begun).toBe(2); // of four threads
    mount.answer();
    await all;
    expect(begun).toBe(9);
    await looks.at(async () => {}); // none was lost
  });

  it('go on behind one that failed', async () => {
    const looks = new Looks('/mnt/net', 1, 60_000);
    await expect(looks.at(() => Promise.reject(new Error('ESTALE')))).rejects.toThrow('ESTALE');
    expect(await looks.at(async () => 'looked')).toBe('looked');
    expect(looks.problem).toBeUndefined();
  });

  it('are shared by whoever comes meanwhile, and begin after they were asked for', async () => {
    const mount = hanging();
    let begun = 0;
    const look = shared(() => {
      begun += 1;
      return mount.look();
    });
    const first = look();
    const others = [look(), look(), look()];
    expect(begun).toBe(1);
    mount.answer();
    await Promise.all([first, ...others]);
    expect(begun).toBe(2);
  });
});

describe('a watcher whose folder of configurations lies on a mount that hangs', () => {
  it('says so, looks at the rest, and goes on by itself when it answers', async () => {
    await using folder = await makeFolder();
    const looks = { configs: new Looks('intended/configs', 1, 50), inputs: new Looks('templates', 1, 50) };
    const source = await openFilesIn(folder.folder, undefined, { looks });
    await using site = await watchSource(source);
    const mount = hanging();
    const hung = looks.configs.at(mount.look);
    const told = await site.story.until('problem', ({ about }) => about === 'configs hang');
    expect(told.problem.message).toMatch(/^intended\/configs: the file system has not answered for 0\.05 s/);
    await writeFile(folder.path('inventory.yml'), inventoryOf(['leaf1', 'leaf2', 'leaf3']));
    await eventually(() => expect(source.inventory().devices.has('leaf3')).toBe(true));
    mount.answer();
    await hung;
    await site.story.until('solved', ({ about }) => about === 'configs hang');
    await writeFile(folder.configPath('leaf1'), config('leaf1', 'after'));
    await eventually(async () => expect(await published(site.store, 'leaf1')).toBe(config('leaf1', 'after')));
  });
});
