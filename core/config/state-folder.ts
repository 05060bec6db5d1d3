import { readdir, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { explain, PlumbError } from '../errors.ts';
import { makeFolder } from '../make-folder.ts';

const ignore = '.gitignore';

/**
 * Creates the folder for local state (`.plumb`): readable only by its owner, and ignored by git whatever the
 * repository's own .gitignore says, since it holds keys and configurations.
 *
 * @throws PlumbError `invalid_request` where it cannot be written
 */
export const makeStateFolder = async (state: string): Promise<void> => {
  try {
    await makeFolder(state, 0o700);
    await writeFile(join(state, ignore), '*\n', { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  } catch (cause) {
    throw new PlumbError('invalid_request', `${state}: cannot be written: ${explain(cause)}`, {
      cause,
      hint: "is the disk full or read-only, or is the folder another user's? `state` in plumbline.yml sets another one",
    });
  }
};

/** Removes it if nothing else is in it. */
export const removeEmptyStateFolder = async (state: string): Promise<void> => {
  const held = await readdir(state).catch(() => ['?']);
  if (held.some((name) => name !== ignore)) return;
  await rm(join(state, ignore), { force: true });
  await rmdir(state).catch(() => {}); // another process has started to use it
};
