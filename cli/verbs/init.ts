import { randomBytes } from 'node:crypto';
import { link, mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Command } from 'commander';
import { explain, PlumbError } from '../../core/errors.ts';
import { callAgain } from '../called.ts';
import type { Context } from '../context.ts';
import { newRepository } from '../init/files.ts';

/** Puts a file in place whole, unless there is one. @returns whether it was put there */
const putNew = async (path: string, text: string): Promise<boolean> => {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(temporary, text);
    await link(temporary, path); // fails where rename would overwrite
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
};

/**
 * Writes a new repository; files that are there stay as they are.
 *
 * @throws PlumbError `source_failed` where the folder cannot be written
 */
export const writeRepository = async (folder: string): Promise<{ path: string; written: boolean }[]> => {
  const files: { path: string; written: boolean }[] = [];
  for (const [path, text] of newRepository()) {
    try {
      files.push({ path, written: await putNew(join(folder, path), text) });
    } catch (cause) {
      throw new PlumbError('source_failed', `${join(folder, path)}: cannot be written: ${explain(cause)}`, { cause });
    }
  }
  return files;
};

/** `plumb init [folder]`: a repository to start from. */
export const initVerb = (context: Context): Command =>
  new Command('init')
    .description('Write a new, commented repository: inventory, templates, configuration. Nothing is overwritten.')
    .argument('[folder]', 'where; this folder where none is named')
    .addHelpText('after', '\nExample:\n  $ plumb init my-network && cd my-network && plumb render')
    .action(async (to: string | undefined) => {
      const folder = resolve(context.config.folder, to ?? '.');
      for (const { path, written } of await writeRepository(folder)) {
        context.err(`${written ? 'wrote' : 'left as it is:'} ${path}\n`);
      }
      context.err(`\nnext: edit inventory.yml, then \`${callAgain('doctor', folder)}\`\n`);
    });
