import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Job, Step } from '../core/bus.ts';
import { loadInventory } from '../core/inventory/inventory.ts';
import type { Inventory } from '../core/inventory/schema.ts';
import { watchJob } from '../core/store/job-watch.ts';
import { connectNats } from '../core/store/server/connect.ts';
import { startNatsServer } from '../core/store/server/nats-server.ts';
import { openStore, type Store } from '../core/store/store.ts';
import { type Lab, labUp } from '../lab/frr/up.ts';
import { driverFor } from '../runners/drivers/registry.ts';
import { startRunner } from '../runners/main.ts';
import { openFiles } from '../watcher/files/files.ts';
import { startWatcher } from '../watcher/main.ts';
import { Console, deployByHand } from './by-hand.ts';
import { median, print, ratio } from './figures.ts';

const rounds = 11;
const router = 'leaf1';

/** The repository's inventory, with the routers where this lab has them. */
const inLab = (inventory: Inventory, lab: Lab): Inventory => ({
  ...inventory,
  devices: new Map(
    lab.routers.map(({ name, host, pathspace }) => {
      const device = inventory.devices.get(name);
      if (!device) throw new Error(`${name} is not in the inventory`);
      const credentials = { username: lab.username, key: { file: lab.key } };
      return [name, { ...device, host, credentials, options: { ...device.options, pathspace } }];
    }),
  ),
});

const jobsOf = async (store: Store, count: number, wanted: (job: Job) => boolean): Promise<Job[]> => {
  const done: Job[] = [];
  for await (const job of watchJob(store, '*', AbortSignal.timeout(120_000))) {
    if (job.state !== 'finished' || !wanted(job)) continue;
    if (job.outcome?.kind !== 'applied') throw new Error(`${job.device}: ${JSON.stringify(job.outcome)}`);
    done.push(job);
    if (done.length === count) return done;
  }
  throw new Error('the deployments did not finish');
};

const at = (job: Job, step: Step): number => Date.parse(job.steps.find((one) => one.step === step)?.startedAt ?? '');

const described = (text: string, words: string) =>
  text.replace(/^ description loopback.*$/m, ` description loopback ${words}`);

const measure = async (folder: string, store: Store, lab: Lab): Promise<void> => {
  const path = join(folder, 'intended', 'configs', `${router}.cfg`);
  const text = await readFile(path, 'utf8');
  const leaf = lab.routers.find(({ name }) => name === router);
  if (!leaf) throw new Error('the lab has no such router');
  using shell = new Console(leaf);
  const ours: { applied: number; proof: number; confirmed: number }[] = [];
  const hand: { applied: number; saved: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    const finished = jobsOf(store, 1, ({ device }) => device === router);
    await store.nc.flush();
    const saved = Date.now();
    await writeFile(path, described(text, `round ${round}`));
    const [job] = await finished;
    if (!job) throw new Error('no job');
    const proof = at(job, 'confirming') - at(job, 'checking');
    ours.push({ applied: at(job, 'checking') - saved, proof, confirmed: at(job, 'reading_back') - saved - proof });
    const byHand = join(folder, 'by-hand.conf');
    await writeFile(byHand, described(text, `by hand ${round}`));
    hand.push(await deployByHand(shell, leaf, byHand));
  }
  const applied = { ours: median(ours.map((one) => one.applied)), byHand: median(hand.map((one) => one.applied)) };
  const confirmed = { ours: median(ours.map((one) => one.confirmed)), byHand: median(hand.map((one) => one.saved)) };
  print({ figure: 'save to applied, ms', ...applied, ratio: ratio(applied.ours, applied.byHand), rounds });
  const proofMs = median(ours.map(({ proof }) => proof));
  print({
    figure: 'save to confirmed, ms',
    ...confirmed,
    ratio: ratio(confirmed.ours, confirmed.byHand),
    rounds,
    apart: { 'proof of BGP': proofMs },
  });
};

/** A one-line change on a real router, saved in a file, next to the same steps by hand in a shell on it. */
export const benchDeploy = async (root: string): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'plumb-bench-'));
  const knownHosts = join(folder, 'known_hosts');
  try {
    await using lab = await labUp({ folder: join(folder, 'lab'), knownHosts });
    await mkdir(join(folder, 'nats'));
    await using server = await startNatsServer(join(folder, 'nats'));
    const nc = await connectNats({ url: server.url, name: 'bench' });
    const inventory = join(folder, 'inventory.yml');
    await cp(join(root, 'inventory.yml'), inventory);
    await cp(join(root, 'intended'), join(folder, 'intended'), { recursive: true });
    const known = inLab(await loadInventory(inventory), lab);
    const store = await openStore(nc, known.site);
    const log = pino({ level: 'silent' });
    const first = jobsOf(store, lab.routers.length, () => true);
    {
      await using _runner = await startRunner({
        store,
        inventory: known,
        driverFor,
        knownHosts,
        log,
        version: 'bench',
        settled: true,
      });
      await using _watcher = startWatcher({
        store,
        source: await openFiles({ folder, inventory, loadInventory }),
        onEvent: () => {},
      });
      await first;
      await measure(folder, store, lab);
    }
    await nc.close();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
