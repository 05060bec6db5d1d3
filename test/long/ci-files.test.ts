import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { github, gitlab } from '../../cli/init/ci.ts';
import { folderOfAll } from '../folder.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const venv = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'plumbline', 'check-jsonschema');
const checker = join(venv, 'bin', 'check-jsonschema');

/** The forges' own schemas, which check-jsonschema brings along. */
const asGithub = ['--builtin-schema', 'vendor.github-workflows'];
const asGitlab = ['--builtin-schema', 'vendor.gitlab-ci', '--data-transform', 'gitlab-ci'];

let skipped: string | undefined;
const folder = folderOfAll('ci-files');

beforeAll(async () => {
  if (existsSync(checker)) return;
  try {
    await mkdir(venv, { recursive: true });
    await run('python3', ['-m', 'venv', venv]);
    await run(join(venv, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', 'check-jsonschema==0.39.0']);
  } catch (error) {
    skipped = `check-jsonschema cannot be installed: ${String((error as { stderr?: string }).stderr || error).slice(-300)}`;
  }
}, 180_000);

/** @returns what the schema does not allow; '' where all is well */
const complaints = (schema: readonly string[], file: string): Promise<string> =>
  run(checker, [...schema, file], { cwd: root }).then(
    () => '',
    ({ stdout, stderr }: { stdout: string; stderr: string }) => stdout + stderr,
  );

const ours: [string, readonly string[]][] = [
  ['.github/workflows/ci.yml', asGithub],
  ['.github/ISSUE_TEMPLATE/config.yml', ['--builtin-schema', 'vendor.github-issue-config']],
  ['.github/ISSUE_TEMPLATE/fault.yml', ['--builtin-schema', 'vendor.github-issue-forms']],
  ['.github/ISSUE_TEMPLATE/platform.yml', ['--builtin-schema', 'vendor.github-issue-forms']],
  ['.gitlab-ci.yml', asGitlab],
];

const examples: [string, readonly string[]][] = [
  ['examples/ci/github.yml', asGithub],
  ['examples/ci/gitlab.yml', asGitlab],
];

describe('what a forge reads', () => {
  it('is all listed here', async () => {
    const there = await readdir(join(root, '.github'), { recursive: true });
    const files = there.filter((name) => name.endsWith('.yml')).map((name) => `.github/${name}`);
    expect([...files, '.gitlab-ci.yml'].sort()).toEqual(ours.map(([path]) => path).sort());
  });

  it.for([...ours, ...examples])('%s is in the form that the forge asks for', async ([path, schema], { skip }) => {
    if (skipped) skip(skipped);
    expect(await complaints(schema, path)).toBe('');
  });

  it.for([
    ['GitHub', 'network.yml', github, asGithub, /^( *)- run:/m, '$1- runs:'],
    ['GitLab', '.gitlab-ci.yml', gitlab, asGitlab, /^( *)script:/m, '$1scripts:'],
  ] as const)(
    'as `plumb init` writes it for %s is, too, and a wrong key is found',
    async ([, name, text, schema, key, wrong], { skip }) => {
      if (skipped) skip(skipped);
      await writeFile(join(folder, name), text);
      expect(await complaints(schema, join(folder, name))).toBe('');
      await writeFile(join(folder, name), text.replace(key, wrong));
      expect(await complaints(schema, join(folder, name))).not.toBe('');
    },
  );
});
