// Runs before anything is installed: plain JavaScript, node: imports only, and no syntax newer than Node 16.
import './node-version.mjs';
import { spawnSync } from 'node:child_process';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { installSystemPackages } from './system.mjs';

export const root = fileURLToPath(new URL('..', import.meta.url));
const say = (text) => process.stderr.write(`set-up: ${text}\n`);

/** Looks where a root shell would, even where PATH is that of a plain user. */
export const findProgram = (name) =>
  [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin', '/usr/local/sbin']
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });

/** What the system must have, what for, and who asks: `start` (real routers), `sim` (simulated ones) or `test`. */
const systemPackages = [
  {
    name: 'nats-server',
    why: 'the message bus',
    for: ['start', 'sim', 'test'],
    here: () => findProgram('nats-server'),
  },
  { name: 'frr', why: 'the routers of the lab', for: ['start', 'test'], here: () => existsSync('/usr/lib/frr/bgpd') },
  {
    name: 'frr-pythontools',
    why: 'loads a configuration into a running FRR',
    for: ['start', 'test'],
    here: () => existsSync('/usr/lib/frr/frr-reload.py'),
  },
  {
    name: 'openssh-server',
    why: 'how the routers are reached',
    for: ['start', 'test'],
    here: () => findProgram('sshd'),
  },
  { name: 'iproute2', why: 'network namespaces', for: ['start', 'test'], here: () => findProgram('ip') },
  { name: 'git', why: 'the source of truth', for: ['start', 'test'], here: () => findProgram('git') },
  {
    name: 'python3-jinja2',
    why: 'the tests compare our rendering with it',
    for: ['test'],
    here: () =>
      existsSync('/usr/lib/python3/dist-packages/jinja2') ||
      spawnSync('python3', ['-c', 'import jinja2'], { stdio: 'ignore' }).status === 0,
  },
  { name: 'procps', why: 'the tests look for processes left behind', for: ['test'], here: () => findProgram('pgrep') },
];

/** More real devices for the tests; where one cannot be had, its tests are skipped (with CI=true they fail). */
const testedDevices = [
  { name: 'bird2', why: 'a real BIRD', for: ['test'], here: () => findProgram('bird') },
  { name: 'netconfd', why: 'a real NETCONF server', for: ['test'], here: () => findProgram('netconfd') },
  ...['zsh', 'fish', 'tcsh', 'busybox'].map((name) => ({
    name,
    why: 'a login shell of another kind',
    for: ['test'],
    here: () => findProgram(name),
  })),
  { name: 'chromium', why: 'a browser for the page', for: ['test'], here: () => findProgram('chromium') },
  { name: 'man-db', why: 'formats the manual pages', for: ['test'], here: () => findProgram('man') },
  { name: 'inetutils-telnetd', why: 'a real telnet server', for: ['test'], here: () => findProgram('telnetd') },
];

/** True where node_modules holds what package-lock.json asks for. */
const nodePackagesAreHere = () => {
  try {
    const read = (path) => JSON.parse(readFileSync(join(root, path), 'utf8')).packages;
    const wanted = read('package-lock.json');
    const found = read('node_modules/.package-lock.json');
    return Object.keys(wanted).every(
      (path) => path === '' || wanted[path].optional || found[path]?.integrity === wanted[path].integrity,
    );
  } catch {
    return false;
  }
};

const installNodePackages = () => {
  if (nodePackagesAreHere()) return;
  say('installing the packages of package-lock.json into node_modules (npm ci)');
  const npm = process.env.npm_execpath;
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const options = { cwd: root, stdio: ['ignore', 2, 2] };
  const done = npm ? spawnSync(process.execPath, [npm, ...args], options) : spawnSync('npm', args, options);
  if (done.status === 0) return;
  process.stderr.write(
    'set-up: npm ci failed\n  → see its message above; a proxy is set with `npm config set proxy`\n',
  );
  process.exit(2);
};

/** One set-up at a time in this folder: a second one waits until the first has finished or died. */
const locked = (work) => {
  const folder = join(root, '.plumb');
  const lock = join(folder, 'setup.lock');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
  } catch (error) {
    process.stderr.write(`set-up: cannot write in ${folder}: ${error.message}\n  → run this as the owner of ${root}\n`);
    process.exit(2);
  }
  for (let told = false; ; told = true) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    let owner = 0;
    try {
      owner = Number(readFileSync(lock, 'utf8'));
      if (owner > 0) process.kill(owner, 0);
      if (!told) say(`another set-up is running (process ${owner}), waiting`);
    } catch (error) {
      if (error.code === 'ESRCH') rmSync(lock, { force: true });
    }
    if (!owner && existsSync(lock) && Date.now() - statSync(lock).mtimeMs > 10_000) rmSync(lock, { force: true });
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
  try {
    return work();
  } finally {
    rmSync(lock, { force: true });
    try {
      rmdirSync(folder); // only where nothing else is in it
    } catch {}
  }
};

/**
 * Makes this folder ready: node_modules, the system's packages, dist/. Quick where all is done.
 *
 * @param purpose `start`, `sim` or `test`; undefined: the command line alone, which needs nothing of the system
 * @returns what is missing and could not be installed, with what to run; '' where nothing is
 */
export const setUp = (purpose) => {
  const absent = (packages) => packages.filter((each) => each.for.includes(purpose) && !each.here());
  const missing = absent(systemPackages);
  const devices = absent(testedDevices);
  const options = { root, say };
  if (missing.length + devices.length === 0 && nodePackagesAreHere() && build({ ...options, dry: true })) return '';
  return locked(() => {
    installNodePackages();
    const left = installSystemPackages(missing, options);
    // one by one: not every release has all of them
    for (const device of devices) process.stderr.write(installSystemPackages([device], options));
    build(options);
    return left;
  });
};

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const left = setUp(process.argv[2]);
  if (left) {
    process.stderr.write(left);
    process.exit(1);
  }
}
