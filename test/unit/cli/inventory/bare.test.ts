import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Context } from '../../../../cli/context.ts';
import { intendedAt, readIntended } from '../../../../cli/inventory/intended.ts';
import { loadConfig } from '../../../../core/config/config.ts';
import { loadInventory } from '../../../../core/inventory/inventory.ts';
import { openGit } from '../../../../watcher/git/git.ts';
import { folderOfAll } from '../../../folder.ts';
import { plumb, repository } from '../terminal.ts';

const folder = folderOfAll('bare');
const at = (path: string) => join(folder, path);
const git = (...args: string[]) => execFileSync('git', args, { cwd: folder });
const contextIn = async (path: string) =>
  ({ config: await loadConfig({ folder: at(path) }, {}, folder), signal: AbortSignal.timeout(60_000) }) as Context;

beforeAll(async () => {
  await using site = await repository();
  mkdirSync(at('big/sites'), { recursive: true });
  for (const to of ['net', 'big/sites/a']) execFileSync('cp', ['-r', site.folder, at(to)]);
  for (const name of ['net', 'big']) {
    writeFileSync(at(`${name}/README`), 'a network\n');
    git('init', '-q', '-b', 'main', name);
    git('-C', name, 'add', '.');
    git('-C', name, '-c', 'user.name=ann', '-c', 'user.email=ann@example.com', 'commit', '-qm', 'one');
    git('clone', '-q', '--bare', name, `${name}.git`);
  }
  git('clone', '-qn', 'net', 'without-checkout');
});

describe('a repository in which nothing is checked out', () => {
  it.each([['render'], ['render', '--check'], ['adopt', 'leaf1'], ['up']])(
    'has no files for: plumb %s %s',
    async (...verb) => {
      const before = readdirSync(at('net.git'));
      const { code, err } = await plumb(at('net.git'), verb.filter(Boolean));
      expect(code).toBe(2);
      expect(err).toContain('works on files, and none are checked out here');
      expect(err).toContain(`\`git clone ${at('net.git')} FOLDER\``);
      expect(readdirSync(at('net.git'))).toEqual(before);
    },
  );

  it('is told how its files are written, and has them then', async () => {
    const { err } = await plumb(at('without-checkout'), ['render']);
    const hint = /`git (-C .+ checkout)`/.exec(err)?.[1] ?? '';
    execFileSync('git', hint.split(' '), { stdio: 'ignore' });
    expect((await plumb(at('without-checkout'), ['render', '--check'])).err).toBe('0 devices differ, 0 unchanged\n');
  });

  it('has what is committed compared, and says so of what is saved', async () => {
    const context = await contextIn('net.git');
    expect(await intendedAt(context, 'leaf1', 'main')).toBe('hostname leaf1\n');
    expect(await intendedAt(await contextIn('big/sites/a'), 'leaf2', 'HEAD')).toBe('hostname leaf2\n');
    await expect(readIntended(context, 'leaf1')).rejects.toMatchObject({ code: 'invalid_request' });
  });
});

describe('a folder of a bare repository', () => {
  it.each(['watch', 'render'])('cannot be named, and plumb %s says what is followed instead', async (verb) => {
    const { code, err } = await plumb(at('big.git/sites/a'), [verb]);
    expect(code).toBe(2);
    expect(err).toContain(`${at('big.git/sites/a')}: a folder in a bare repository cannot be named`);
    expect(err).toContain(
      `\`git clone ${at('big.git')} CLONE\`, then \`plumb -C CLONE/sites/a watch --remote origin\``,
    );
  });

  it('is followed in a clone as that hint says', async () => {
    git('clone', '-q', 'big.git', 'clone');
    const { folder, inventory } = (await contextIn('clone/sites/a')).config;
    await using source = await openGit({ folder, inventory, loadInventory, remote: 'origin' });
    expect([...source.inventory().devices.keys()]).toEqual(['leaf1', 'leaf2']);
  });
});
