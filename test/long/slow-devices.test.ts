import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DeviceState } from '../../core/bus.ts';
import { ask } from '../../core/store/ask.ts';
import { publishIntent } from '../../core/store/intents.ts';
import { watchJob } from '../../core/store/job-watch.ts';
import { newJob, putJob } from '../../core/store/jobs.ts';
import { listRecords } from '../../core/store/records.ts';
import type { Store } from '../../core/store/store.ts';
import { newHostKey } from '../../lab/sim/protocols/ssh.ts';
import { startSim } from '../../lab/sim/sim.ts';
import { natsForTest } from '../nats.ts';
import { runnerProcess } from '../runner-process.ts';
import { simulatedPlatforms } from '../subjects/platforms.ts';

const names = Array.from({ length: 60 }, (_, at) => `leaf${at + 1}`);
const hung = names.slice(0, 3);
const others = names.slice(3);
const { before, more } = simulatedPlatforms.eos;
const textOf = (name: string, number: number) => before(name, more(`try-${number}-`));

/** A telnet device whose `show tech` never ends. */
const endless = async () => {
  const sockets = new Set<Socket>();
  const piece = 'a line of what never ends\r\n'.repeat(4_000);
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    const printForEver = () => {
      while (!socket.destroyed && socket.write(piece));
    };
    let line = '';
    socket.write('r9#');
    socket.on('data', (typed: Buffer) => {
      line += typed.filter((byte) => byte < 0x80 && byte !== 0).toString();
      for (let end = line.search(/[\r\n]/); end >= 0; end = line.search(/[\r\n]/)) {
        const command = line.slice(0, end);
        line = line.slice(end + 1).replace(/^\n/, '');
        socket.write(`${command}\r\n`); // the echo
        if (command !== 'show tech') socket.write('r9#');
        else {
          socket.on('drain', printForEver);
          printForEver();
        }
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
};

/** Sixty switches and the endless device in one inventory. */
const fleet = async (endlessPort: number) => {
  const folder = await mkdtemp(join(tmpdir(), 'plumb-slow-'));
  const hostKey = newHostKey();
  const sims = await Promise.all(
    names.map((name) => startSim({ platform: 'eos', config: textOf(name, 0), ports: { ssh: 0 }, hostKey })),
  );
  await mkdir(join(folder, '.plumb'), { mode: 0o700 });
  await writeFile(
    join(folder, '.plumb', 'known_hosts'),
    sims.map((sim) => `[127.0.0.1]:${sim.ports.ssh} ${sim.hostKey}\n`).join(''),
  );
  const host = '127.0.0.1';
  const devices = {
    ...Object.fromEntries(names.map((name, at) => [name, { host, port: sims[at]?.ports.ssh }])),
    endless: { host, port: endlessPort, platform: 'generic', transport: 'telnet' },
  };
  const credentials = { username: 'admin', password: { literal: 'admin' } };
  const defaults = { platform: 'eos', credentials, policy: { firstDeployment: 'auto' } };
  await writeFile(join(folder, 'inventory.yml'), JSON.stringify({ site: 'dc1', lab: true, defaults, devices }));
  return {
    folder,
    sims,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(sims.map((sim) => sim[Symbol.asyncDispose]()));
      await rm(folder, { recursive: true, force: true });
    },
  };
};

/** Publishes a text for each device. @returns milliseconds until all but one per cent of the jobs of `whose` were applied */
const deployAll = async (store: Store, number: number, whose: readonly string[]): Promise<number> => {
  const stop = AbortSignal.timeout(150_000);
  const open = new Map(names.map((name) => [newJob(name, 'deploy').id, name]));
  const jobs = [...open].map(([id, name]) => newJob(name, 'deploy', id));
  await Promise.all(jobs.map((job) => putJob(store, job)));
  const finished = watchJob(store, '*', stop);
  const beganMs = Date.now();
  await Promise.all(
    jobs.map(({ id, device }) => publishIntent(store, device, textOf(device, number), { fromSource: true, job: id })),
  );
  const tookMs: number[] = [];
  for await (const { id, device, state, outcome, finishedAt } of finished) {
    if (state !== 'finished' || !whose.includes(device) || !open.delete(id)) continue;
    expect(outcome, device).toEqual({ kind: 'applied' });
    tookMs.push(Date.parse(finishedAt ?? '') - beganMs);
    if (tookMs.length === whose.length) break;
  }
  expect(tookMs).toHaveLength(whose.length);
  return tookMs.sort((one, other) => one - other)[Math.ceil(tookMs.length * 0.99) - 1] ?? Number.NaN;
};

/** The most memory that a process has had, in MiB. */
const mostMemory = async (pid: number): Promise<number> =>
  Number(/^VmHWM:\s+(\d+) kB/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

it('devices that hang, and one that prints without end, delay no other, and cost no memory', async () => {
  await using nats = await natsForTest();
  const { store } = nats;
  await using printer = await endless();
  await using devices = await fleet(printer.port);
  const runner = runnerProcess(devices.folder, nats.url);
  try {
    await deployAll(store, 1, names);
    const wellMs = await deployAll(store, 2, others);
    const wellMiB = await mostMemory(runner.child.pid ?? 0);
    const [leaf1, leaf2, leaf3] = devices.sims;
    for (const sim of [leaf1, leaf2]) sim?.faults.set({ halfOpen: true });
    leaf3?.faults.set({ bytesPerSecond: 5 });
    const asked = ask(store, 'endless', 'command', { command: 'show tech' }, { timeoutMs: 60_000 });
    const refused = expect(asked).rejects.toMatchObject({
      code: 'closed',
      message: expect.stringContaining(
        `endless: the device printed more than ${16 * 1024 * 1024} bytes after "show tech"`,
      ),
    });
    const beside = await deployAll(store, 3, others);
    await refused;
    // hung they are: none of them came to its end meanwhile
    const states = await listRecords(store.state, DeviceState);
    expect(hung.map((name) => states.get(name)?.sync)).not.toContain('in_sync');
    expect(others.map((name) => states.get(name)?.applied?.generation.seq)).not.toContain(undefined);
    expect(beside).toBeLessThan(4 * Math.max(wellMs, 3_000));
    expect((await mostMemory(runner.child.pid ?? 0)) - wellMiB).toBeLessThan(300);
  } finally {
    await runner.kill();
  }
});
