import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Device, defaultPolicy } from '../../core/inventory/schema.ts';
import { newSshKey } from '../../lab/ssh-key.ts';
import type { Session, Target } from '../../runners/driver.ts';
import { driverFor } from '../../runners/drivers/registry.ts';
import type { Release } from './frr-releases.ts';

/** A router that is a machine of its own: FRR of one release, in namespaces, with that release's system around it. */
export type Machine = AsyncDisposable & {
  readonly device: Device;
  readonly target: Target;
  /** Its first process, as this machine counts them. */
  readonly pid: string;
  openSession(): Promise<Session>;
  /** A shell command on its console. */
  console(script: string): Promise<string>;
  running(): Promise<string>;
};

// $1 root folder, $2 host name, $3 host key, $4 key that logs in, $5 daemons, $6 folder to build it in. It ends with its stdin.
const boot = `
set -e
read -r pid rest < /proc/self/stat
hostname "$2"
mount --make-rprivate /
mount --bind "$1" "$6"
cd "$6"
ip link set lo up
ip link add eth1 up type veth peer name eth2
ip link set eth2 up
mount -t proc proc proc
mount -t sysfs sysfs sys
mount --rbind /dev dev
mount -t tmpfs -o mode=755 tmpfs run
cp -a etc run/etc && mount --bind run/etc etc
for folder in tmp root var; do mkdir run/$folder && mount --bind run/$folder $folder; done
chmod 1777 tmp
mkdir -p var/lib/frr var/log/frr var/tmp run/sshd run/frr root/.ssh
ln -s /run var/run
printf '%s' "$3" > root/host_key; echo "$4" > root/.ssh/authorized_keys
chmod -R go= root
printf '%s\\n' 'HostKey /root/host_key' 'PermitRootLogin yes' 'PasswordAuthentication no' 'StrictModes no' 'UsePAM no' 'MaxSessions 100' 'SetEnv SHLVL=2' > root/sshd.conf
mkdir run/old && pivot_root . run/old
cd /
umount -l /run/old
rm -rf /etc/frr; mkdir /etc/frr
printf '%s\\n' 'frr defaults traditional' "hostname $2" 'service integrated-vtysh-config' > /etc/frr/frr.conf
echo 'service integrated-vtysh-config' > /etc/frr/vtysh.conf
chown -R frr:frr /etc/frr /run/frr /var/lib/frr /var/log/frr
echo 1 > /proc/sys/net/ipv4/ip_forward; echo 1 > /proc/sys/net/ipv6/conf/all/forwarding
for daemon in mgmtd zebra $5; do
  [ ! -x /usr/lib/frr/$daemon ] || /usr/lib/frr/$daemon -d -A 127.0.0.1 </dev/null >/dev/null 2>&1
done
vtysh -b >/dev/null 2>&1 </dev/null
echo "up $pid"
cat >/dev/null
`;

/** Boots a router. @param daemons besides zebra and, where the release has it, mgmtd */
export const bootMachine = async (release: Release, name: string, daemons: readonly string[]): Promise<Machine> => {
  const folder = await mkdtemp(join(tmpdir(), 'plumb-machine-'));
  const [hostKey, login] = [newSshKey(), newSshKey()];
  const args = [release.root, name, hostKey.private, login.public, daemons.join(' '), folder];
  const flags = ['--mount', '--net', '--uts', '--pid', '--ipc', '--fork', '--kill-child'];
  const machine = spawn('unshare', [...flags, 'sh', '-c', boot, 'sh', ...args], { stdio: 'pipe' });
  machine.stdin.on('error', () => {});
  let said = '';
  for (const stream of [machine.stdout, machine.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  const ended = once(machine, 'exit');
  while (!/^up \d+$/m.test(said)) {
    await Promise.race([once(machine.stdout, 'data'), ended]);
    if (machine.exitCode !== null) throw new Error(`${name}: FRR ${release.name} does not boot: ${said}`);
  }
  const pid = /^up (\d+)$/m.exec(said)?.[1] ?? '';
  const enter = (...command: string[]) => ['--target', pid, '--mount', '--net', '--uts', '--pid', '--ipc', ...command];
  // a login for each connection: the machine has no link to this one
  const server = createServer((socket) => {
    const sshd = spawn('nsenter', enter('/usr/sbin/sshd', '-i', '-f', '/root/sshd.conf'), {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    socket.on('error', () => sshd.kill());
    sshd.stdin.on('error', () => {});
    socket.pipe(sshd.stdin);
    sshd.stdout.pipe(socket);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const knownHosts = `${folder}-known_hosts`;
  await writeFile(knownHosts, `[127.0.0.1]:${port} ${hostKey.public}\n`);
  const device: Device = {
    name,
    host: '127.0.0.1',
    platform: 'frr',
    transport: undefined,
    port,
    credentials: { username: 'root', key: { literal: login.private } },
    role: undefined,
    groups: [],
    vars: {},
    policy: defaultPolicy,
    options: {},
  };
  const onConsole = async (script: string) => {
    const child = spawn('nsenter', enter('sh', '-c', script), { stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, err] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
    });
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(`${name}: ${script}: ${err}${out}`);
    return out;
  };
  const target = {
    device,
    credentials: { username: 'root', key: login.private },
    knownHosts,
  };
  return {
    device,
    target,
    pid,
    openSession: () => driverFor('frr').open(target, AbortSignal.timeout(60_000)),
    console: onConsole,
    running: () => onConsole("vtysh -c 'show running-config no-header'"),
    [Symbol.asyncDispose]: async () => {
      server.close();
      machine.stdin.end();
      await ended;
      await rm(knownHosts);
      await rm(folder, { recursive: true });
    },
  };
};
