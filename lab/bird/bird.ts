import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { end, type Login, startSshd } from '../login/sshd.ts';
import { claimPort } from '../port.ts';

export type BirdLab = AsyncDisposable & {
  login: Login;
  /** Path of the configuration file of the daemon under test. */
  config: string;
  socket: string;
  /** Kills the daemon under test and starts it anew: it reads its file. */
  restart(): Promise<void>;
  /** A text of that configuration: a BGP session with the other daemon and static routes. */
  text(options?: { routes?: readonly string[]; description?: string; more?: string }): string;
};

const start = async (config: string, socket: string): Promise<ChildProcess> => {
  const child = spawn('/usr/sbin/bird', ['-f', '-c', config, '-s', socket], { stdio: 'ignore', detached: true });
  // the socket is there before the configuration was read
  const up = () => existsSync(socket) && spawnSync('/usr/sbin/birdc', ['-s', socket, 'show', 'status']).status === 0;
  for (const deadline = performance.now() + 60_000; !up(); await wait(20)) {
    if (child.exitCode !== null || performance.now() > deadline) throw new Error(`bird did not start with ${config}`);
  }
  return child;
};

/** Two real BIRD daemons on loopback with BGP between them, and sshd. Needs the packages bird2 and openssh-server. */
export const startBirds = async (): Promise<BirdLab> => {
  const login = await startSshd();
  const folder = mkdtempSync(join(tmpdir(), 'plumb-bird-'));
  const claims = [await claimPort(), await claimPort()] as const;
  const ports = claims.map(({ port }) => port);
  const text: BirdLab['text'] = ({ routes = ['10.9.0.0/24'], description = 'to two', more = '' } = {}) =>
    [
      'log stderr all;',
      'hostname "r1";',
      'router id 10.0.0.1;',
      'protocol device {}',
      `protocol static s4 { ipv4; ${routes.map((route) => `route ${route} blackhole; `).join('')}}`,
      'protocol bgp two {',
      `  local 127.0.0.1 port ${ports[0]} as 65001;`,
      `  neighbor 127.0.0.2 port ${ports[1]} as 65002;`,
      `  multihop; description "${description}"; hold time 9; connect delay time 1;`,
      '  ipv4 { import all; export all; };',
      '}',
      'protocol bgp closed { local 127.0.0.1 as 65001; neighbor 127.0.0.9 as 65009; multihop; disabled; ipv4 { import all; export none; }; }',
      more,
    ]
      .filter((line) => line !== '')
      .map((line) => `${line}\n`)
      .join('');
  const peer = [
    'log stderr all; router id 10.0.0.2; protocol device {}',
    'protocol static s4 { ipv4; route 10.8.0.0/24 blackhole; }',
    `protocol bgp one { local 127.0.0.2 port ${ports[1]} as 65002; neighbor 127.0.0.1 port ${ports[0]} as 65001; multihop; hold time 9; connect delay time 1; ipv4 { import all; export all; }; }`,
  ].join('\n');
  const file = (name: string) => join(folder, name);
  writeFileSync(file('bird.conf'), text());
  writeFileSync(file('peer.conf'), `${peer}\n`);
  let daemon = await start(file('bird.conf'), file('bird.ctl'));
  const other = await start(file('peer.conf'), file('peer.ctl'));
  const state = file('bird.conf').replace(/[^A-Za-z0-9]/g, '_');
  return {
    login,
    config: file('bird.conf'),
    socket: file('bird.ctl'),
    text,
    restart: async () => {
      await end(daemon, 'SIGKILL');
      rmSync(file('bird.ctl'), { force: true });
      daemon = await start(file('bird.conf'), file('bird.ctl'));
    },
    [Symbol.asyncDispose]: async () => {
      await login[Symbol.asyncDispose]();
      for (const child of [daemon, other]) await end(child);
      for (const claim of claims) await claim[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
      for (const root of ['/run', '/var/lib'])
        rmSync(`${root}/plumbline/bird-${state}`, { recursive: true, force: true });
    },
  };
};
