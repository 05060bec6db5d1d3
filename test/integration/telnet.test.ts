import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { ask } from '../../core/store/ask.ts';
import { publishIntent } from '../../core/store/intents.ts';
import { newJob, putJob } from '../../core/store/jobs.ts';
import { end } from '../../lab/login/sshd.ts';
import { claimPort, type Port } from '../../lab/port.ts';
import { forever, targetOf } from '../../lab/proof/target.ts';
import { generic } from '../../runners/drivers/generic/platform.ts';
import { startRunner } from '../../runners/main.ts';
import { folderOfAll } from '../folder.ts';
import { natsForTest } from '../nats.ts';
import { describeWith } from '../real.ts';
import { jobAt } from '../runner.ts';

const telnetd = '/usr/sbin/telnetd';
const bgpd = '/usr/lib/frr/bgpd';

const login = `#!/bin/sh
stty echo icanon
while :; do
  printf 'login: '; read -r user
  printf 'Password: '; stty -echo; read -r pass; stty echo; echo
  [ "$user:$pass" = "noc:geheim" ] && break
  echo; echo 'Login incorrect'
done
PS1='server# ' exec sh -i
`;

/** Waits until it takes connections: it says nothing, and nobody else is given its port. */
const listening = (port: number, child: ChildProcess): Promise<void> =>
  vi.waitFor(
    async () => {
      expect(child.exitCode).toBeNull();
      const socket = connect({ host: '127.0.0.1', port });
      await once(socket, 'connect').finally(() => socket.destroy());
    },
    { timeout: 10_000, interval: 20 },
  );

describeWith([telnetd], 'a server by telnet, for real', () => {
  const folder = folderOfAll('telnet');
  let server: Server;
  let port: number;
  const children: ChildProcess[] = [];
  const target = (password = 'geheim') =>
    targetOf(
      { platform: 'generic', transport: 'telnet', port },
      { knownHosts: join(folder, 'none'), username: 'noc', password },
    );

  beforeAll(async () => {
    writeFileSync(join(folder, 'login'), login, { mode: 0o755 });
    // what inetd does: one telnetd a connection, on its socket
    server = createServer({ pauseOnConnect: true }, (socket) => {
      children.push(spawn(telnetd, ['-E', join(folder, 'login')], { stdio: [socket, socket, 'ignore'] }));
      socket.on('error', () => {});
      children.at(-1)?.once('exit', () => socket.destroy());
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  });
  afterAll(async () => {
    for (const child of children) await end(child, 'SIGKILL');
    server.close();
  });

  it('lets us in, runs commands and keeps long lines and outputs as they are', async () => {
    await using session = await generic.open(target(), forever);
    expect(await session.run('echo hello')).toBe('hello');
    const long = 'x'.repeat(2_000);
    expect((await session.run(`printf '%s\\n' ${long}`)).replace(/\s/g, '')).toBe(long);
    expect((await session.run('seq 1 5000')).split('\n')).toHaveLength(5_000);
    await session.alive();
  });

  it('refuses a wrong password, and we say so at once', async () => {
    await expect(generic.open(target('falsch'), forever)).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it('gets no configuration by a runner, whose job says what the platform cannot do', async () => {
    await using nats = await natsForTest();
    const { store } = nats;
    const { device } = target();
    const credentials = { username: 'noc', password: { literal: 'geheim' } };
    const devices = new Map([['r1', { ...device, credentials }]]);
    await using _runner = await startRunner({
      store,
      inventory: { site: 'dc1', lab: true, path: '/dev/null', devices },
      driverFor: () => generic,
      knownHosts: join(folder, 'none'),
      log: pino({ level: 'silent' }),
      version: 'test',
      settled: true,
    });
    const job = newJob('r1', 'deploy');
    await putJob(store, job);
    await publishIntent(store, 'r1', `touch ${join(folder, 'touched')}\n`.repeat(20), { job: job.id });
    expect((await jobAt(store, job.id)).outcome).toMatchObject({
      kind: 'failed',
      code: 'unsupported',
      detail: 'r1: generic cannot replace',
    });
    expect(existsSync(join(folder, 'touched'))).toBe(false);
    expect(
      await ask(store, 'r1', 'command', { command: 'echo still here', change: true, reason: 'a test' }),
    ).toMatchObject({
      output: 'still here',
    });
  });

  it('is unreachable where nobody listens', async () => {
    await using nobody = await claimPort();
    const closed = { ...target(), device: { ...target().device, port: nobody.port } };
    await expect(generic.open(closed, forever)).rejects.toMatchObject({ code: 'unreachable' });
  });
});

describeWith([bgpd, 'root'], "a router's own vty by telnet", () => {
  const folder = folderOfAll('vty');
  let child: ChildProcess;
  let claim: Port;

  beforeAll(async () => {
    chmodSync(folder, 0o777); // bgpd works as frr
    claim = await claimPort();
    writeFileSync(join(folder, 'bgpd.conf'), 'hostname r1\npassword zebra\nrouter bgp 65001\n');
    const options = ['-Z', '-p', '0', '-A', '127.0.0.1', '-P', String(claim.port), '-f', join(folder, 'bgpd.conf')];
    const own = ['-i', join(folder, 'pid'), '--vty_socket', folder, '-u', 'frr', '-g', 'frr'];
    child = spawn(bgpd, [...options, ...own], { stdio: 'ignore', detached: true });
    await listening(claim.port, child);
  });
  afterAll(async () => {
    await end(child, 'SIGKILL');
    await claim[Symbol.asyncDispose]();
  });

  it('asks for a password alone, answers, and refuses in its own words', async () => {
    const device = targetOf(
      { platform: 'generic', transport: 'telnet', port: claim.port },
      { knownHosts: join(folder, 'none'), username: '', password: 'zebra' },
    );
    await using session = await generic.open(device, forever);
    expect(await session.run('show version')).toMatch(/^FRRouting \d/m);
    await expect(session.run('show bogosity')).rejects.toMatchObject({
      code: 'rejected',
      message: expect.stringContaining('Unknown command'),
    });
  });
});
