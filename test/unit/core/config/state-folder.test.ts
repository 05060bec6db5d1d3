import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeStateFolder, removeEmptyStateFolder } from '../../../../core/config/state-folder.ts';
import { folderOfTest } from '../../../folder.ts';

let repository: string;
let state: string;
beforeEach(async () => {
  repository = await folderOfTest('state');
  state = join(repository, '.plumb');
});

describe('the folder of what this machine alone keeps', () => {
  it('stays out of git where the repository does not ignore it', async () => {
    const git = (...args: string[]) => execFileSync('git', args, { cwd: repository, encoding: 'utf8' });
    git('init', '-q');
    await writeFile(join(repository, '.gitignore'), 'node_modules\n');
    await makeStateFolder(state);
    await makeStateFolder(state); // as each process that uses it does
    await writeFile(join(state, 'api-key'), 'secret\n');
    git('add', '-A');
    expect(git('status', '--short')).toBe('A  .gitignore\n');
    expect((await stat(state)).mode & 0o777).toBe(0o700);
  });

  it('goes once nothing is in it, and stays while something is', async () => {
    await makeStateFolder(state);
    await writeFile(join(state, 'known_hosts'), '');
    await removeEmptyStateFolder(state);
    expect(existsSync(join(state, '.gitignore'))).toBe(true);
    await rm(join(state, 'known_hosts'));
    await removeEmptyStateFolder(state);
    expect(existsSync(state)).toBe(false);
  });
});
