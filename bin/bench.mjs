// npm run bench: sets this machine up, then prints one line of JSON for each figure.
import { join } from 'node:path';
import { runInPlace } from './child.mjs';
import { root, setUp } from './setup.mjs';

process.stderr.write(setUp('start'));
const main = join(root, 'dist', 'bench', 'main.js');
process.exitCode = await runInPlace(process.execPath, [main, ...process.argv.slice(2)], { cwd: root });
