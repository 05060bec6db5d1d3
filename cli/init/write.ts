import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { explain, PlumbError } from '../../core/errors.ts';
import { makeFolder } from '../../core/make-folder.ts';

/** Puts a file in place whole, unless there is one. @returns whether it was put there */
const putNew = async (path: string, text: string): Promise<boolean> => {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  await makeFolder(dirname(path));
  try {
    await writeFile(temporary, text);
    await link(temporary, path); // fails where a rename would overwrite
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
};

/** A bare repository, or another one's `.git` folder: what is written there belongs to no network. */
const refuseGitFolder = (folder: string): void => {
  const parts = ['HEAD', 'objects', 'refs']; // what git itself goes by
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return;
    if (parts.every((name) => existsSync(join(at, name)))) {
      throw new PlumbError('invalid_request', `${folder}: nothing is written here: ${at} is git's own folder`, {
        hint: `work in a clone, and push from there: \`git clone ${at} FOLDER\``,
      });
    }
    if (at === dirname(at)) return;
  }
};

/**
 * Writes files into a folder; those that are there stay as they are.
 *
 * @param options.inGit for a hook: git's own folder is where it belongs
 * @throws PlumbError `source_failed` if it cannot be written, `invalid_request` if it is git's own
 */
export const writeNew = async (
  folder: string,
  texts: ReadonlyMap<string, string>,
  { inGit = false }: { inGit?: boolean } = {},
): Promise<{ path: string; written: boolean }[]> => {
  if (!inGit) refuseGitFolder(folder);
  const files: { path: string; written: boolean }[] = [];
  for (const [path, text] of texts) {
    try {
      files.push({ path, written: await putNew(join(folder, path), text) });
    } catch (cause) {
      throw new PlumbError('source_failed', `${join(folder, path)}: cannot be written: ${explain(cause)}`, { cause });
    }
  }
  return files;
};
