import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { PlumbError } from '../../core/errors.ts';
import { newSshKey } from '../ssh-key.ts';
import { claimedLabs, claimLab, keepLab, releaseLab, seizeLab } from './claim.ts';
import { buildNetwork, startRouter, tearDown } from './network.ts';
import { labProblem } from './prerequisites.ts';
import { sh } from './shell.ts';
import { bootConfig, type LabRouter, type Topology, topology } from './topology.ts';

/** Three routers that run: reach them as root with `key`. Disposed, nothing of them is left. */
export type Lab = AsyncDisposable & {
  number: number;
  routers: readonly LabRouter[];
  username: string;
  /** Path of the private key that logs in. */
  key: string;
  /** Path of the known_hosts file that holds the routers' keys. */
  knownHosts: string;
  /** Leaves it up when this process ends, until `plumb lab down`. */
  keep(): Promise<void>;
};

type LabOptions = {
  /** Where keys and sshd's files go; made, and removed again. */
  folder: string;
  /** Gets a line for each router; lines about the same addresses are replaced. */
  knownHosts: string;
  number?: number | undefined;
  /** Daemons besides zebra, staticd and bgpd: `ospfd`. */
  daemons?: readonly string[];
};

// no start-up file of this machine's root, who is not the router's: neither sshd's, nor bash's (SHLVL), nor in its home
const sshdConfig = (router: LabRouter, folder: string) => `Port 22
ListenAddress ${router.host}
HostKey "${folder}/host_key"
PidFile "${folder}/sshd.pid"
AuthorizedKeysFile "${dirname(folder)}/id_ed25519.pub"
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
StrictModes no
UsePAM no
UseDNS no
PrintMotd no
MaxStartups 100
MaxSessions 100
PermitUserRC no
SetEnv "HOME=${folder}" SHLVL=2
`;

const prepare = async (router: LabRouter, folder: string): Promise<string> => {
  const own = join(folder, router.name);
  await mkdir(own, { recursive: true, mode: 0o700 });
  const key = newSshKey();
  await writeFile(join(own, 'host_key'), key.private, { mode: 0o600 });
  await writeFile(join(own, 'sshd.conf'), sshdConfig(router, own));
  const etc = `/etc/frr/${router.pathspace}`;
  await mkdir(etc, { recursive: true });
  await writeFile(join(etc, 'frr.conf'), bootConfig(router), { mode: 0o640 });
  await writeFile(join(etc, 'vtysh.conf'), 'service integrated-vtysh-config\n', { mode: 0o640 });
  await writeFile(join(etc, 'daemons'), 'bgpd=yes\n', { mode: 0o640 });
  const { code, output } = await sh('chown -R frr:frr "$1" && mkdir -p "$2" /run/sshd && chown frr:frr "$2"', [
    etc,
    `/var/run/frr/${router.pathspace}`,
  ]);
  if (code !== 0) throw new PlumbError('unsupported', `${router.name}: ${output.trim()}`);
  return `${router.host} ${key.public}`;
};

const pin = async (path: string, lab: Topology, lines: readonly string[]) => {
  const present = await readFile(path, 'utf8').catch(() => '');
  const hosts = new Set(lab.routers.map(({ host }) => host));
  const others = present.split('\n').filter((line) => line !== '' && !hosts.has(line.split(' ')[0] ?? ''));
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${[...others, ...lines].join('\n')}\n`, { mode: 0o600 });
};

const listening = async (router: LabRouter) => {
  const deadline = performance.now() + 60_000;
  for (;;) {
    const socket = connect(22, router.host);
    const open = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    socket.destroy();
    if (open) return;
    if (performance.now() > deadline) throw new PlumbError('unsupported', `${router.name}: its sshd does not listen`);
    await wait(10); // sshd detaches before it listens, and says nothing when it does
  }
};

/**
 * Takes down the labs whose owner died.
 *
 * @param kept also those that were left up on purpose
 * @param folder of these, the ones of this folder only
 * @returns the numbers of the labs that came down
 */
export const labDown = async (kept: boolean, folder?: string): Promise<number[]> => {
  const down: number[] = [];
  for (const { number, owner, alive } of await claimedLabs()) {
    const mayGo = kept && owner.kept && (folder === undefined || owner.folder === folder);
    if ((alive && !mayGo) || !(await seizeLab(number, owner))) continue;
    await tearDown(topology(number));
    await rm(owner.folder, { recursive: true, force: true });
    await releaseLab(number);
    down.push(number);
  }
  return down;
};

/** Brings up spine1, leaf1 and leaf2. @throws PlumbError `unsupported` with what is missing, `conflict` */
export const labUp = async (options: LabOptions): Promise<Lab> => {
  const problem = await labProblem();
  if (problem) throw problem;
  await labDown(false);
  const mine = (await claimedLabs()).find(({ owner }) => owner.folder === options.folder);
  if (mine) {
    throw new PlumbError('conflict', `lab ${mine.number} of ${options.folder} is up`, {
      hint: mine.owner.kept ? '`plumb lab down` takes it down' : `process ${mine.owner.pid} runs it`,
    });
  }
  const number = await claimLab(options.folder, options.number);
  const lab = topology(number);
  const down = async () => {
    await tearDown(lab);
    await rm(options.folder, { recursive: true, force: true });
    await releaseLab(number);
  };
  try {
    await tearDown(lab);
    await rm(options.folder, { recursive: true, force: true });
    await mkdir(options.folder, { recursive: true, mode: 0o700 });
    const login = newSshKey();
    await writeFile(join(options.folder, 'id_ed25519'), login.private, { mode: 0o600 });
    await writeFile(join(options.folder, 'id_ed25519.pub'), `${login.public}\n`);
    await buildNetwork(lab);
    const lines = await Promise.all(lab.routers.map((router) => prepare(router, options.folder)));
    await pin(options.knownHosts, lab, lines);
    await Promise.all(
      lab.routers.map((router) => startRouter(router, join(options.folder, router.name, 'sshd.conf'), options.daemons)),
    );
    await Promise.all(lab.routers.map(listening));
  } catch (error) {
    await down();
    throw error;
  }
  return {
    number,
    routers: lab.routers,
    username: 'root',
    key: join(options.folder, 'id_ed25519'),
    knownHosts: options.knownHosts,
    keep: () => keepLab(number),
    [Symbol.asyncDispose]: down,
  };
};
