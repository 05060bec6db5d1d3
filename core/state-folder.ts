import { mkdir, readdir, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const ignore = '.gitignore';

/**
 * Makes the folder of what this machine alone keeps (`.plumb`): for its owner's eyes, and out of git whatever the
 * repository's own .gitignore says, since it holds keys and configurations.
 */
export const makeStateFolder = async (state: string): Promise<void> => {
  await mkdir(state, { recursive: true, mode: 0o700 });
  await writeFile(join(state, ignore), '*\n', { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
};

/** Takes it away where nothing else is in it. */
export const removeEmptyStateFolder = async (state: string): Promise<void> => {
  const held = await readdir(state).catch(() => ['?']);
  if (held.some((name) => name !== ignore)) return;
  await rm(join(state, ignore), { force: true });
  await rmdir(state).catch(() => {}); // another one has begun to use it
};
