// The system's own packages, by apt-get where that is possible, else by saying exactly what to run.
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const policy = '/usr/sbin/policy-rc.d';
const mark = '# put here by plumbline while it installs packages';
/** What these packages would start now and at each boot. */
const services = {
  'nats-server': ['nats-server.service'],
  frr: ['frr.service'],
  'openssh-server': ['ssh.service', 'ssh.socket'],
  bird2: ['bird.service'],
  netconfd: ['netconfd.service'],
  'inetutils-telnetd': ['inetutils-inetd.service'],
};

const osRelease = () => {
  try {
    return readFileSync('/etc/os-release', 'utf8');
  } catch {
    return '';
  }
};
const isDebian = () => /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(osRelease()) && existsSync('/usr/bin/apt-get');

/** @returns argv in front of a command that needs root; undefined where we may not */
const rootPrefix = () => {
  if (process.getuid?.() === 0) return [];
  const sudo = spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' });
  return sudo.status === 0 ? ['sudo', '-n'] : undefined;
};

const whatToRun = (names) => {
  const list = names.join(' ');
  if (isDebian()) return `  sudo apt-get update && sudo apt-get install --no-install-recommends ${list}\n`;
  if (process.platform === 'linux' && /fedora|rhel/.test(osRelease()))
    return `  sudo dnf install ${list.replace('iproute2', 'iproute').replace(/ ?nats-server/, '')}\n  (nats-server: https://github.com/nats-io/nats-server/releases)\n`;
  if (process.platform === 'darwin')
    return '  brew install nats-server git\n  (the lab needs Linux: a virtual machine, or the containers under containerlab/)\n';
  return `  install with your package manager: ${list}\n  (nats-server: https://github.com/nats-io/nats-server/releases)\n`;
};

/** Installs without starting, stopping or enabling any service, ours or the user's. @param log takes what apt says */
const aptInstall = (prefix, names, say, log) => {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', NEEDRESTART_MODE: 'l' };
  const as = (argv, options = {}) => {
    const [program, ...args] = [...prefix, ...argv];
    return spawnSync(program, args, { env, stdio: ['ignore', log, log], ...options });
  };
  // left behind by a set-up that was killed
  if (existsSync(policy) && readFileSync(policy, 'utf8').includes(mark)) as(['rm', '-f', policy]);
  const ours = !existsSync(policy);
  const text = `#!/bin/sh\n${mark}\nexit 101\n`;
  if (ours) as(['sh', '-c', 'cat > "$0" && chmod 755 "$0"', policy], { input: text, stdio: ['pipe', log, log] });
  const leave = () => ours && as(['rm', '-f', policy]);
  const stop = () => {
    leave();
    process.exit(130);
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    const keepEnv = prefix.length > 0 ? ['env', 'DEBIAN_FRONTEND=noninteractive', 'NEEDRESTART_MODE=l'] : [];
    const update = () => {
      say('apt-get update');
      return as([...keepEnv, 'apt-get', 'update', '-qq']);
    };
    const install = () =>
      as([...keepEnv, 'apt-get', 'install', '-qq', '-y', '--no-install-recommends', '-o', 'Dpkg::Use-Pty=0', ...names]);
    const lists = existsSync('/var/lib/apt/lists') ? readdirSync('/var/lib/apt/lists') : [];
    if (!lists.some((name) => name.endsWith('_Packages') || name.includes('_Packages.'))) update();
    let done = install();
    if (done.status !== 0 && !done.signal) {
      update(); // the lists may be older than what the mirror still has
      done = install();
    }
    if (done.status === 0 && existsSync('/usr/bin/systemctl')) {
      const units = names.flatMap((name) => services[name] ?? []);
      if (units.length > 0) as(['systemctl', 'disable', '--quiet', ...units], { stdio: 'ignore' });
    }
    return done.status === 0;
  } finally {
    leave();
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
};

/** What packages say while they are installed is for the one who looks into a failure: it goes to a file. */
const installByApt = (prefix, names, say) => {
  const path = join(mkdtempSync(join(tmpdir(), 'plumbline-apt-')), 'log');
  const log = openSync(path, 'w', 0o600);
  let installed = false;
  try {
    installed = aptInstall(prefix, names, say, log);
  } finally {
    closeSync(log);
    if (installed) rmSync(dirname(path), { recursive: true });
  }
  if (installed) return '';
  const last =
    readFileSync(path, 'utf8')
      .match(/^E: .*$/gm)
      ?.at(-1) ?? '';
  return `set-up: apt-get could not install ${names.join(' ')}${last && `: ${last.slice(3)}`}\n  → ${path} has its complete output; then run:\n${whatToRun(names)}`;
};

/**
 * @param missing packages with `name` and `why`
 * @returns '' or, where they could not be installed, a text that says what to run
 */
export const installSystemPackages = (missing, { say }) => {
  if (missing.length === 0) return '';
  const names = missing.map(({ name }) => name);
  const table = missing.map(({ name, why }) => `  ${name.padEnd(16)}  ${why}\n`).join('');
  const prefix = rootPrefix();
  if (isDebian() && prefix) {
    say(`installing from this system's packages, without starting or enabling any service:\n${table.trimEnd()}`);
    return installByApt(prefix, names, say);
  }
  const why = isDebian() ? 'not root, and no sudo without a password' : 'not Debian or Ubuntu';
  return `set-up: missing, and not installed automatically (${why}):\n${table}run this, then try again:\n${whatToRun(names)}`;
};
