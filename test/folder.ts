import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, onTestFinished } from 'vitest';

const remove = (folder: string) => rm(folder, { recursive: true, force: true });

/** Makes a folder for the test that runs, asked for by it or by a hook before it; gone once all hooks after it have run. */
export const folderOfTest = async (name: string): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), `plumb-${name}-`));
  onTestFinished(() => remove(folder));
  return folder;
};

/**
 * A folder for the tests of the file or `describe` in which this is called: made before their first hook, gone after their
 * last. Where none of them runs, none is made.
 */
export const folderOfAll = (name: string): string => {
  const folder = join(tmpdir(), `plumb-${name}-${randomUUID()}`);
  beforeAll(() => mkdir(folder, { mode: 0o700 }).then(() => {})); // what a hook resolves to would be called at the end
  afterAll(() => remove(folder));
  return folder;
};
