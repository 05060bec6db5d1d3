// npm test: sets this machine up, then runs every test that can run here. Arguments go to vitest.
import { join } from 'node:path';
import { runInPlace } from './child.mjs';
import { root, setUp } from './setup.mjs';

const left = setUp('test');
/** Why the tests on real routers cannot run; '' where they can. */
const noLab =
  process.platform !== 'linux'
    ? 'the lab needs Linux (network namespaces)'
    : process.getuid?.() !== 0
      ? 'the lab needs root (network namespaces)'
      : left && 'packages of the system are missing';
process.stderr.write(left);
if (noLab && process.env.CI === 'true') {
  process.stderr.write(`test: ${noLab}; CI=true allows no skipped test\n`);
  process.exit(1);
}
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const env = { ...process.env, ...(noLab ? { PLUMB_NO_LAB: noLab } : {}) };
process.exitCode = await runInPlace(process.execPath, [vitest, 'run', ...process.argv.slice(2)], { cwd: root, env });
if (noLab) process.stderr.write(`test: the tests on real routers were skipped: ${noLab}\n`);
