import { spawnSync } from 'node:child_process';
import { appendFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { loadConfig } from '../../../../core/config/config.ts';
import { claimPort } from '../../../../lab/port.ts';
import { folderOfTest } from '../../../folder.ts';
import { plumb } from '../terminal.ts';

const main = fileURLToPath(new URL('../../../../dist/cli/main.js', import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await folderOfTest('init');
});

const git = (cwd: string, ...args: string[]) => {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', PATH: `${folder}/bin:${process.env.PATH}` };
  const ann = ['-c', 'user.name=ann', '-c', 'user.email=ann@example.net'];
  return spawnSync('git', [...ann, ...args], { cwd, env, encoding: 'utf8' });
};

describe('plumb init', () => {
  it('makes a repository that doctor finds nothing wrong with once `plumb sim` runs', async () => {
    await plumb(folder, ['init']);
    const path = join(folder, 'inventory.yml');
    const text = await readFile(path, 'utf8');
    await using claim = await claimPort(); // others test on this machine
    await writeFile(path, text.replace('port: 2201', `port: ${claim.port}`));
    for (const start of ['first', 'second']) {
      const stop = new AbortController();
      const sim = plumb(folder, ['sim'], { signal: stop.signal });
      await vi.waitFor(async () => {
        const { code, out } = await plumb(folder, ['doctor', 'leaf1', '-o', 'json']);
        const wrong = (JSON.parse(out) as { items: { check: string; result: string }[] }).items.filter(
          ({ result }) => result !== 'ok',
        );
        expect({ start, code, wrong }).toMatchObject({ code: 0, wrong: [{ check: 'nats', result: 'warn' }] });
      }, 60_000);
      stop.abort();
      expect((await sim).out).toMatch(/^leaf1 {2}eos, ssh on 127\.0\.0\.1:\d+\n$/);
    }
  });

  it('has CI of GitHub and GitLab compare templates with what is intended', async () => {
    await plumb(folder, ['init']);
    for (const path of ['.github/workflows/network.yml', '.gitlab-ci.yml']) {
      const ci = JSON.stringify(parse(await readFile(join(folder, path), 'utf8')));
      expect(ci).toContain('plumb render --check');
      expect(ci).toContain('plumb validate checks.yml');
    }
    expect(await readFile(join(folder, '.gitignore'), 'utf8')).toContain('.plumb/\n');
  });

  it('has CI install the package that PLUMBLINE names, nothing where it names none, and no secret beside it', async () => {
    await plumb(folder, ['init']);
    await mkdir(join(folder, 'bin'));
    await writeFile(join(folder, 'bin', 'npm'), '#!/bin/sh\necho "npm $*"\n', { mode: 0o755 });
    const read = async (path: string) => parse(await readFile(join(folder, path), 'utf8'));
    const { env, jobs } = await read('.github/workflows/network.yml');
    const steps = Object.values(
      jobs as Record<string, { env?: object; steps: { run?: string; env?: object }[] }>,
    ).flatMap((job) => job.steps.map((step) => ({ ...step, env: { ...env, ...job.env, ...step.env } })));
    const github = steps.filter(({ run }) => run?.includes('npm'));
    expect(github.map((step) => step.env)).toEqual(Array(2).fill({ PLUMBLINE: `\${{ vars.PLUMBLINE }}` }));
    const gitlab = await read('.gitlab-ci.yml');
    expect(gitlab.variables).toBeUndefined();
    for (const line of [...github.map(({ run }) => run ?? ''), ...gitlab.default.before_script]) {
      const sh = (PLUMBLINE: string) =>
        spawnSync('sh', ['-ec', line], {
          env: { PATH: `${folder}/bin:${process.env.PATH}`, PLUMBLINE },
          encoding: 'utf8',
        });
      expect(sh('./plumbline-0.1.0.tgz').stdout).toBe('npm install --global ./plumbline-0.1.0.tgz\n');
      const none = sh('');
      expect(none).toMatchObject({
        stdout: '',
        stderr: expect.stringContaining('PLUMBLINE: set this variable to a file or URL'),
      });
      expect(none.status).not.toBe(0);
    }
  });

  it('writes the network of a lab where it is asked for', async () => {
    expect((await plumb(folder, ['init', '--example', 'eos'])).code).toBe(0);
    expect((await readdir(join(folder, 'intended/configs'))).sort()).toEqual(
      ['leaf1.cfg', 'leaf2.cfg', 'leaf3.cfg', 'spine1.cfg'], //
    );
    expect((await plumb(folder, ['init', '--example', 'frr', 'frr'])).code).toBe(0);
    expect((await plumb(join(folder, 'frr'), ['render', '--check'])).code).toBe(0);
  });

  it('installs a pre-commit hook on request, which refuses what the templates do not give', async () => {
    const { code, err } = await plumb(folder, ['init', '--hook', 'mine']);
    expect({ code, err }).toMatchObject({ code: 0, err: expect.stringContaining('wrote .git/hooks/pre-commit\n') });
    const mine = join(folder, 'mine');
    await mkdir(join(folder, 'bin'));
    await writeFile(join(folder, 'bin', 'plumb'), `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`, {
      mode: 0o755,
    });
    git(mine, 'add', '.');
    expect(git(mine, 'commit', '-qm', 'the network').status).toBe(0);
    await appendFile(join(mine, 'intended/configs/leaf1.cfg'), '! by hand\n');
    expect(git(mine, 'commit', '-qam', 'by hand')).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(
        /1 device differs[\s\S]*→ `plumb render` writes[\s\S]*→ .*git commit --no-verify\n/,
      ),
    });
    expect(git(mine, 'commit', '-qam', 'by hand', '--no-verify').status).toBe(0);
    const again = await plumb(mine, ['init', '--hook']);
    expect(again.err).toContain('left as it is: .git/hooks/pre-commit');
  });

  it.each([
    ['a bare repository', '.'],
    ['a folder of one', 'refs/network'],
  ])("writes nothing into git's own folder: %s", async (_, to) => {
    git(folder, 'init', '-q', '--bare', 'network.git');
    const bare = join(folder, 'network.git');
    const before = await readdir(bare, { recursive: true });
    for (const args of [
      ['init', to],
      ['init', '--example', 'eos', to],
    ]) {
      const { code, err } = await plumb(bare, args);
      expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining(`git clone ${bare} FOLDER`) });
    }
    expect(await readdir(bare, { recursive: true })).toEqual(before);
  });

  it('writes a repository whose inventory is right, and whose templates and intended configurations are in step', async () => {
    const { code, err } = await plumb(folder, ['init', 'mine']);
    expect(code).toBe(0);
    expect(err).toContain('wrote inventory.yml\n');
    const mine = join(folder, 'mine');
    expect(await plumb(mine, ['render', '--check'])).toMatchObject({
      code: 0,
      err: '0 devices differ, 1 unchanged\n',
    });
    expect(await loadConfig({}, {}, mine)).toMatchObject({ folder: mine, api: { port: 9000 } });
  });

  it('says how to begin in an order that works: adopt asks the runner of up', async () => {
    await plumb(folder, ['init']);
    const readme = await readFile(join(folder, 'README.md'), 'utf8');
    const verbs = [...readme.matchAll(/^ {4}plumb (\w+)/gm)].map(([, verb]) => verb);
    expect(verbs).toEqual(['sim', 'doctor', 'up', 'doctor', 'trust', 'up', 'adopt', 'render']);
  });

  it('has comments in plumbline.yml that are right once they are none', async () => {
    await plumb(folder, ['init']);
    const path = join(folder, 'plumbline.yml');
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace(/^# (?=\s*[a-z]+:)/gm, ''));
    expect(await loadConfig({}, {}, folder)).toMatchObject({
      nats: { creds: join(folder, '.plumb/plumb.creds') },
      source: { kind: 'git', branch: 'main' },
    });
  });

  it('overwrites nothing', async () => {
    await writeFile(join(folder, 'inventory.yml'), 'mine\n');
    const { code, err } = await plumb(folder, ['init']);
    expect(code).toBe(0);
    expect(err).toContain('left as it is: inventory.yml\n');
    expect(await readFile(join(folder, 'inventory.yml'), 'utf8')).toBe('mine\n');
    const again = await plumb(folder, ['init']);
    expect(again.err).not.toContain('wrote');
    expect((await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('says so where it may not write', async () => {
    await writeFile(join(folder, 'file'), '');
    const { code, err } = await plumb(folder, ['init', 'file']);
    expect(code).toBe(1);
    expect(err).toContain('inventory.yml: cannot be written: ');
  });
});
