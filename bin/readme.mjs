// npm run readme: puts the table of platforms, as the drivers declare it, into the README.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, setUp } from './setup.mjs';

setUp(undefined);
const args = [join(root, 'dist', 'cli', 'main.js'), 'platforms', '--markdown'];
const done = spawnSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
if (done.status !== 0) process.exit(1);
const path = join(root, 'README.md');
const [begin, end] = ['<!-- npx plumb platforms --markdown -->', '<!-- end -->'];
const text = readFileSync(path, 'utf8');
const before = text.slice(0, text.indexOf(begin) + begin.length);
writeFileSync(path, `${before}\n\n${done.stdout}\n${text.slice(text.indexOf(end))}`);
