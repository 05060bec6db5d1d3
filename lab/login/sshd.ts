import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimPort } from '../port.ts';
import { type Account, withAccounts } from './accounts.ts';

/** A real OpenSSH server on loopback, with keys of its own. */
export type Login = AsyncDisposable & {
  port: number;
  /** A folder that only root reads, gone when the server is disposed. */
  folder: string;
  /** Path of a known_hosts file that pins its key. */
  knownHosts: string;
  /** The private key that may log in as root. */
  key: string;
  /** Ends the server's listener and every connection, as a device that loses power does. */
  drop(): Promise<void>;
  listen(): Promise<void>;
  /** Listens with another host key, as a replaced device does, and pins that in its file. */
  changeHostKey(): Promise<void>;
};

/** Waits for sshd's own word that it has its port. @throws Error with what it printed, when it ended instead */
const listening = (sshd: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    let printed = '';
    sshd.stderr?.setEncoding('utf8').on('data', (text: string) => {
      printed = (printed + text).slice(-4_000);
      if (printed.includes('Server listening on')) resolve();
    });
    sshd.once('error', reject);
    sshd.once('close', (code) => reject(new Error(`sshd ended with ${code}: ${printed.trim()}`)));
  });

/** Runs `"$@"` with processes, `/run` and `/var/lib/plumbline` of its own: its first argument is the folder of the latter. */
const machine = [
  ...['unshare', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc', 'sh', '-c'],
  'mount --bind "$0" /var/lib/plumbline && mount -t tmpfs tmpfs /run && mkdir /run/sshd && exec "$@"',
];

/** Ends a process that we started, and waits for it. */
export const end = async (child: ChildProcess | undefined, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
};

/**
 * Starts sshd for root on loopback.
 *
 * @param options.lines of sshd_config; they come first, and the first one of a keyword counts
 * @param options.last come last: `Match` and what follows it
 * @param options.accounts users of its own; `pam`: the lines of its /etc/pam.d/sshd
 * @param options.subsystem e.g. `netconf /usr/sbin/netconf-subsystem`; a function of the port
 * @param options.disk a folder: sshd gets processes, `/run` and `/var/lib/plumbline` (this folder) of its own, as a
 *   machine of its own has them, and `drop()` ends everything that runs on it
 */
export const startSshd = async (
  options: {
    subsystem?: (port: number) => string;
    disk?: string;
    lines?: readonly string[];
    accounts?: readonly Account[];
    pam?: string;
    last?: readonly string[];
  } = {},
): Promise<Login> => {
  const folder = await mkdtemp(join(tmpdir(), 'plumb-sshd-'));
  const claim = await claimPort();
  const { port } = claim;
  const file = (name: string) => join(folder, name);
  const newKey = (name: string) => {
    rmSync(file(name), { force: true });
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', file(name)]);
    return readFileSync(file(`${name}.pub`), 'utf8').trim();
  };
  const pin = (key: string) => writeFileSync(file('known_hosts'), `[127.0.0.1]:${port} ${key}\n`);
  writeFileSync(file('authorized_keys'), newKey('user'));
  pin(newKey('host'));
  const lines = [
    ...(options.lines ?? []),
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${file('host')}`,
    `AuthorizedKeysFile ${file('authorized_keys')}`,
    'StrictModes no',
    'PermitRootLogin prohibit-password',
    'UsePAM no',
    'PidFile none',
    // sshd and bash run start-up files for whoever comes: what root's do on this machine is none of the tests' business
    'PermitUserRC no',
    `SetEnv "HOME=${folder}" SHLVL=2`,
    ...(options.subsystem ? [`Subsystem ${options.subsystem(port)}`] : []),
    ...(options.last ?? []),
  ];
  const accounts = options.accounts ? withAccounts(folder, options.accounts, options.pam) : [];
  writeFileSync(file('sshd_config'), `${lines.join('\n')}\n`);
  mkdirSync('/run/sshd', { recursive: true });
  // where the disk is mounted: whoever takes the empty folder away, as a lab of FRR does, takes it from the machine too
  const taken = `/var/lib/plumbline/.machine-${port}`;
  if (options.disk !== undefined) mkdirSync(taken, { recursive: true });
  let child: ChildProcess | undefined;
  const listen = async (): Promise<void> => {
    const sshd = [...accounts, '/usr/sbin/sshd', '-D', '-e', '-f', file('sshd_config')];
    const [command = '', ...args] = options.disk === undefined ? sshd : [...machine, options.disk, ...sshd];
    child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
    await listening(child);
  };
  const drop = async (): Promise<void> => {
    if (child?.pid !== undefined) {
      // sessions are children of the listener that changed their process group: find them by their parent
      // (not by execFileSync: ps fails where there are none)
      const { stdout } = spawnSync('ps', ['-o', 'pid=', '--ppid', String(child.pid)], { encoding: 'utf8' });
      const children = stdout.split(/\s+/);
      await end(child, 'SIGKILL');
      for (const pid of children.filter(Boolean)) {
        try {
          process.kill(Number(pid), 'SIGKILL');
        } catch {} // it ended with the listener
      }
    }
    child = undefined;
  };
  await listen();
  return {
    port,
    folder,
    knownHosts: file('known_hosts'),
    key: readFileSync(file('user'), 'utf8'),
    listen,
    drop: () => drop().catch(() => {}),
    changeHostKey: async () => {
      await drop().catch(() => {});
      pin(newKey('host'));
      await listen();
    },
    [Symbol.asyncDispose]: async () => {
      await drop().catch(() => {});
      rmSync(folder, { recursive: true, force: true });
      rmSync(taken, { recursive: true, force: true });
      await claim[Symbol.asyncDispose]();
    },
  };
};
