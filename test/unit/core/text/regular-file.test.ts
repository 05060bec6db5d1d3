import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRegular } from '../../../../core/text/regular-file.ts';
import { folderOfAll } from '../../../folder.ts';

const folder = folderOfAll('regular');

describe('a file in whose place there may be anything', () => {
  it('is read where it is a regular one', async () => {
    await writeFile(join(folder, 'text'), 'hostname a\n');
    expect((await readRegular(join(folder, 'text')))?.toString()).toBe('hostname a\n');
    await expect(readRegular(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('is not waited for where it is a pipe, a device node or a folder', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    for (const path of [pipe, '/dev/zero', folder]) expect(await readRegular(path), path).toBeUndefined();
  });
});
