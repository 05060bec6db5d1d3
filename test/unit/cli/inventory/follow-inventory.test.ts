import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { followInventory } from '../../../../cli/inventory/follow-inventory.ts';
import { loadInventory } from '../../../../core/inventory/inventory.ts';

const inventory = (devices: string) => `site: dc1\ndefaults: { platform: frr }\ndevices:\n${devices}`;

it('a runner takes a changed inventory up, and keeps the last good one when the new one is wrong', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'plumb-follow-'));
  const path = join(folder, 'inventory.yml');
  const stop = new AbortController();
  const said: string[] = [];
  const seen: string[][] = [];
  try {
    await writeFile(path, inventory('  leaf1: {}\n'));
    const log = pino({}, { write: (line: string) => void said.push(line) });
    followInventory(
      path,
      () => loadInventory(path),
      ({ devices }) => void seen.push([...devices.keys()]),
      log,
      stop.signal,
    );
    // until the file is watched nothing tells that it is: each change is another one
    let turn = 0;
    await expect
      .poll(
        async () => {
          if (turn++ % 10 === 0) await writeFile(path, inventory(`  leaf1: {}\n  leaf${turn + 1}: {}\n`));
          return seen.length;
        },
        { timeout: 15_000, interval: 100 },
      )
      .toBeGreaterThan(0);
    const good = seen.length;
    await writeFile(path, inventory('  leaf1: { hots: 10.0.0.1 }\n'));
    await expect.poll(() => said.join(''), { timeout: 15_000 }).toContain('the last good one stays');
    expect(said.join('')).toContain('hots');
    expect(seen.slice(good).flat()).not.toContain('hots');
  } finally {
    stop.abort();
    await rm(folder, { recursive: true, force: true });
  }
});
