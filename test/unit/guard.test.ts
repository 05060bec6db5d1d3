import { execFile, execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';

// A repository of its own that has something beside it, wherever this one was cloned to.
const folder = mkdtempSync(join(tmpdir(), 'plumb-guard-'));
const repository = join(folder, 'home', 'repository');
mkdirSync(join(repository, 'temporary'), { recursive: true });
mkdirSync(join(folder, 'home', 'beside'));
mkdirSync(join(folder, 'home', '.cache'));
for (const file of ['home/beside/file', 'home/.cache/file', 'home/repository/file', 'file'])
  writeFileSync(join(folder, file), 'text');
cpSync(fileURLToPath(new URL('../guard', import.meta.url)), join(repository, 'test', 'guard'), { recursive: true });
afterAll(() => rmSync(folder, { recursive: true }));

/** What a guarded Node in that repository prints. */
const guarded = async (code: string, env: NodeJS.ProcessEnv = {}): Promise<string> => {
  const guard = pathToFileURL(join(repository, 'test', 'guard', 'guard.mjs')).href;
  const script = `
    import fs from 'node:fs'; import { readFileSync, readdirSync, existsSync } from 'node:fs';
    import { readFile, opendir } from 'node:fs/promises';
    import { spawnSync, spawn, exec, execFile, execSync } from 'node:child_process'; import { promisify } from 'node:util';
    try { ${code} } catch (error) { console.log(error.message) }`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', `--import=${guard}`, '--eval', script],
    {
      cwd: repository,
      env: { ...process.env, NODE_OPTIONS: '', TMPDIR: join(repository, 'temporary'), HOME: '/nonexistent', ...env },
    },
  );
  return stdout;
};
const refused = (path: string) =>
  `a test reads ${join(folder, 'home', path)}, outside of the repository ${repository}\n  → give it an input of its own, or move it to test/captured/ or test/long/\n`;

describe('a guarded process', () => {
  it.each([
    "readFileSync('../beside/file')",
    "readFileSync(new URL('../beside/file', 'file://' + process.cwd() + '/'))",
    "readFileSync(Buffer.from(process.cwd() + '/../beside/file'))",
    "await readFile('../beside/file')",
    "await fs.promises.readFile('../beside/file')",
    "await promisify(fs.readFile)('../beside/file')",
    "fs.readFile('../beside/file', () => {})",
    "fs.createReadStream('../beside/file')",
    "fs.openSync('../beside/file')",
    "existsSync('../beside/file')",
    "fs.copyFileSync('../beside/file', 'copy')",
    "execSync('cat ../beside/file')",
    "spawnSync('cat', ['../beside/file'])",
    "spawn('cat', ['../beside/file'])",
    "await promisify(exec)('cat < ../beside/file')",
    "await promisify(execFile)('cat', ['--', '../beside/file'])",
  ])('may not read what lies beside the repository: %s', async (code) => {
    expect(await guarded(code)).toBe(refused('beside/file'));
  });

  it.each([
    ["readdirSync('../beside')", 'beside'],
    ["await opendir('../beside')", 'beside'],
    ["spawnSync('cat', ['file'], { cwd: '../beside' })", 'beside'],
    ["readFileSync('../not-there/file')", 'not-there/file'],
    ["readFileSync('../repository-2/file')", 'repository-2/file'],
    ["readFileSync('../.cache/file')", '.cache/file'],
  ])('may not look there either: %s', async (code, path) => {
    expect(await guarded(code)).toBe(refused(path));
  });

  it('hands its guard down to the Node that it starts', async () => {
    const code = "console.log(spawnSync(process.execPath, ['script.mjs'], { encoding: 'utf8' }).stderr)";
    const script = "import { readFileSync } from 'node:fs'; readFileSync(['..', 'beside', 'file'].join('/'));";
    writeFileSync(join(repository, 'script.mjs'), script);
    expect(await guarded(code)).toContain(refused('beside/file'));
  });

  it('may read its repository, the system, its temporary folder, and the caches of its user', async () => {
    const read = (path: string, env?: NodeJS.ProcessEnv) =>
      guarded(`readFileSync('${path}'); console.log('read')`, env);
    expect(await read('file')).toBe('read\n');
    expect(await read('/etc/passwd')).toBe('read\n');
    expect(await read('../../file')).toBe('read\n');
    expect(await guarded("console.log(existsSync('../package.json'))")).toBe('false\n'); // tools look upwards
    expect(await read('../beside/file', { TMPDIR: join(folder, 'home', 'beside') })).toBe('read\n');
    expect(await read('../.cache/file', { HOME: join(folder, 'home') })).toBe('read\n');
  });

  it('may read what came during the run where the repository lies in the temporary folder of the system', async () => {
    const env = { PLUMB_BESIDE: 'beside/other' };
    expect(await guarded("readFileSync('../beside/file')", env)).toBe(refused('beside/file'));
    expect(await guarded("readFileSync('../.cache/file'); console.log('read')", env)).toBe('read\n');
  });
});

describe('this test', () => {
  const parent = dirname(fileURLToPath(new URL('../..', import.meta.url)));
  it('is guarded itself, and so is what it starts', async () => {
    const path = join(parent, process.env.PLUMB_BESIDE?.split('/')[0] ?? 'x', 'file');
    expect(() => readFileSync(path)).toThrow(/^a test reads .*, outside of the repository/);
    expect(() => existsSync(path)).toThrow('outside of the repository');
    await expect(readFile(path)).rejects.toThrow('outside of the repository');
    expect(() => execFileSync('cat', [path])).toThrow('outside of the repository');
    expect(() => spawn('cat', [path])).toThrow('outside of the repository');
    expect(process.env.NODE_OPTIONS).toContain('guard.mjs');
  });
});
