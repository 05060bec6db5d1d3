import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { collectIntents, config, entryOf, makeFolder, openFilesIn, published, watchSource } from './site.ts';

describe('a watcher of files', () => {
  it('publishes every configuration at its start, with where it came from', async () => {
    await using folder = await makeFolder();
    await using site = await watchSource(await openFilesIn(folder.folder));
    expect(await published(site.store, 'leaf1')).toBe(config('leaf1'));
    expect(await published(site.store, 'leaf2')).toBe(config('leaf2'));
    expect(await entryOf(site.store, 'leaf1')).toMatchObject({
      device: 'leaf1',
      platform: 'frr',
      intended: { path: 'intended/configs/leaf1.cfg' },
    });
  });

  it('publishes a save once, and soon', async () => {
    await using folder = await makeFolder();
    await using site = await watchSource(await openFilesIn(folder.folder));
    const seen = collectIntents(site.store);
    await site.store.nc.flush();
    const times: number[] = [];
    for (let save = 0; save < 5; save++) {
      const savedMs = performance.now();
      await writeFile(folder.configPath('leaf1'), config('leaf1', `save ${save}`));
      await site.story.until('published', ({ device }) => device === 'leaf1' && seen.length > save);
      times.push(Math.round((seen.at(-1)?.atMs ?? 0) - savedMs));
    }
    console.log('save to message, ms:', times.join(' '));
    expect(seen.map(({ text }) => text)).toEqual([0, 1, 2, 3, 4].map((save) => config('leaf1', `save ${save}`)));
  });
});
