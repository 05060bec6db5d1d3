import { describe, expect, it } from 'vitest';
import { allAre, lastSeq, twoBranches } from '../branches.ts';
import { eventually, openFilesIn, openGitIn, watchSource } from '../unit/watcher/site.ts';

describe('a checkout of 3,000 files', () => {
  it.each(['files', 'git'] as const)('is published with each device once (%s)', async (kind) => {
    await using folder = await twoBranches(3_000);
    const source = kind === 'git' ? await openGitIn(folder.folder) : await openFilesIn(folder.folder);
    await using site = await watchSource(source);
    const before = await lastSeq(site.store);
    if (kind === 'git') await folder.git('reset', '-q', '--hard', 'two');
    else await folder.git('checkout', '-q', 'two');
    await eventually(() => expect(site.story.of('published')).toHaveLength(6_000), 60_000);
    await allAre(site.store, folder.devices, 'two');
    expect(await lastSeq(site.store)).toBe(before + 3_000);
  });
});
