import { X509Certificate } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import type { Job, Step } from '../../core/bus.ts';
import { type Device, defaultPolicy } from '../../core/inventory/schema.ts';
import { publishIntent } from '../../core/store/intents.ts';
import { watchJob } from '../../core/store/job-watch.ts';
import { newJob, putJob } from '../../core/store/jobs.ts';
import { connectNats } from '../../core/store/server/connect.ts';
import { startNatsServer } from '../../core/store/server/nats-server.ts';
import { openStore, type Store } from '../../core/store/store.ts';
import { type Ports, type Sim, startSim } from '../../lab/sim/sim.ts';
import { driverFor } from '../../runners/drivers/registry.ts';
import { startRunner } from '../../runners/main.ts';
import { median, print } from '../figures.ts';
import { configOf, loaded } from '../texts/load.ts';
import { type FarWire, farWire } from './far-wire.ts';

type Platform = keyof typeof loaded;
type Transport = keyof Ports & string;
/** What the device has read, and when since the text was published. */
type Heard = { sinceMs: number; commands: { command: string; ms: number }[] };
type Times = { inEffectMs: number; doneMs: number; commands: number; bytes: number };

const rtts = process.env.RTTS?.split(',').map(Number) ?? [0, 20, 50, 100];
const rounds = 3;
const lines = 100;
const name = 'r1';

const changed = (text: string, round: string) => text.replace('port 1', `port 1 round ${round}`);

/** Publishes a text and waits for the end of its job. */
const deployed = async (store: Store, text: string): Promise<Job> => {
  const made = newJob(name, 'deploy');
  await putJob(store, made);
  await publishIntent(store, name, text, { fromSource: true, job: made.id });
  for await (const job of watchJob(store, made.id, AbortSignal.timeout(120_000))) {
    if (job.state !== 'finished') continue;
    if (job.outcome?.kind !== 'applied') throw new Error(`${job.device}: ${JSON.stringify(job.outcome)}`);
    return job;
  }
  throw new Error('the deployment did not finish');
};

const at = (job: Job, step: Step): number => Date.parse(job.steps.find((one) => one.step === step)?.startedAt ?? '');

/** What the device reads: command lines, RPCs, commands of eAPI. */
const counted = (sim: Sim) => {
  const heard: Heard = { sinceMs: 0, commands: [] };
  const { plan } = sim.device;
  const step = plan.step.bind(plan);
  plan.step = (command) => {
    heard.commands.push({ command, ms: performance.now() - heard.sinceMs });
    return step(command);
  };
  return heard;
};

/** What the change changed is in effect when the checks begin: the device has answered the commit. */
const timed = async (store: Store, wire: FarWire, heard: Heard, text: string): Promise<Times> => {
  heard.commands.length = 0;
  heard.sinceMs = performance.now();
  const sent = wire.bytes.sent + wire.bytes.received;
  const savedAt = Date.now();
  const job = await deployed(store, text);
  return {
    inEffectMs: at(job, 'checking') - savedAt,
    doneMs: Date.parse(job.updatedAt) - savedAt,
    // a blank line asks where an answer ends: it is typed and no command
    commands: heard.commands.filter(({ command }) => command.trim() !== '').length,
    bytes: wire.bytes.sent + wire.bytes.received - sent,
  };
};

const middle = (all: readonly Times[], key: keyof Times) => Math.round(median(all.map((one) => one[key])));

/** One-line deployments on a simulated device at each distance, its warm session up. */
const measureTrips = async (
  platform: Platform,
  transport: Transport,
  said: (commands: Heard['commands']) => void = () => {},
): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'plumb-bench-'));
  const knownHosts = join(folder, 'known_hosts');
  const text = configOf(platform, lines);
  try {
    await using sim = await startSim({ platform, config: text, ports: { [transport]: 0 } });
    await using wire = await farWire(sim.ports[transport] ?? 0);
    const heard = counted(sim);
    await writeFile(knownHosts, `[127.0.0.1]:${wire.port} ${sim.hostKey}\n`);
    await mkdir(join(folder, 'nats'));
    await using server = await startNatsServer(join(folder, 'nats'));
    const nc = await connectNats({ url: server.url, name: 'bench' });
    const store = await openStore(nc, 'dc1');
    const device: Device = {
      name,
      host: '127.0.0.1',
      port: wire.port,
      platform,
      transport,
      credentials: { username: 'admin', password: { literal: 'admin' } },
      role: undefined,
      groups: [],
      vars: {},
      policy: { ...defaultPolicy, firstDeployment: 'auto', pollSeconds: 3600 },
      options: { tlsFingerprint: new X509Certificate(sim.tls.cert).fingerprint256 },
    };
    {
      const inventory = { site: 'dc1', lab: true, path: '/dev/null', devices: new Map([[name, device]]) };
      const log = pino({ level: 'silent' });
      const about = { store, inventory, driverFor, knownHosts, log, version: 'bench', settled: true };
      await using _runner = await startRunner(about);
      await deployed(store, changed(text, 'first'));
      let nearest: { inEffectMs: number; doneMs: number } | undefined;
      for (const rttMs of rtts) {
        wire.rttMs = rttMs;
        const all: Times[] = [];
        for (let round = 0; round < rounds; round++)
          all.push(await timed(store, wire, heard, changed(text, `${rttMs}-${round}`)));
        const times = { inEffectMs: middle(all, 'inEffectMs'), doneMs: middle(all, 'doneMs') };
        nearest ??= times;
        const trips = (of: keyof typeof times) =>
          rttMs === 0 ? undefined : Math.round((times[of] - (nearest?.[of] ?? 0)) / rttMs);
        print({
          figure: 'one-line change',
          platform,
          transport,
          rttMs,
          ...times,
          roundTripsInEffect: trips('inEffectMs'),
          roundTripsDone: trips('doneMs'),
          commands: middle(all, 'commands'),
          bytes: middle(all, 'bytes'),
        });
      }
      said(heard.commands);
    }
    await nc.close();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** How long a one-line change takes over a distance, and how many round trips it waits for, on every simulated platform. */
export const benchTrips = async (): Promise<void> => {
  for (const platform of Object.keys(loaded) as Platform[])
    for (const transport of loaded[platform].filter((one) => one !== 'telnet')) await measureTrips(platform, transport);
};

/** `node dist/bench/trips/trips.js eos ssh` measures one, and prints what the last deployment sent on stderr. */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [platform, transport = 'ssh'] = process.argv.slice(2) as [Platform?, Transport?];
  const told = ({ ms, command }: Heard['commands'][number]) => `${ms.toFixed(0).padStart(6)} ${command}`;
  if (platform) await measureTrips(platform, transport, (commands) => console.error(commands.map(told).join('\n')));
  else await benchTrips();
}
