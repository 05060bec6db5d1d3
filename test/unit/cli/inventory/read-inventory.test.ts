import { describe, expect, it } from 'vitest';
import { readInventory } from '../../../../cli/inventory/read-inventory.ts';
import { openSource } from '../../../../cli/up/open-source.ts';
import { loadConfig } from '../../../../core/config/config.ts';
import { loadInventory } from '../../../../core/inventory/inventory.ts';
import { gitIn, makeFolder, makeRepository } from '../../watcher/site.ts';

const inventoryIn = async (folder: string) => readInventory(await loadConfig({}, {}, folder));

describe('the inventory of a repository', () => {
  it('is the committed one where nothing is checked out', async () => {
    await using origin = await makeRepository(['leaf1']);
    await using elsewhere = await makeFolder([]);
    const [bare, unchecked] = [elsewhere.path('bare.git'), elsewhere.path('unchecked')];
    await gitIn(origin.folder, 'clone', '-q', '--bare', '.', bare);
    await gitIn(origin.folder, 'clone', '-q', '--no-checkout', '.', unchecked);
    for (const folder of [bare, unchecked]) {
      const { site, devices } = await inventoryIn(folder);
      expect({ site, devices: [...devices.keys()] }).toEqual({ site: 'dc1', devices: ['leaf1'] });
    }
  });

  it('is that of the remote branch that a watcher follows, whatever HEAD is', async () => {
    await using origin = await makeRepository(['leaf1']);
    await using elsewhere = await makeFolder([]);
    const folder = elsewhere.path('unchecked');
    await gitIn(origin.folder, 'clone', '-q', '--no-checkout', '.', folder);
    await origin.write('inventory.yml', 'site: dc2\ndevices:\n  leaf1: { platform: frr }\n');
    await origin.commitAll('another site');
    const { inventory } = await loadConfig({}, {}, folder);
    const where = { folder, inventory, loadInventory, branch: 'main', remote: 'origin' };
    await using source = await openSource({ kind: 'git', ...where });
    expect(source.inventory().site).toBe('dc2');
  });

  it('is missed by name where it is neither on the disk nor in the commit', async () => {
    await using folder = await makeFolder([]);
    await folder.git('init', '-q', '-b', 'main');
    await folder.git('rm', '-q', '--cached', '--ignore-unmatch', 'inventory.yml');
    await folder.git('commit', '-q', '--allow-empty', '-m', 'nothing');
    await gitIn(folder.folder, 'clone', '-q', '--bare', '.', folder.path('bare.git'));
    await expect(inventoryIn(folder.path('bare.git'))).rejects.toMatchObject({
      code: 'invalid_inventory',
      message: expect.stringMatching(/inventory\.yml: is not in commit/),
    });
  });
});
