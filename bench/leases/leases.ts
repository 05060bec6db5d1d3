import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pino } from 'pino';
import { connectNats } from '../../core/store/server/connect.ts';
import { startNatsServer } from '../../core/store/server/nats-server.ts';
import { openStore } from '../../core/store/store.ts';
import type { HeldLease } from '../../runners/holding/lease.ts';
import { Leases } from '../../runners/holding/leases/leases.ts';
import { print } from '../figures.ts';

const count = 10_000;
const runnerCount = 3;
const idleMs = 20_000;
const mostMs = 120_000;

const devices = Array.from({ length: count }, (_, at) => `leaf${at + 1}`);

/** A runner without devices behind its claims. */
const startHolder = async (url: string, name: string) => {
  const nc = await connectNats({ url, name, role: 'runner' });
  const terms = { slot: name, since: new Date().toISOString(), weight: 1 };
  const leases = new Leases({ store: await openStore(nc, 'dc1'), name, log: pino({ level: 'silent' }), terms });
  const held = new Map<string, HeldLease>();
  const stop = new AbortController();
  const taken = (lease: HeldLease) => {
    held.set(lease.device, lease);
    lease.signal.addEventListener('abort', () => held.delete(lease.device), { once: true });
  };
  const busy = (device: string) => held.has(device);
  const run = leases.run({ wanted: () => devices, takes: () => true, busy, yields: () => false, taken }, stop.signal);
  const end = async () => {
    stop.abort();
    await nc.close();
    await run;
  };
  return { held, end };
};

const until = async (is: () => boolean): Promise<number> => {
  const fromMs = performance.now();
  while (!is()) {
    if (performance.now() - fromMs > mostMs) throw new Error(`bench of leases: not there after ${mostMs / 1_000} s`);
    await wait(10);
  }
  return performance.now() - fromMs;
};
const seconds = (ms: number) => Math.round(ms / 100) / 10;

/** Ten thousand claims on one nats-server: what they cost when nothing happens, and how long a crash leaves devices without a holder. */
export const benchLeases = async (): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'plumb-bench-'));
  try {
    await using nats = await startNatsServer(folder);
    const nc = await connectNats({ url: nats.url, name: 'bench' });
    await openStore(nc, 'dc1');
    const holders = await Promise.all(
      Array.from({ length: runnerCount }, (_, at) => startHolder(nats.url, `r${at + 1}`)),
    );
    const total = () => holders.reduce((sum, { held }) => sum + held.size, 0);
    const startMs = await until(() => total() === count);
    print({ figure: `leases: start of ${runnerCount} runners for ${count} devices, s`, ours: seconds(startMs) });

    await wait(1_000);
    let writes = 0;
    nc.subscribe('$KV.dc1-lease.>', { callback: () => void writes++ });
    await nc.flush();
    const cpu = process.cpuUsage();
    await wait(idleMs);
    const { user, system } = process.cpuUsage(cpu);
    const perSecond = (writes * 2 * 1_000) / idleMs; // each has an answer
    print({
      figure: `leases: messages per second at idle, ${count} devices, ${runnerCount} runners`,
      ours: Math.round(perSecond * 10) / 10,
      limit: 20,
      cpuPerRunnerPercent: Math.round((user + system) / (idleMs * 10) / runnerCount / 0.1) / 10,
    });

    const [first] = holders;
    const lost = first?.held.size ?? 0;
    await first?.end();
    holders.shift();
    const takeOverMs = await until(() => total() === count);
    print({ figure: `leases: take-over of ${lost} devices after a crash, s`, ours: seconds(takeOverMs), limit: 15 });
    for (const { end } of holders) await end();
    await nc.close();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
