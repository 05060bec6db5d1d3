import { stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../../../core/make-folder.ts';
import { folderOfAll } from '../../folder.ts';

const folder = folderOfAll('folders');

describe('a folder that is made', () => {
  it('brings those above it along, for the same eyes, by several at once', async () => {
    const deep = join(folder, 'a', 'b', 'c');
    await Promise.all([makeFolder(deep, 0o700), makeFolder(deep, 0o700)]);
    await makeFolder(deep, 0o700);
    for (const path of [deep, join(folder, 'a')]) expect((await stat(path)).mode & 0o777).toBe(0o700);
  });

  it('is refused by the system where it cannot be, and the words are its own', async () => {
    await writeFile(join(folder, 'file'), '');
    await symlink('nowhere', join(folder, 'link'));
    await expect(makeFolder('/proc/x/y')).rejects.toThrow("ENOENT: no such file or directory, mkdir '/proc/x'");
    await expect(makeFolder(join(folder, 'file'))).rejects.toThrow('EEXIST');
    await expect(makeFolder(join(folder, 'file', 'x'))).rejects.toThrow('ENOTDIR');
    await expect(makeFolder(join(folder, 'link'))).rejects.toThrow('EEXIST');
  });
});
