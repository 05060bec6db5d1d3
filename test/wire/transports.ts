import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connection } from 'ssh2';
import { checkTcp } from '../../cli/doctor/checks.ts';
import type { Platform } from '../../core/platform-names.ts';
import { targetOf } from '../../lab/proof/target.ts';
import { startSim } from '../../lab/sim/sim.ts';
import type { Target } from '../../runners/driver.ts';
import { driverFor } from '../../runners/drivers/registry.ts';
import { inTime } from '../../runners/holding/login-time.ts';
import { Eapi } from '../../runners/transports/eapi/eapi.ts';
import { fetchHostKey } from '../../runners/transports/ssh/ssh.ts';
import { sshOptions } from '../../runners/transports/ssh/target.ts';
import { handshake } from '../../runners/transports/tls/handshake.ts';
import { tlsEndpoint } from '../../runners/transports/tls/verdict.ts';
import { sshServer } from '../unit/runners/transports/ssh-server.ts';

/** What ends a login whose time is over, and the time for each command after it. */
export type Limits = { late: AbortSignal; commandMs: number };

/** A server of one transport, and how Plumbline uses it: logs in, runs a command, hangs up. */
export type Transport = AsyncDisposable & {
  /** Where the wire goes to. */
  port: number;
  /** @param port the wire's */
  use(port: number, limits: Limits): Promise<void>;
};

/** Logs in as a runner does, runs a command and hangs up. */
export const runOne = async (target: Target, command: string, limits: Limits): Promise<void> => {
  const driver = driverFor(target.device.platform);
  await using session = await inTime('r1', limits.late, (signal) => driver.open(target, signal));
  await session.run(command, { timeoutMs: limits.commandMs });
};

const simulated = async (
  platform: Extract<Platform, 'ios' | 'eos' | 'junos' | 'iosxr'>,
  transport: 'ssh' | 'telnet' | 'eapi' | 'netconf',
  use: (target: Target, limits: Limits) => Promise<void>,
): Promise<Transport> => {
  const config = platform === 'junos' ? 'system { host-name r1; }\n' : 'hostname r1\nend\n';
  const sim = await startSim({ platform, config, ports: { [transport]: 0 } });
  const folder = await mkdtemp(join(tmpdir(), 'plumb-wire-'));
  const knownHosts = join(folder, 'known_hosts');
  await writeFile(knownHosts, `[127.0.0.1]:* ${sim.hostKey}\n`); // whatever the wire's port
  const options = { tlsFingerprint: new X509Certificate(sim.tls.cert).fingerprint256 };
  return {
    port: sim.ports[transport] ?? 0,
    use: (port, limits) =>
      use(
        targetOf({ platform, transport, port, options }, { knownHosts, username: 'admin', password: 'admin' }),
        limits,
      ),
    [Symbol.asyncDispose]: async () => {
      await sim[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
};

/** An SSH server that takes whoever comes on to where they want to go. */
const jumpHost = () =>
  sshServer({
    connection: (connection: Connection) =>
      connection.on('tcpip', (accept, reject, { destPort }) => {
        const far = connect(destPort, '127.0.0.1');
        far.once('connect', () => {
          const near = accept();
          far.pipe(near).on('error', () => {});
          near.pipe(far);
          near.once('close', () => far.destroy());
          far.once('close', () => near.close());
        });
        far.once('error', () => reject());
      }),
  });

/** @param where of the two ways the faulty wire is */
const byJumpHost = async (where: 'before' | 'behind'): Promise<Transport> => {
  const jump = await jumpHost();
  const device = await sshServer({
    exec: (_command, channel) => {
      channel.write('done\n');
      channel.exit(0);
      channel.end();
    },
  });
  const folder = await mkdtemp(join(tmpdir(), 'plumb-wire-'));
  const knownHosts = join(folder, 'known_hosts');
  const lines = [jump, device].map(({ hostKey }) => `[127.0.0.1]:* ssh-ed25519 ${hostKey.toString('base64')}\n`);
  await writeFile(knownHosts, lines.join(''));
  return {
    port: where === 'before' ? jump.port : device.port,
    use: (port, limits) => {
      const options = { jump: `admin@127.0.0.1:${where === 'before' ? port : jump.port}` };
      const at = where === 'before' ? device.port : port;
      const login = { knownHosts, username: 'admin', password: 'canary' };
      return runOne(targetOf({ platform: 'linux', transport: 'ssh', port: at, options }, login), 'true', limits);
    },
    [Symbol.asyncDispose]: async () => {
      await jump[Symbol.asyncDispose]();
      await device[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
};

/** eAPI without TLS, as in a lab: the least that answers a login and a command. */
const plainEapi = async (): Promise<Transport> => {
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      const isLogin = request.url === '/login';
      if (isLogin) response.setHeader('set-cookie', 'Session=1');
      response.end(JSON.stringify(isLogin ? {} : { jsonrpc: '2.0', result: [{}, { version: '4.30' }] }));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    use: async (port, limits) => {
      const login = { knownHosts: '/nowhere', username: 'admin', password: 'canary' };
      await using eapi = new Eapi(targetOf({ platform: 'eos', port, options: { http: true } }, login));
      for (const _ of [1, 2]) await eapi.run(['show version'], 'json', { timeoutMs: limits.commandMs });
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
};

const showVersion = (target: Target, limits: Limits) => runOne(target, 'show version', limits);

const hostKey = async ({ device, knownHosts }: Target, { late }: Limits): Promise<void> => {
  await fetchHostKey(sshOptions({ device, credentials: { username: '' }, knownHosts }), late);
};

const certificate = async ({ device }: Target, { late }: Limits): Promise<void> => {
  const { socket } = await handshake(await tlsEndpoint(device), late);
  socket.destroy();
};

const tcp = async ({ device }: Target, { late }: Limits): Promise<void> => void (await checkTcp(device, late));

/** Every way in which something of ours dials, by its name. */
export const transports: Record<string, () => Promise<Transport>> = {
  ssh: () => simulated('ios', 'ssh', showVersion),
  'ssh, before the jump host': () => byJumpHost('before'),
  'ssh, behind the jump host': () => byJumpHost('behind'),
  telnet: () => simulated('ios', 'telnet', showVersion),
  'eapi by https': () => simulated('eos', 'eapi', showVersion),
  'eapi by http': plainEapi,
  netconf: () => simulated('junos', 'netconf', showVersion),
  "trust's key": () => simulated('ios', 'ssh', hostKey),
  "trust's certificate": () => simulated('eos', 'eapi', certificate),
  "doctor's look": () => simulated('ios', 'ssh', tcp),
};
