import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultPolicy } from '../core/inventory/schema.ts';
import { type Ports, startSim } from '../lab/sim/sim.ts';
import { driverFor } from '../runners/drivers/registry.ts';
import { print } from './figures.ts';
import { configOf, loaded } from './texts/load.ts';

const lines = 20_000;
const rttMs = 50;
const forever = new AbortController().signal;

type Platform = keyof typeof loaded;
type Transport = keyof Ports & string;

/** Milliseconds of each step of a deployment on a simulated device at that round-trip time. */
const deployed = async (platform: Platform, transport: Transport, rtt: number) => {
  const folder = await mkdtemp(join(tmpdir(), 'plumb-bench-'));
  await using sim = await startSim({ platform, config: configOf(platform, 20), ports: { [transport]: 0 } });
  try {
    const port = sim.ports[transport] ?? 0;
    const knownHosts = join(folder, 'known_hosts');
    await writeFile(knownHosts, `[${sim.host}]:${port} ${sim.hostKey}\n`);
    const device = {
      name: 'r1',
      host: sim.host,
      platform,
      transport,
      port,
      credentials: undefined,
      role: undefined,
      groups: [],
      vars: {},
      policy: defaultPolicy,
      options: { tlsFingerprint: new X509Certificate(sim.tls.cert).fingerprint256 },
    };
    const target = { device, credentials: { username: sim.user, password: 'admin' }, knownHosts };
    await using session = await driverFor(platform).open(target, forever);
    sim.faults.set({ rttMs: rtt });
    const text = configOf(platform, lines);
    let startedMs = performance.now();
    const since = () => {
      const ms = performance.now() - startedMs;
      startedMs = performance.now();
      return Math.round(ms);
    };
    const change = { job: `bench${'x'.repeat(20)}`, epoch: 1, sha256: 'a'.repeat(64) };
    await using candidate = await session.load(text, 'replace', change);
    const load = since();
    await candidate.diff();
    const diff = since();
    await (await candidate.commit({ confirmSeconds: 600, fence: () => {} })).confirm();
    return { load, diff, commitAndConfirm: since() };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** Load, diff and commit of 20,000 lines, and how many round trips a load waits for, on every simulated platform. */
export const benchLoad = async (): Promise<void> => {
  for (const platform of Object.keys(loaded) as Platform[]) {
    for (const transport of loaded[platform]) {
      const near = await deployed(platform, transport, 0);
      const far = await deployed(platform, transport, rttMs);
      const roundTrips = Math.max(0, Math.round((far.load - near.load) / rttMs));
      print({
        figure: '20,000 lines, ms',
        platform,
        transport,
        ...near,
        roundTripMs: rttMs,
        loadFar: far.load,
        roundTrips,
      });
    }
  }
};

if (process.argv[1] === fileURLToPath(import.meta.url)) await benchLoad();
