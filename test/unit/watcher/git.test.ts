import { describe, expect, it } from 'vitest';
import { collectIntents, config, eventually, makeRepository, openGitIn, published, watchSource } from './site.ts';

describe('a watcher of commits', () => {
  it('publishes what is committed, not what is saved', async () => {
    await using folder = await makeRepository();
    await folder.write('intended/configs/leaf1.cfg', config('leaf1', 'only saved'));
    await using site = await watchSource(await openGitIn(folder.folder));
    expect(await published(site.store, 'leaf1')).toBe(config('leaf1'));
    const seen = collectIntents(site.store);
    await site.store.nc.flush();
    const times: number[] = [];
    for (let n = 0; n < 3; n++) {
      await folder.write('intended/configs/leaf1.cfg', config('leaf1', `commit ${n}`));
      await folder.commitAll('change');
      const committedMs = performance.now();
      await eventually(() => expect(seen.at(-1)?.text).toBe(config('leaf1', `commit ${n}`)));
      times.push(Math.round((seen.at(-1)?.atMs ?? 0) - committedMs));
    }
    console.log('commit to message, ms:', times.join(' '));
    expect(seen.every(({ device }) => device === 'leaf1')).toBe(true);
  });
});
