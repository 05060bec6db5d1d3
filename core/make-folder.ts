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
 * Creates a folder and its missing parents, one by one. Node's own `recursive` never returns, even on a signal, on a
 * file system that answers ENOENT to a new folder in an existing one, as /proc does.
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
    if ((error as NodeJS.ErrnoException).code === 'EEXIST' && (await isFolder(folder))) return; // another process was faster
    throw error;
  }
};
