// Loaded before a test file (node --import), and into every Node that the tests start: what lies beside the repository cannot
// be read. So a clone with nothing beside it has all that npm test needs.
import children from 'node:child_process';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { refusal } from './outside.mjs';

const flag = `--import=${import.meta.url}`;
const inherited = process.env.NODE_OPTIONS ?? '';
if (!inherited.includes(flag)) process.env.NODE_OPTIONS = `${inherited} ${flag}`.trim();

/** @param path as Node's functions take it; a number is a file that is open already */
const refuse = (path, from) => {
  const isUrl = path instanceof URL && path.protocol === 'file:';
  if (!isUrl && typeof path !== 'string' && !Buffer.isBuffer(path)) return;
  const why = refusal(isUrl ? fileURLToPath(path) : String(path), from);
  if (why) throw Object.assign(new Error(why), { code: 'EACCES' });
};

/** @param check throws where the arguments name something outside */
const guard = (owner, name, check) => {
  const original = owner[name];
  if (typeof original !== 'function') return;
  const before = (work) =>
    function (...args) {
      check(...args);
      return work.apply(this, args);
    };
  const own = Object.getOwnPropertyDescriptors(original); // its form for promisify, and `native` of realpath
  const { [promisify.custom]: promised } = own;
  if (promised) promised.value = before(promised.value);
  owner[name] = Object.defineProperties(before(original), own);
};
const guardPromised = (owner, name, check) => {
  const original = owner[name];
  if (typeof original !== 'function') return;
  owner[name] = async (...args) => {
    check(...args);
    return original.apply(owner, args);
  };
};

const readers =
  'access copyFile cp createReadStream exists lstat open openAsBlob opendir readFile readdir readlink realpath stat statfs watch watchFile';
for (const name of readers.split(' ')) {
  guard(fs, name, (path) => refuse(path));
  guard(fs, `${name}Sync`, (path) => refuse(path));
  if (name !== 'watch') guardPromised(fs.promises, name, (path) => refuse(path));
}

/** Whatever looks like a path in a command. */
const pathsIn = (text) =>
  String(text)
    .split(/[\s'"`=:;,<>|&()]+/)
    .filter((word) => word.startsWith('/') || /(?:^|\/)\.\.(?:\/|$)/.test(word));
const refuseCommand = ({ file = '', args, cwd }) => {
  const from = cwd ?? process.cwd();
  refuse(from);
  for (const path of [file, ...(args ?? [])].flatMap(pathsIn)) refuse(path, from);
};
// spawn, exec, execFile and fork all end here
guard(children.ChildProcess.prototype, 'spawn', refuseCommand);
for (const name of ['spawnSync', 'execSync', 'execFileSync'])
  guard(children, name, (file, ...rest) => {
    const options = rest.find((each) => typeof each === 'object' && each !== null && !Array.isArray(each));
    refuseCommand({ file, args: Array.isArray(rest[0]) ? rest[0] : [], cwd: options?.cwd });
  });

syncBuiltinESMExports();
