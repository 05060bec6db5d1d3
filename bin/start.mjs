// npm start: sets this machine up, then brings up the lab and everything that keeps it true to intended/.
import { join } from 'node:path';
import { runInPlace } from './child.mjs';
import { root, setUp } from './setup.mjs';

const asked = process.argv.slice(2);
const left = setUp('start');
if (left) {
  process.stderr.write(left);
  process.exit(2);
}
const lab = asked.some((word) => word === '--lab' || word.startsWith('--lab=')) ? [] : ['--lab', 'frr'];
const command = [process.execPath, join(root, 'dist', 'cli', 'main.js'), 'up', ...lab, ...asked];
// network namespaces need root
const [program, ...args] = process.getuid?.() === 0 ? command : ['sudo', '-n', '--preserve-env', ...command];
process.exitCode = await runInPlace(program, args, { cwd: root });
