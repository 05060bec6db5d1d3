import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import type { Job } from '../core/bus.ts';
import { type Device, defaultPolicy } from '../core/inventory/schema.ts';
import { publishIntent } from '../core/store/intents.ts';
import { watchJob } from '../core/store/job-watch.ts';
import { newJob, putJob } from '../core/store/jobs.ts';
import { connectNats } from '../core/store/server/connect.ts';
import { startNatsServer } from '../core/store/server/nats-server.ts';
import { openStore, type Store } from '../core/store/store.ts';
import type { Ports } from '../lab/sim/sim.ts';
import { driverFor } from '../runners/drivers/registry.ts';
import { startRunner } from '../runners/main.ts';
import { print } from './figures.ts';
import { configOf, loaded } from './texts/load.ts';

const lines = 50_000;
const tickMs = 5;

type Platform = keyof typeof loaded;

/** A simulated device in a process of its own, so that its work is neither the runner's nor another device's. */
const startDevice = async (folder: string, platform: Platform) => {
  const config = join(folder, 'small.cfg');
  await writeFile(config, configOf(platform, 20));
  const main = fileURLToPath(new URL('../cli/main.js', import.meta.url));
  const args = ['sim', '--platform', platform, '--config', config, `--${loaded[platform][0]}`, '0'];
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const { hostKey, ...ports } = JSON.parse(line) as { hostKey: string } & Ports;
  return {
    hostKey,
    port: ports[loaded[platform][0]] ?? 0,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill();
      await once(child, 'exit');
    },
  };
};

/** Looks at the clock all the time: how long nothing else could be done. */
class Stalls {
  longestMs = 0;
  #last = performance.now();
  readonly #timer = setInterval(() => {
    const now = performance.now();
    this.longestMs = Math.max(this.longestMs, now - this.#last - tickMs);
    this.#last = now;
  }, tickMs);

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

/** Publishes a text and waits for the end of its job. */
const deployed = async (store: Store, device: string, text: string) => {
  const { id } = newJob(device, 'deploy');
  await putJob(store, newJob(device, 'deploy', id));
  const startedMs = performance.now();
  await publishIntent(store, device, text, { fromSource: true, job: id });
  let last: Job | undefined;
  for await (const job of watchJob(store, id, AbortSignal.timeout(300_000))) {
    last = job;
    if (job.state === 'finished') break;
  }
  if (last?.outcome?.kind !== 'applied') throw new Error(`${device}: ${JSON.stringify(last?.outcome)}`);
  return { ms: Math.round(performance.now() - startedMs), steps: last.steps };
};

/** Commands on the other switch, one after the other until told to stop. @returns the longest, in milliseconds */
const commands = async (store: Store, device: string, signal: AbortSignal): Promise<number> => {
  let longest = 0;
  while (!signal.aborted) {
    const startedMs = performance.now();
    await store.nc.request(`${store.site}.${device}.command`, 'show clock', { timeout: 60_000 });
    longest = Math.max(longest, performance.now() - startedMs);
  }
  return Math.round(longest);
};

/** Deploys to one of two devices, and asks the other one all the time. */
const measured = async (platform: Platform): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'plumb-bench-'));
  const knownHosts = join(folder, 'known_hosts');
  try {
    await using first = await startDevice(folder, platform);
    await using second = await startDevice(folder, platform);
    const [transport] = loaded[platform];
    const sims = [first, second];
    const login = (port: number, name: string): [string, Device] => [
      name,
      {
        name,
        host: '127.0.0.1',
        port,
        platform,
        transport,
        credentials: { username: 'admin', password: { literal: 'admin' } },
        role: undefined,
        groups: [],
        vars: {},
        policy: { ...defaultPolicy, firstDeployment: 'auto' },
        options: {},
      },
    ];
    const devices = new Map(sims.map(({ port }, at) => login(port, `r${at + 1}`)));
    await writeFile(knownHosts, sims.map(({ port, hostKey }) => `[127.0.0.1]:${port} ${hostKey}\n`).join(''));
    await mkdir(join(folder, 'nats'));
    await using server = await startNatsServer(join(folder, 'nats'));
    const nc = await connectNats({ url: server.url, name: 'bench' });
    const store = await openStore(nc, 'dc1');
    {
      const log = pino({ level: 'silent' });
      const inventory = { site: 'dc1', lab: true, path: '/dev/null', devices };
      await using _runner = await startRunner({
        store,
        inventory,
        driverFor,
        knownHosts,
        log,
        version: 'bench',
        settled: true,
      });
      await deployed(store, 'r2', configOf(platform, 40)); // it is held, and logged in to
      await deployed(store, 'r1', configOf(platform, 40));
      const small = configOf(platform, lines);
      for (const [what, text] of [
        ['new', small],
        ['every description changed', small.replaceAll('port ', 'our port ')],
      ] as const) {
        const done = new AbortController();
        using stalls = new Stalls();
        const others = commands(store, 'r2', done.signal);
        const { ms, steps } = await deployed(store, 'r1', text);
        done.abort();
        const took = steps.map(({ step, startedAt }, at) => [
          step,
          Date.parse(steps[at + 1]?.startedAt ?? startedAt) - Date.parse(startedAt),
        ]);
        print({
          figure: 'publish to applied, 50,000 lines, ms',
          platform,
          what,
          ms,
          steps: Object.fromEntries(took),
          longestBlock: Math.round(stalls.longestMs),
          slowestCommandOfAnother: await others,
          rssMb: Math.round(process.memoryUsage().rss / 2 ** 20),
        });
      }
    }
    await nc.close();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** From the publishing of 50,000 lines to their being applied, and what that does to the other devices of the runner. */
export const benchLarge = async (): Promise<void> => {
  await measured('eos');
};

if (process.argv[1] === fileURLToPath(import.meta.url)) await benchLarge();
