import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { shown, shownCommands } from '../drivers/outside/acme.ts';
import { folderOfAll } from '../folder.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

const folder = folderOfAll('package');
let installed: string;
let plumb: string;
/** package.json as it is kept, and as packing leaves it. */
let manifests: string[];
let packed: string;
/** What npm said while it installed. */
let said: string;
/** What the package holds after it was installed, with the time of its last change. */
let before: ReadonlyMap<string, number>;

const env = { ...process.env, NATS_URL: '' };
const npm = (...args: string[]) => run('npm', [...args, '--no-audit', '--no-fund'], { cwd: folder, env });

const contents = async (at: string): Promise<Map<string, number>> => {
  const entries = await readdir(at, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(files.map(async (path) => [relative(at, path), (await stat(path)).mtimeMs] as const)),
  );
};

const emptyFolder = async (name: string): Promise<string> => {
  const path = join(folder, name);
  await mkdir(path);
  return path;
};

beforeAll(async () => {
  // a copy: packing builds anew, and others use what is built here
  const checkout = await emptyFolder('checkout');
  const { stdout } = await run('git', ['ls-files', '-z', '-co', '--exclude-standard'], { cwd: root });
  for (const path of stdout.split('\0').filter(Boolean)) {
    await mkdir(dirname(join(checkout, path)), { recursive: true });
    await cp(join(root, path), join(checkout, path)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error; // removed, and not committed yet
    });
  }
  await run('cp', ['-a', join(root, 'node_modules'), join(checkout, 'node_modules')]);
  await run('npm', ['pack', '--pack-destination', folder], { cwd: checkout, env });
  packed = join(folder, (await readdir(folder)).find((name) => name.endsWith('.tgz')) ?? '');
  manifests = await Promise.all([root, checkout].map((at) => readFile(join(at, 'package.json'), 'utf8')));
  said = (await npm('install', '--global', packed, '--prefix', join(folder, 'prefix'), '--prefer-offline')).stderr;
  installed = join(folder, 'prefix/lib/node_modules/plumbline');
  plumb = join(folder, 'prefix/bin/plumb');
  before = await contents(installed);
}, 300_000);

describe('the package, installed into an empty prefix,', () => {
  it('holds what runs, with licence and notice, and neither tests nor sources', () => {
    const own = [...before.keys()].filter((path) => !path.startsWith('node_modules/'));
    for (const path of ['LICENSE', 'NOTICE', 'README.md', 'docs/cli.md', 'dist/cli/main.js', 'inventory.yml'])
      expect(own).toContain(path);
    expect(own.filter((path) => /(?:^|\/)tests?\/|\.test\.|\.map$|(?<!\.d)\.ts$|^bench\/|\/\.|^\./.test(path))).toEqual(
      [],
    );
    expect(own.length).toBeLessThan(3_000);
  });

  it('warns of nothing, and has the releases that the checkout is held at', async () => {
    // newer npms announce every install script: the README says what these two are for
    expect(said.split('\n').filter((line) => line && !line.startsWith('npm warn install-scripts'))).toEqual([]);
    const { overrides } = JSON.parse(manifests[0] ?? '');
    const pins = Object.entries(overrides).filter(([, pin]) => typeof pin === 'string');
    expect(pins).not.toEqual([]);
    for (const [name, pin] of pins) {
      const there = [...before.keys()].filter((path) => path.endsWith(`node_modules/${name}/package.json`));
      const versions = there.map(async (path) => JSON.parse(await readFile(join(installed, path), 'utf8')).version);
      expect({ name, versions: await Promise.all(versions) }).toEqual({ name, versions: [pin] });
    }
  });

  it('leaves package.json as it was', () => {
    expect(manifests[1]).toBe(manifests[0]);
  });

  it('tells what it can do', async () => {
    const { stdout } = await run(plumb, ['--help'], { cwd: await emptyFolder('help'), env });
    expect(stdout).toContain('Usage: plumb');
    expect((await run(plumb, ['--version'], { cwd: folder, env })).stdout).toBe('0.1.0\n');
  });

  it('makes a repository, simulates its devices, and finds nothing wrong with them', async () => {
    const at = await emptyFolder('init');
    await run(plumb, ['init'], { cwd: at, env });
    expect((await run(plumb, ['render', '--check'], { cwd: at, env })).stderr).toBe('0 devices differ, 1 unchanged\n');
    const sim = spawn(plumb, ['sim'], { cwd: at, env, stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      await once(sim.stdout, 'data');
      const { stdout } = await run(plumb, ['doctor', 'leaf1'], { cwd: at, env });
      expect(stdout).toMatch(/^ok +login +leaf1 /m);
    } finally {
      sim.kill();
      await once(sim, 'exit');
    }
  });

  it('serves the page with all of its files', async () => {
    const at = await emptyFolder('page');
    const up = spawn(plumb, ['up', '--lab', 'eos', '--api-port', '0', '--until-eof'], { cwd: at, env });
    const ended = once(up, 'exit');
    try {
      let said = '';
      up.stdout.resume();
      up.stderr.setEncoding('utf8').on('data', (text: string) => {
        said += text; // to its end: one whose stderr is closed ends
      });
      await expect.poll(() => said, { timeout: 100_000 }).toMatch(/^api .*\n/m);
      const [, url = ''] = /^api +(\S+)/m.exec(said) ?? [];
      const html = await (await fetch(url)).text();
      const files = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path = '']) => path);
      expect(files.map((path) => path.split('.').at(-1)).sort()).toEqual(['css', 'js', 'svg']);
      for (const path of files) expect((await fetch(new URL(path, url))).status).toBe(200);
    } finally {
      up.stdin.end();
      await ended;
    }
  });

  it.each([
    ['an empty folder', [], '.'],
    ['a folder of something else', ['notes.txt'], 'lab-eos'],
  ])('brings up its simulated switches in %s', async (_, held, where) => {
    const at = await emptyFolder(`up-${held.length}`);
    for (const name of held) await writeFile(join(at, name), '');
    const { stdout } = await run(plumb, ['up', '--lab', 'eos', '--once'], { cwd: at, env });
    for (const name of ['leaf1', 'leaf2', 'leaf3', 'spine1'])
      expect(stdout).toMatch(new RegExp(`^${name} +eos +in_sync`, 'm'));
    expect((await readdir(join(at, where))).sort()).toEqual(expect.arrayContaining(['intended', 'inventory.yml']));
  });

  it('gives authors of drivers types and a proof, by the files and commands that the page shows, as pasted', async () => {
    const at = await emptyFolder('author');
    await cp(packed, join(at, basename(packed)));
    for (const name of ['acme-os.ts', 'acme-proof.ts', 'acme-os.test.ts', 'tsconfig.json'])
      await writeFile(join(at, name), await shown(name));
    // what is wrong is seen by the compiler, so the types are there
    const wrong =
      "import type { Capabilities } from 'plumbline/driver';\n// @ts-expect-error\nexport const trial: Capabilities['trial'] = 'maybe';\n";
    await writeFile(join(at, 'wrong.ts'), wrong);
    const pasted = (await shownCommands()).join('');
    expect(pasted).toMatch(/^npm install [\s\S]*^npx tsc && node --test /m);
    const npmEnv = { ...env, npm_config_prefer_offline: 'true', npm_config_audit: 'false', npm_config_fund: 'false' };
    const ran = await run('sh', ['-ec', pasted], { cwd: at, env: npmEnv }).catch((error) => error);
    const { stdout } = ran as { stdout: string };
    expect(stdout).toMatch(/^# pass 13$|ℹ pass 13$/m);
    expect(stdout).toMatch(/^# fail 0$|ℹ fail 0$/m);
  }, 300_000); // it installs a compiler

  it('was not written to by any of it', async () => {
    expect(await contents(installed)).toEqual(before);
    expect(await readFile(join(installed, 'package.json'), 'utf8')).toContain('"version": "0.1.0"');
  });
});
