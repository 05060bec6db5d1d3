import { mkdir, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { limits } from '../../../../core/bus.ts';
import { openRenderer } from '../../../../core/render/render.ts';
import {
  collectIntents,
  config,
  entryOf,
  eventually,
  inventoryOf,
  makeFolder,
  openFilesIn,
  published,
  watchSource,
} from '../site.ts';

const lfsPointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n';

describe('a watcher of files', () => {
  it('publishes every configuration at its start, with where it came from', async () => {
    await using folder = await makeFolder();
    await using site = await watchSource(await openFilesIn(folder.folder));
    expect(await published(site.store, 'leaf1')).toBe(config('leaf1'));
    expect(await published(site.store, 'leaf2')).toBe(config('leaf2'));
    expect(await entryOf(site.store, 'leaf1')).toMatchObject({ intended: { path: 'intended/configs/leaf1.cfg' } });
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
      await eventually(() => expect(seen).toHaveLength(save + 1));
      times.push((seen.at(-1)?.atMs ?? 0) - savedMs);
    }
    expect(seen.map(({ text }) => text)).toEqual([0, 1, 2, 3, 4].map((save) => config('leaf1', `save ${save}`)));
    expect(Math.min(...times)).toBeLessThan(1_000); // what is waited for on purpose is waited for each time
  });

  it('leaves the device alone when its file is deleted, and says that it is unmanaged', async () => {
    await using folder = await makeFolder();
    await using site = await watchSource(await openFilesIn(folder.folder));
    await rm(folder.configPath('leaf1'));
    await site.story.until('unmanaged', ({ device }) => device === 'leaf1');
    await eventually(async () => expect(await entryOf(site.store, 'leaf1')).toMatchObject({ intended: null }));
    expect(await published(site.store, 'leaf1')).toBe(config('leaf1'));
    await folder.write('intended/configs/leaf1.cfg', config('leaf1', 'back'));
    await eventually(async () => expect(await published(site.store, 'leaf1')).toBe(config('leaf1', 'back')));
    await eventually(async () => expect((await entryOf(site.store, 'leaf1'))?.intended).not.toBeNull());
  });

  it('gives no device up where the whole folder is gone', async () => {
    await using folder = await makeFolder();
    await using site = await watchSource(await openFilesIn(folder.folder));
    await rename(folder.path('intended'), folder.path('elsewhere'));
    const { problem } = await site.story.until('problem', ({ about }) => about === 'intended/configs');
    expect(problem.message).toBe('intended/configs: no such folder');
    await rename(folder.path('elsewhere'), folder.path('intended'));
    await site.story.until('solved', ({ about }) => about === 'intended/configs');
    await writeFile(folder.configPath('leaf1'), config('leaf1', 'after'));
    await eventually(async () => expect(await published(site.store, 'leaf1')).toBe(config('leaf1', 'after')));
    expect(site.story.of('unmanaged')).toEqual([]);
  });

  it('waits for a checkout to finish', async () => {
    await using folder = await makeFolder();
    await folder.git('init', '-q');
    await using site = await watchSource(await openFilesIn(folder.folder));
    const seen = collectIntents(site.store);
    await site.store.nc.flush();
    await folder.write('.git/index.lock', '');
    await writeFile(folder.configPath('leaf1'), config('leaf1', 'half of it'));
    await new Promise((resolve) => setTimeout(resolve, 300)); // an event would be the failure
    expect(seen).toHaveLength(0);
    await writeFile(folder.configPath('leaf1'), config('leaf1', 'all of it'));
    await rm(folder.path('.git/index.lock'));
    await eventually(() => expect(seen.map(({ text }) => text)).toEqual([config('leaf1', 'all of it')]));
  });

  it('refuses by name what is no configuration, and goes on with the others', async () => {
    await using folder = await makeFolder(['leaf1', 'leaf2', 'leaf3', 'Leaf4', 'leaf4', 'leaf7']);
    await folder.write('intended/configs/leaf1.cfg', lfsPointer);
    await rm(folder.configPath('leaf2'));
    await mkdir(folder.configPath('leaf2'));
    await folder.write('intended/configs/leaf7.cfg', Buffer.from('hostname leaf7\n! \xfcber\n', 'latin1'));
    await folder.write('intended/configs/leaf 5.cfg', config('leaf5'));
    await folder.write('intended/configs/leaf6.cfg', config('leaf6'));
    await folder.write('intended/configs/README.md', 'not a configuration');
    await using site = await watchSource(await openFilesIn(folder.folder));
    const told = Object.fromEntries(site.story.of('problem').map(({ about, problem }) => [about, problem.message]));
    expect(told).toEqual({
      'intended/configs/leaf1.cfg': 'intended/configs/leaf1.cfg: a Git LFS pointer, not the file itself',
      'intended/configs/leaf2.cfg': 'intended/configs/leaf2.cfg: not a regular file',
      'intended/configs/leaf7.cfg':
        'intended/configs/leaf7.cfg:2: not valid UTF-8: 0xfc at byte offset 17: the file is binary or in another encoding',
      'intended/configs/leaf4.cfg': 'intended/configs/leaf4.cfg: names differ only in case: Leaf4.cfg, leaf4.cfg',
      'intended/configs/Leaf4.cfg': 'intended/configs/Leaf4.cfg: names differ only in case: Leaf4.cfg, leaf4.cfg',
      'intended/configs/leaf 5.cfg': 'intended/configs/leaf 5.cfg: "leaf 5" is no device name',
      'intended/configs/leaf6.cfg': 'intended/configs/leaf6.cfg: the inventory has no device "leaf6"',
    });
    expect(await published(site.store, 'leaf3')).toBe(config('leaf3'));
    for (const name of ['leaf1', 'leaf7']) expect(await published(site.store, name)).toBeUndefined();
    expect((await entryOf(site.store, 'leaf1'))?.problem).toMatch(/Git LFS pointer/);
  });

  it('refuses by name what is too large to be read back, and takes what is just small enough', async () => {
    await using folder = await makeFolder();
    await truncate(folder.configPath('leaf1'), limits.textBytes + 1);
    await writeFile(folder.configPath('leaf2'), '!\n'.repeat(limits.textBytes / 2));
    await using site = await watchSource(await openFilesIn(folder.folder));
    expect(site.story.of('problem').map(({ problem }) => problem)).toEqual([
      expect.objectContaining({
        message: 'intended/configs/leaf1.cfg: 8388609 bytes, more than the 8388608 (8 MiB) that an intent may have',
        hint: expect.stringContaining('could not be read back'),
      }),
    ]);
    expect(await published(site.store, 'leaf2')).toHaveLength(limits.textBytes);
  });

  it('tells of no change of a device that the inventory does not have, only that it is not there', async () => {
    await using folder = await makeFolder();
    await using site = await watchSource(await openFilesIn(folder.folder));
    await folder.write('intended/configs/leaf7.cfg', config('leaf7'));
    await site.story.until('problem', ({ about }) => about === 'intended/configs/leaf7.cfg');
    await folder.write('intended/configs/leaf1.cfg', config('leaf1', 'later'));
    await site.story.until('noticed', ({ device }) => device === 'leaf1');
    expect(site.story.of('noticed').map(({ device }) => device)).toEqual(['leaf1']);
  });

  it('names a file that cannot be read', async () => {
    await using folder = await makeFolder();
    await rm(folder.configPath('leaf1'));
    await symlink('leaf1.cfg', folder.configPath('leaf1')); // a loop
    await using site = await watchSource(await openFilesIn(folder.folder));
    expect(site.story.of('problem')[0]?.problem.message).toMatch(
      /^intended\/configs\/leaf1\.cfg: cannot be read: ELOOP/,
    );
  });

  it.runIf(process.platform === 'linux')(
    'refuses by name a file of the kernel, whose length says nothing',
    async () => {
      await using folder = await makeFolder();
      await rm(folder.configPath('leaf1'));
      await symlink('/proc/version', folder.configPath('leaf1'));
      await using site = await watchSource(await openFilesIn(folder.folder));
      await site.story.until('problem', ({ problem }) => problem.message.endsWith('leaf1.cfg: not a regular file'));
    },
  );

  it('notices saves in a folder that was made anew', async () => {
    await using folder = await makeFolder();
    await using site = await watchSource(await openFilesIn(folder.folder));
    await rm(folder.path('intended'), { recursive: true });
    await site.story.until('problem', ({ about }) => about === 'intended/configs');
    await folder.write('intended/configs/leaf1.cfg', config('leaf1', 'anew'));
    await eventually(async () => expect(await published(site.store, 'leaf1')).toBe(config('leaf1', 'anew')));
    await site.story.until('solved', ({ about }) => about === 'intended/configs');
    await folder.write('intended/configs/leaf1.cfg', config('leaf1', 'later'));
    await eventually(async () => expect(await published(site.store, 'leaf1')).toBe(config('leaf1', 'later')));
  });
});

describe('a watcher of templates', () => {
  const withTemplates = async () => {
    const folder = await makeFolder();
    await folder.write('templates/leaf/main.j2', 'hostname {{ device.name }}\n{% include "leaf/bgp.j2" %}');
    await folder.write('templates/leaf/bgp.j2', 'router bgp {{ asn }}\n');
    await folder.write(
      'inventory.yml',
      inventoryOf(['leaf1', 'leaf2']).replace('role: leaf', 'role: leaf, vars: { asn: 65001 }'),
    );
    for (const device of ['leaf1', 'leaf2'])
      await folder.write(`intended/configs/${device}.cfg`, `hostname ${device}\nrouter bgp 65001\n`);
    return folder;
  };

  it('renders anew when a template changes, and writes and publishes what came out', async () => {
    await using folder = await withTemplates();
    await using site = await watchSource(await openFilesIn(folder.folder, openRenderer));
    const text = 'hostname leaf1\nrouter bgp 65001\n bgp log\n';
    await folder.write(
      'templates/leaf/bgp.j2',
      'router bgp {{ asn }}\n{% if device.name == "leaf1" %}\n bgp log\n{% endif %}\n',
    );
    await eventually(async () => expect(await published(site.store, 'leaf1')).toBe(text));
    expect(site.story.of('published').filter(({ elapsedMs }) => elapsedMs !== undefined)).toHaveLength(1);
  });

  it('renders anew when the inventory changes; a device that someone edited keeps its text until then', async () => {
    await using folder = await withTemplates();
    await using site = await watchSource(await openFilesIn(folder.folder, openRenderer));
    await folder.write('intended/configs/leaf2.cfg', 'hostname leaf2\n! edited\nrouter bgp 65001\n');
    await eventually(async () => expect(await published(site.store, 'leaf2')).toMatch(/edited/));
    const inventory =
      'site: dc1\ndefaults: { platform: frr, role: leaf, vars: { asn: 65001 } }\ndevices:\n  leaf1: { vars: { asn: 65099 } }\n  leaf2: {}\n';
    await folder.write('inventory.yml', inventory);
    await eventually(async () =>
      expect(await published(site.store, 'leaf1')).toBe('hostname leaf1\nrouter bgp 65099\n'),
    );
    expect(await published(site.store, 'leaf2')).toMatch(/edited/);
  });

  it('names template, line and variable of what fails, and keeps the last good text', async () => {
    await using folder = await withTemplates();
    await using site = await watchSource(await openFilesIn(folder.folder, openRenderer));
    await folder.write('templates/leaf/bgp.j2', 'router bgp {{ asn }}\n neighbor {{ peer }} remote-as 1\n');
    const { problem, device } = await site.story.until('problem', (event) => event.device === 'leaf1');
    expect(`${device} ${problem.code} ${problem.message}`).toMatch(/^leaf1 template_failed .*leaf\/bgp\.j2:2: .*peer/);
    await eventually(async () => expect((await entryOf(site.store, 'leaf1'))?.problem).toMatch(/peer/));
    expect(await published(site.store, 'leaf1')).toBe('hostname leaf1\nrouter bgp 65001\n');
    await folder.write('templates/leaf/bgp.j2', 'router bgp {{ asn }}\n! mended\n');
    await eventually(async () => expect(await published(site.store, 'leaf1')).toMatch(/mended/));
    await eventually(async () => expect((await entryOf(site.store, 'leaf1'))?.problem).toBeUndefined());
  });

  it('keeps the last good inventory, loudly', async () => {
    await using folder = await withTemplates();
    await using site = await watchSource(await openFilesIn(folder.folder, openRenderer));
    await folder.write('inventory.yml', 'site: dc1\ndevices:\n  leaf1: { platform: nosuch }\n');
    const { problem } = await site.story.until('problem', ({ about }) => about === 'inventory');
    expect(problem).toMatchObject({ code: 'invalid_inventory', message: expect.stringMatching(/inventory\.yml:3/) });
    await folder.write('intended/configs/leaf2.cfg', 'hostname leaf2\n! goes on\n');
    await eventually(async () => expect(await published(site.store, 'leaf2')).toMatch(/goes on/));
    expect(await entryOf(site.store, 'leaf2')).toBeDefined();
    await folder.write(
      'inventory.yml',
      inventoryOf(['leaf1', 'leaf2']).replace('role: leaf', 'role: leaf, vars: { asn: 1 }'),
    );
    await site.story.until('solved', ({ about }) => about === 'inventory');
  });
});
