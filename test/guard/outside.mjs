// What lies beside the repository, and therefore is no input of a test. Plain JavaScript: Node's --import takes it as it is.
import { existsSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const there = existsSync; // as it is before it is guarded itself
const root = fileURLToPath(new URL('../..', import.meta.url)).slice(0, -1);
const parent = dirname(root);
const isIn = (folder, path) => path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);

/** Folders of the system, of the user and of Node, wherever the repository was cloned to. */
const ofOthers = [
  ...['bin', 'dev', 'etc', 'lib', 'lib64', 'opt', 'proc', 'run', 'sbin', 'sys', 'tmp', 'usr', 'var'].map(
    (name) => sep + name,
  ),
  ...(process.env.PATH ?? '').split(delimiter),
  dirname(dirname(process.execPath)),
  ...(homedir() === parent ? [] : [homedir()]),
].filter((folder) => folder !== '' && !isIn(folder, root));

/** The temporary folder of this run may lie beside the repository, where that was cloned to the system's one. */
const isTemporary = (path) => {
  if (isIn(tmpdir(), path)) return true;
  const before = process.env.PLUMB_BESIDE?.split(sep); // what lay there when the run began
  return before !== undefined && !before.some((name) => isIn(join(parent, name), path));
};

/**
 * @param path absolute, or relative to `from`
 * @returns why it may not be read, '' where it may
 */
export const refusal = (path, from = process.cwd()) => {
  const whole = resolve(from, path);
  if (whole === parent || !isIn(parent, whole) || isIn(root, whole) || isTemporary(whole)) return '';
  if (ofOthers.some((folder) => isIn(folder, whole))) return '';
  if (dirname(whole) === parent && !there(whole)) return ''; // tools look upwards for a workspace or a repository
  if (homedir() === parent && whole.startsWith(join(parent, '.x').slice(0, -1))) return ''; // caches and settings
  return `a test reads ${whole}, outside of the repository ${root}\n  → give it an input of its own, or move it to test/captured/ or test/long/`;
};
