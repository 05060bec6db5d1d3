import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

const isFolder = async (path: string): Promise<boolean> => {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
};

/**
 * Makes a folder and those above it that are missing, one by one. Node's own `recursive` never ends where a file system
 * answers ENOENT to a new folder in one that is there, as /proc does, and no signal ends it.
 *
 * @param mode of each folder that is made
 * @throws the system's error, naming the folder that cannot be made
 */
export const makeFolder = async (path: string, mode = 0o777): Promise<void> => {
  const folder = resolve(path);
  if (await isFolder(folder)) return;
  await makeFolder(dirname(folder), mode);
  try {
    await mkdir(folder, { mode });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST' && (await isFolder(folder))) return; // another was quicker
    throw error;
  }
};
