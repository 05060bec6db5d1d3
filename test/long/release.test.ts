import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'plumb-release-'));
const clone = join(folder, 'clone');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const env = { ...process.env, GIT_CONFIG_GLOBAL: join(folder, 'gitconfig') };
const git = (...args: string[]) => execFileSync('git', args, { cwd: clone, encoding: 'utf8', env }).trim();
const release = (...args: string[]) =>
  spawnSync(process.execPath, ['bin/release.mjs', ...args], { cwd: clone, encoding: 'utf8', env });
const commit = (message: string) => {
  git('add', '--all');
  git('commit', '--quiet', '--message', message);
};

beforeAll(() => {
  writeFileSync(
    join(folder, 'gitconfig'),
    '[safe]\n\tdirectory = *\n[user]\n\tname = ann\n\temail = ann@example.net\n',
  );
  execFileSync('git', ['clone', '--quiet', root, clone], { env });
  git('switch', '--quiet', '-C', 'main');
  symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'));
  appendFileSync(join(clone, '.git/info/exclude'), '/node_modules\n');
  // CI itself is tested by running it
  writeFileSync(join(clone, '.ci/run'), '#!/bin/sh\necho ci >>"$(dirname "$0")/../.plumb-ci"\ntest ! -e .red\n');
  chmodSync(join(clone, '.ci/run'), 0o755);
  appendFileSync(join(clone, '.gitignore'), '.plumb-ci\n.red\n');
  writeFileSync(join(clone, 'CHANGELOG.md'), '# Changelog\n\n## 9.8.7\n\n- all of it\n');
  commit('test: a short CI');
});

describe('a release', () => {
  it.each([
    [
      'of what is not committed',
      () => writeFileSync(join(clone, 'new.txt'), ''),
      'would not be in the release',
      () => rmSync(join(clone, 'new.txt')),
    ],
    [
      'of another branch',
      () => git('switch', '--quiet', '-c', 'other'),
      'this is branch other',
      () => git('switch', '--quiet', 'main'),
    ],
    [
      'that is there',
      () => git('tag', 'v9.8.7'),
      'the tag v9.8.7 already exists',
      () => git('tag', '--delete', 'v9.8.7'),
    ],
    [
      'whose CI is red',
      () => writeFileSync(join(clone, '.red'), ''),
      '.ci/run is red',
      () => rmSync(join(clone, '.red')),
    ],
  ])('%s is refused', (_, spoil, message, mend) => {
    spoil();
    const { status, stderr } = release('9.8.7');
    mend();
    expect({ status, stderr }).toMatchObject({ status: 1, stderr: expect.stringContaining(message) });
    expect(git('tag', '--list', 'v9.8.7')).toBe('');
  });

  it('that the changelog does not tell of is refused, and so is no version at all', () => {
    expect(release('9.8.6').stderr).toContain('CHANGELOG.md has no "## 9.8.6"');
    expect(release('nine')).toMatchObject({ status: 2, stderr: expect.stringContaining('usage:') });
  });

  it('is tried without a change, then tagged, packed, and given its list of parts', () => {
    const before = git('rev-parse', 'HEAD');
    const tried = release('9.8.7', '--dry-run');
    expect(tried).toMatchObject({ status: 0, stdout: expect.stringContaining('v9.8.7 could be released') });
    expect([git('rev-parse', 'HEAD'), git('tag', '--list'), git('status', '--porcelain')]).toEqual([before, '', '']);

    const made = release('9.8.7');
    expect(made, made.stderr).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('git push origin main v9.8.7'),
    });
    expect(git('cat-file', '-t', 'v9.8.7')).toBe('tag');
    expect(git('show', '--stat', '--format=%s', 'v9.8.7^{commit}')).toMatch(
      /^chore\(release\): 9\.8\.7\n[\s\S]*package\.json/,
    );
    const out = join(clone, '.plumb/release-9.8.7');
    expect(existsSync(join(out, 'plumbline-9.8.7.tgz'))).toBe(true);
    const sbom = JSON.parse(readFileSync(join(out, 'plumbline-9.8.7.cdx.json'), 'utf8'));
    expect(sbom).toMatchObject({
      bomFormat: 'CycloneDX',
      metadata: { component: { name: 'plumbline', version: '9.8.7' } },
    });
    const names = (sbom.components as { name: string }[]).map(({ name }) => name);
    expect(names).toContain('ssh2');
    expect(names).not.toContain('vitest');
    expect(git('status', '--porcelain')).toBe('');
  });
});
