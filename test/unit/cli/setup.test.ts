import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

// A plain user may not look into the repository where root cloned it to its home.
const folder = mkdtempSync(join(tmpdir(), 'plumb-setup-'));
afterAll(() => rmSync(folder, { recursive: true }));
chmodSync(folder, 0o755);
cpSync(fileURLToPath(new URL('../../../bin', import.meta.url)), join(folder, 'bin'), { recursive: true });

/** What Node says to a plain user, who finds no program. */
const asNobody = (...args: string[]) =>
  spawnSync(process.execPath, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, PATH: '/nonexistent', NODE_OPTIONS: '' },
    ...(process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}),
  });

describe('the set-up', () => {
  it('tells a plain user what is missing, what for, and what to run', () => {
    const system = pathToFileURL(join(folder, 'bin', 'system.mjs')).href;
    const { stdout } = asNobody(
      '-e',
      `import(${JSON.stringify(system)}).then(({ installSystemPackages }) =>
        process.stdout.write(installSystemPackages([{ name: 'frr', why: 'the routers' }], { say() {} })))`,
    );
    expect(stdout).toContain('  frr               the routers\n');
    expect(stdout).toMatch(/run this, then try again:\n {2}(?:sudo apt-get|sudo dnf|install with)/);
  });

  it.skipIf(process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')).each([
    ['says nothing of what apt says where it succeeds', 0],
    ['names the file that has what apt said where it fails', 100],
  ])('%s', (_, status) => {
    const programs = mkdtempSync(join(folder, 'programs-'));
    const said =
      "echo 'Created symlink'; echo 'invoke-rc.d: could not determine current runlevel' >&2; echo 'E: no disk' >&2";
    for (const [name, script] of Object.entries({ 'apt-get': `${said}; exit ${status}`, sh: '', rm: '' }))
      writeFileSync(join(programs, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    const system = new URL('../../../bin/system.mjs', import.meta.url).href;
    const code = `import(${JSON.stringify(system)}).then(({ installSystemPackages }) =>
      process.stdout.write(installSystemPackages([{ name: 'frr', why: '' }], { say() {} })))`;
    const env = { ...process.env, NODE_OPTIONS: '', TMPDIR: programs, PATH: programs };
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', code], { encoding: 'utf8', env });
    expect(stderr).toBe('');
    const logs = readdirSync(programs).filter((name) => name.startsWith('plumbline-apt-'));
    if (status === 0) return expect({ stdout, logs }).toEqual({ stdout: '', logs: [] });
    const [, path = ''] = /→ (\S+) has its complete output; then run:\n/.exec(stdout) ?? [];
    expect(stdout).toContain('could not install frr: no disk\n');
    expect(readFileSync(path, 'utf8')).toContain('Created symlink\ninvoke-rc.d: could not');
  });

  it('tells a plain user who insists on real routers that they need root', () => {
    const { status, stderr } = asNobody(join(folder, 'bin', 'start.mjs'), '--lab', 'frr');
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: 'no real routers: they need root\n  → `npm start -- --lab eos` brings up simulated switches\n',
    });
  });
});
