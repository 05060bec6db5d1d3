import type { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { explain } from '../../core/errors.ts';
import { deviceOfFile, isPassing } from '../file-names.ts';
import type { Looks } from './looks.ts';

/** What changes when a file is written, replaced or renamed over. */
export const fingerprint = ({ ino, size, mtimeMs, ctimeMs }: Stats): string => `${ino} ${size} ${mtimeMs} ${ctimeMs}`;

const withPrints = async (looks: Looks, folder: string, names: readonly string[]): Promise<Map<string, string>> => {
  const found = new Map<string, string>();
  await Promise.all(
    names.map(async (name) => {
      const stats = await looks.at(() => stat(join(folder, name))).catch((error: NodeJS.ErrnoException) => error.code);
      if (typeof stats === 'object') found.set(name, fingerprint(stats));
      else if (stats !== 'ENOENT') found.set(name, 'unreadable');
    }),
  );
  return found;
};

/** The configurations in a folder with their fingerprints; or why it cannot be listed. */
export const scanConfigs = async (looks: Looks, folder: string): Promise<Map<string, string> | string> => {
  try {
    const names = await looks.at(() => readdir(folder));
    const configs = names.filter((name) => deviceOfFile(name) !== undefined);
    return await withPrints(looks, folder, configs);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'no such folder' : explain(error);
  }
};

/** All templates below a folder with their fingerprints, by relative path; none where it cannot be listed. */
export const scanTemplates = async (looks: Looks, folder: string): Promise<Map<string, string>> => {
  const names = await looks.at(() => readdir(folder, { recursive: true })).catch(() => []);
  const templates = names.filter((name) => !name.split(/[/\\]/).some(isPassing));
  return withPrints(looks, folder, templates);
};
