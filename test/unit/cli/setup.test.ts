import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const system = new URL('../../../bin/system.mjs', import.meta.url).href;
const start = fileURLToPath(new URL('../../../bin/start.mjs', import.meta.url));

/** What a plain user without sudo is told about a package that is missing. */
const told = () => {
  const script = `import(${JSON.stringify(system)}).then(({ installSystemPackages }) =>
    process.stdout.write(installSystemPackages([{ name: 'frr', why: 'the routers' }], { say() {} })))`;
  const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const env = { ...process.env, PATH: '/nonexistent' };
  return spawnSync(process.execPath, ['-e', script], { encoding: 'utf8', env, ...nobody });
};

describe('the set-up', () => {
  it('tells a plain user what is missing, what for, and what to run', () => {
    const { stdout } = told();
    expect(stdout).toContain('  frr               the routers\n');
    expect(stdout).toMatch(/run this, then try again:\n {2}(?:sudo apt-get|sudo dnf|install with)/);
  });

  it('tells a plain user who insists on real routers that they need root', () => {
    const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    const env = { ...process.env, PATH: '/nonexistent' };
    const { status, stderr } = spawnSync(process.execPath, [start, '--lab', 'frr'], {
      encoding: 'utf8',
      env,
      ...nobody,
    });
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: 'no real routers: they need root\n  → `npm start -- --lab eos` brings up simulated switches\n',
    });
  });
});
