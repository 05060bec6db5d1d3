import { spawnSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { expect } from 'vitest';
import { InventoryEntry, streams } from '../core/bus.ts';
import { sha256 } from '../core/store/payload.ts';
import { listRecords } from '../core/store/records.ts';
import type { Store } from '../core/store/store.ts';
import { config, type Folder, inventoryOf, makeFolder, published } from './unit/watcher/site.ts';

/** A repository with two branches in which every configuration differs, made in one go. */
export const twoBranches = async (count: number): Promise<Folder & { devices: string[] }> => {
  const devices = Array.from({ length: count }, (_, n) => `leaf${n + 1}`);
  const folder = await makeFolder([]);
  await rm(folder.path('inventory.yml'));
  await folder.git('init', '-q', '-b', 'main');
  const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`;
  const file = (path: string, text: string) => `M 100644 inline ${path}\n${data(text)}`;
  const branch = (name: string, note: string, from = '') => [
    `commit refs/heads/${name}\ncommitter Ann <ann@example.net> 1700000000 +0000\n${data(note)}${from}`,
    file('inventory.yml', inventoryOf(devices)),
    ...devices.map((device) => file(`intended/configs/${device}.cfg`, config(device, note))),
  ];
  const stream = [...branch('main', 'one'), ...branch('two', 'two', 'from refs/heads/main\n')].join('');
  const { status, stderr } = spawnSync('git', ['fast-import', '--quiet'], { cwd: folder.folder, input: stream });
  if (status !== 0) throw new Error(String(stderr));
  await folder.git('reset', '-q', '--hard', 'main');
  return Object.assign(folder, { devices });
};

/** How many intents were ever published. */
export const lastSeq = async (store: Store) => (await store.jsm.streams.info(streams.intent('dc1'))).state.last_seq;

/** Expects every device's newest intent to be that of the branch. */
export const allAre = async (store: Store, devices: readonly string[], note: string) => {
  const entries = await listRecords(store.inventory, InventoryEntry);
  const texts = await Promise.all(devices.map((device) => published(store, device)));
  for (const [n, device] of devices.entries()) {
    const text = config(device, note);
    expect(texts[n]).toBe(text);
    expect(entries.get(device)?.intended?.sha256).toBe(sha256(text));
  }
};
