import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LabName } from '../up/labs.ts';

/** Where the examples are below the folder of Plumbline itself, both in a checkout and in an installed package. */
const places: Record<LabName, { folder: string; parts: readonly string[] }> = {
  frr: { folder: '.', parts: ['inventory.yml', 'templates', 'intended'] },
  eos: { folder: 'examples/eos', parts: ['inventory.yml', 'intended'] },
};

/** The folder of Plumbline itself: the one above us that has its package.json. */
const ownFolder = (): string => {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && folder !== dirname(folder)) folder = dirname(folder);
  return folder;
};

const filesIn = async (folder: string, part: string): Promise<string[]> => {
  const entries = await readdir(join(folder, part), { recursive: true, withFileTypes: true }).catch(() => undefined);
  if (!entries) return [part];
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
};

/** The network that goes with a lab, as files by path. */
export const exampleFiles = async (name: LabName): Promise<ReadonlyMap<string, string>> => {
  const { folder, parts } = places[name];
  const from = join(ownFolder(), folder);
  const paths = (await Promise.all(parts.map((part) => filesIn(from, part)))).flat().sort();
  return new Map(
    await Promise.all(paths.map(async (path) => [path, await readFile(join(from, path), 'utf8')] as const)),
  );
};
