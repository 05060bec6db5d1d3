import type { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { deviceOfFile, isPassing } from './names.ts';

/** What changes when a file is written, replaced or renamed over. */
export const fingerprint = ({ ino, size, mtimeMs, ctimeMs }: Stats): string => `${ino} ${size} ${mtimeMs} ${ctimeMs}`;

const withPrints = async (folder: string, names: readonly string[]): Promise<Map<string, string>> => {
  const found = new Map<string, string>();
  await Promise.all(
    names.map(async (name) => {
      const stats = await stat(join(folder, name)).catch((error: NodeJS.ErrnoException) => error.code);
      if (typeof stats === 'object') found.set(name, fingerprint(stats));
      else if (stats !== 'ENOENT') found.set(name, 'unreadable');
    }),
  );
  return found;
};

const missing = (error: NodeJS.ErrnoException) => {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
  throw error;
};

/** The configurations in a folder with their fingerprints; undefined where there is no such folder. */
export const scanConfigs = async (folder: string): Promise<Map<string, string> | undefined> => {
  const names = await readdir(folder).catch(missing);
  return (
    names &&
    withPrints(
      folder,
      names.filter((name) => deviceOfFile(name) !== undefined),
    )
  );
};

/** All templates below a folder with their fingerprints, by relative path; none where there is no such folder. */
export const scanTemplates = async (folder: string): Promise<Map<string, string>> => {
  const names = (await readdir(folder, { recursive: true }).catch(missing)) ?? [];
  return withPrints(
    folder,
    names.filter((name) => !name.split(/[/\\]/).some(isPassing)),
  );
};
