// tsc and vite, but only when a source has changed since the last build.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const sources = ['engines', 'core', 'watcher', 'runners', 'api', 'cli', 'lab', 'bench', 'web'];

/** Of the name, size and time of every source: changes when one of them does. */
const fingerprint = (root) => {
  const hash = createHash('sha256').update(process.versions.node);
  const add = (path) => {
    const { size, mtimeMs } = statSync(path);
    hash.update(`${path} ${size} ${mtimeMs}\n`);
  };
  const walk = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (entry.name !== 'dist') walk(path);
      } else if (/\.(tsx?|json|css|html|svg)$/.test(entry.name)) add(path);
    }
  };
  for (const name of sources) if (existsSync(join(root, name))) walk(join(root, name));
  for (const name of ['package-lock.json', 'tsconfig.json', 'tsconfig.build.json']) add(join(root, name));
  return hash.digest('hex');
};

/**
 * @param dry only looks
 * @returns whether dist/ is up to date
 */
export const build = ({ root, say, dry = false }) => {
  const stamp = join(root, 'dist', '.stamp');
  if (!existsSync(join(root, 'core'))) return true; // installed without its sources
  const wanted = fingerprint(root);
  if (existsSync(stamp) && existsSync(join(root, 'web', 'dist')) && readFileSync(stamp, 'utf8') === wanted) return true;
  if (dry) return false;
  const run = (name, ...args) => {
    const program = join(root, 'node_modules', ...args.shift());
    if (spawnSync(process.execPath, [program, ...args], { cwd: root, stdio: ['ignore', 2, 2] }).status === 0) return;
    process.stderr.write(`set-up: the sources do not compile\n  → fix what ${name} names above\n`);
    process.exit(2);
  };
  say('building (tsc, then vite for the page)');
  run('tsc', ['typescript', 'bin', 'tsc'], '-p', 'tsconfig.build.json');
  run('vite', ['vite', 'bin', 'vite.js'], 'build', 'web', '--logLevel', 'warn');
  writeFileSync(stamp, wanted);
  return true;
};
