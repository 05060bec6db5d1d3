import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connectNats } from '../../core/store/server/connect.ts';
import { startNatsServer } from '../../core/store/server/nats-server.ts';
import { openStore, type Store } from '../../core/store/store.ts';
import { print } from '../figures.ts';
import { fillSite, renewLeases } from '../texts/fleet.ts';
import { startApiProcess } from './api-process.ts';

const devices = 10_000;
const jobs = 100_000;
const rounds = 60;

const paths = [
  '/api/v1/devices?limit=200',
  '/api/v1/devices?fields=device,platform,sync,reason,state.bgp',
  '/api/v1/devices?select=rack.row=7&limit=200',
  '/api/v1/devices',
  '/api/v1/jobs',
  '/api/v1/jobs?limit=200&kind=bgp',
  '/api/v1/jobs?device=leaf00042',
  '/metrics',
];

const at = (sorted: readonly number[], share: number) =>
  Math.round((sorted[Math.floor(sorted.length * share)] ?? 0) * 10) / 10;

/** How long answers take, one after the other, while the leases are renewed as their runner does. */
const measure = async (url: string, key: string): Promise<void> => {
  for (const path of paths) {
    const took: number[] = [];
    let bytes = 0;
    for (let round = 0; round < rounds; round += 1) {
      const startedMs = performance.now();
      const reply = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${key}` } });
      const body = await reply.arrayBuffer();
      if (!reply.ok) throw new Error(`${path}: ${reply.status}`);
      took.push(performance.now() - startedMs);
      bytes = body.byteLength;
    }
    took.sort((a, b) => a - b);
    print({
      figure: 'REST, 10,000 devices and 100,000 jobs, ms',
      path,
      p50: at(took, 0.5),
      p99: at(took, 0.99),
      bytes,
    });
  }
};

const site = async (folder: string, store: Store, url: string): Promise<void> => {
  await fillSite(store, devices, jobs);
  let renewing = renewLeases(store, devices);
  await renewing;
  const timer = setInterval(() => {
    renewing = renewing.then(() => renewLeases(store, devices));
  }, 2_500);
  try {
    await using api = await startApiProcess(folder, url);
    print({
      figure: 'REST, from start to the first whole list of jobs, ms',
      ms: await api.loadedMs(),
      rssMb: await api.rssMb(),
    });
    await measure(api.url, api.key);
    print({ figure: 'REST, memory of the process, MB', rssMb: await api.rssMb(), peakMb: await api.peakMb() });
  } finally {
    clearInterval(timer);
    await renewing;
  }
};

/** What the views of the API cost: time for each answer, memory, start. */
export const benchViews = async (): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'plumb-bench-'));
  try {
    await using server = await startNatsServer(join(folder));
    const nc = await connectNats({ url: server.url, name: 'bench' });
    await site(folder, await openStore(nc, 'dc1'), server.url);
    await nc.close();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

if (process.argv[1] === fileURLToPath(import.meta.url)) await benchViews();
