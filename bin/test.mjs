// npm test, and with --captured or --long the other suites: sets this machine up, then runs every test that can run here.
// Other arguments go to vitest.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runInPlace } from './child.mjs';
import { root, setUp } from './setup.mjs';

const suites = { '--captured': ['captured'], '--long': ['long'] };
const [first = '', ...rest] = process.argv.slice(2);
const projects = suites[first] ?? ['unit', 'integration'];
const args = suites[first] ? rest : process.argv.slice(2);

const captured = resolve(root, process.env.PLUMB_CAPTURED || '../shared/fixtures');
if (first === '--captured' && !existsSync(captured)) {
  const cases = readFileSync(join(root, 'test/captured/cases'), 'utf8').trim();
  console.log(
    `test:captured: ${cases} cases are left out: there is no ${captured} (PLUMB_CAPTURED names another folder)`,
  );
  process.exit(0);
}
const left = setUp('test');
/** Why the tests on real routers cannot run; '' where they can. */
const noLab =
  process.platform !== 'linux'
    ? 'the lab needs Linux (network namespaces)'
    : process.getuid?.() !== 0
      ? 'the lab needs root (network namespaces)'
      : left && 'packages of the system are missing';
process.stderr.write(left);
const onRouters = projects.includes('integration') || projects.includes('long');
if (onRouters && noLab && process.env.CI === 'true') {
  process.stderr.write(`test: ${noLab}; CI=true allows no skipped test\n`);
  process.exit(1);
}
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const env = { ...process.env, PLUMB_CAPTURED: captured, ...(noLab ? { PLUMB_NO_LAB: noLab } : {}) };
const chosen = args.some((arg) => arg.startsWith('--project')) ? [] : projects.map((name) => `--project=${name}`);
process.exitCode = await runInPlace(process.execPath, [vitest, 'run', ...chosen, ...args], { cwd: root, env });
if (onRouters && noLab) process.stderr.write(`test: the tests on real routers were skipped: ${noLab}\n`);
