import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { LiveInventory } from '../../../../cli/inventory/live-inventory.ts';
import { inventoryPrint } from '../../../../cli/inventory/read-inventory.ts';
import { loadConfig } from '../../../../core/config/config.ts';
import { loadInventory } from '../../../../core/inventory/inventory.ts';
import { folderOfTest } from '../../../folder.ts';

const inventory = (devices: string) => `site: dc1\ndefaults: { platform: frr }\ndevices:\n${devices}`;

describe('the inventory of a runner', () => {
  let folder: string;
  let path: string;
  let said: string[];
  let live: LiveInventory;
  /** Happens right after the next look at the file. */
  let onPrint: (() => Promise<void>) | undefined;
  beforeEach(async () => {
    folder = await folderOfTest('live');
    path = join(folder, 'inventory.yml');
    said = [];
    await writeFile(path, inventory('  leaf1: {}\n'));
    const config = await loadConfig({}, {}, folder);
    const log = pino({}, { write: (line: string) => void said.push(line) });
    onPrint = undefined;
    const print = async () => {
      const found = await inventoryPrint(config);
      const then = onPrint;
      onPrint = undefined;
      await then?.();
      return found;
    };
    const from = { path, print, load: () => loadInventory(path), log };
    live = new LiveInventory(from, await loadInventory(path));
  });
  const names = async () => [...(await live.now()).devices.keys()];

  it('is that of the file as it is when it is asked for, with no event waited for', async () => {
    await writeFile(path, inventory('  leaf1: { policy: { approval: manual } }\n'));
    expect((await live.now()).devices.get('leaf1')?.policy.approval).toBe('manual');
    await writeFile(path, inventory('  leaf1: {}\n  leaf2: {}\n'));
    expect(await names()).toEqual(['leaf1', 'leaf2']);
    expect(await live.now()).toBe(await live.now()); // parsed where it has moved, and not else
  });

  it('stays the last good one where the new one is wrong, and says so once', async () => {
    await names();
    await writeFile(path, inventory('  leaf1: { hots: 10.0.0.1 }\n'));
    expect(await names()).toEqual(['leaf1']);
    expect(await names()).toEqual(['leaf1']);
    expect(said.join('').match(/the last good one stays/g)).toHaveLength(1);
    expect(said.join('')).toContain('hots');
  });

  it('is handed on when it changes, whether or not anything is deployed', async () => {
    await names(); // so that its first look is over
    const stop = new AbortController();
    const changed = new Promise<string[]>((resolve) => {
      void live.follow(({ devices }) => resolve([...devices.keys()]), stop.signal);
    });
    await writeFile(path, inventory('  leaf7: {}\n'));
    expect(await changed).toEqual(['leaf7']);
    stop.abort();
  });

  it('is not half of one that is being written', async () => {
    await names();
    onPrint = () => writeFile(path, inventory('  leaf3: {}\n  leaf20: {}\n')); // the other half
    await writeFile(path, inventory('  leaf3: {}\n\n')); // of another size: two writes within a tick of the kernel have one time
    expect(await names()).toEqual(['leaf3', 'leaf20']);
  });
});
