import { readFile } from 'node:fs/promises';
import { pino } from 'pino';
import type { Job } from '../core/bus.ts';
import type { IntentMeta } from '../core/intent/meta.ts';
import { defaultPolicy, type Inventory } from '../core/inventory/schema.ts';
import { publishIntent } from '../core/store/intents.ts';
import { newJob, putJob } from '../core/store/jobs.ts';
import type { Store } from '../core/store/store.ts';
import { type RouterName, routerNames } from '../lab/frr/topology.ts';
import { driverFor } from '../runners/drivers/registry.ts';
import { type RunnerHandle, startRunner } from '../runners/main.ts';
import { labForTest, type TestLab } from './lab.ts';
import { natsForTest } from './nats.ts';
import { jobAt } from './runner.ts';

/** Everything that was logged by runners of tests in this process, for the search for planted secrets. */
export const logged: string[] = [];

/** The text that the repository intends for a router. */
export const intended = (name: RouterName): Promise<string> =>
  readFile(new URL(`../intended/configs/${name}.cfg`, import.meta.url), 'utf8');

/** The inventory of a lab, with polling fast enough for tests. */
export const labInventory = (lab: TestLab): Inventory => {
  const policy = { ...defaultPolicy, firstDeployment: 'auto', pollSeconds: 1 } as const;
  return {
    site: 'dc1',
    lab: true,
    path: `${lab.folder}/inventory.yml`,
    devices: new Map(routerNames.map((name) => [name, { ...lab.device(name), policy }])),
  };
};

/** A runner in this process that holds the lab's routers. */
export const labRunner = (
  store: Store,
  lab: TestLab,
  devices: readonly string[] = routerNames,
): Promise<RunnerHandle> => {
  const log = pino(
    { level: 'trace' },
    {
      write: (line: string) => {
        logged.push(line);
        if (process.env.PLUMB_TEST_LOG) process.stderr.write(line);
      },
    },
  );
  return startRunner({
    store,
    inventory: labInventory(lab),
    pool: { names: [...devices] },
    driverFor,
    knownHosts: lab.target('leaf1').knownHosts,
    log,
    version: 'test',
    settled: true,
  });
};

/** Publishes an intent under a job of its own. @returns the job's id */
export const publishTo = async (
  store: Store,
  name: RouterName,
  text: string | Uint8Array,
  meta: IntentMeta = {},
): Promise<string> => {
  const job = newJob(name, 'deploy');
  await putJob(store, job);
  await publishIntent(store, name, text, { fromSource: true, ...meta, job: job.id });
  return job.id;
};

/** Publishes an intent and resolves with its job once it is finished. */
export const deployTo = async (
  store: Store,
  name: RouterName,
  text: string | Uint8Array,
  meta: IntentMeta = {},
): Promise<Job> => jobAt(store, await publishTo(store, name, text, meta));

type Peers = Record<string, { state: string; peerUptimeMsec: number; pfxRcd: number; connectionsEstablished: number }>;

/** The BGP sessions of a router by address, as FRR's own console tells them. */
export const bgpPeers = async (lab: TestLab, name: RouterName): Promise<Peers> => {
  const summary = JSON.parse(await lab.vtysh(name, 'show bgp summary json')) as Record<string, { peers?: Peers }>;
  return Object.assign({}, ...Object.values(summary).map(({ peers }) => peers ?? {})) as Peers;
};

/** Resolves once every session that a router has is Established and has received prefixes. */
export const bgpUp = async (lab: TestLab, name: RouterName, sessions: number): Promise<Peers> => {
  const untilMs = performance.now() + 40_000;
  for (;;) {
    const peers = await bgpPeers(lab, name);
    const up = Object.values(peers).filter(({ state, pfxRcd }) => state === 'Established' && pfxRcd > 0);
    if (up.length === sessions && Object.keys(peers).length === sessions) return peers;
    if (performance.now() > untilMs) throw new Error(`${name}: sessions did not come up: ${JSON.stringify(peers)}`);
    await new Promise((resolve) => setTimeout(resolve, 100)); // a console has no events
  }
};

/** A lab, a nats-server, and (unless told otherwise) a runner that has deployed the intended configurations. */
export const plumbLab = async (options: { runner?: boolean; daemons?: readonly string[] } = {}) => {
  const lab = await labForTest(options.daemons);
  const nats = await natsForTest();
  const { store } = nats;
  const runner = options.runner === false ? undefined : await labRunner(store, lab);
  const texts = Object.fromEntries(
    await Promise.all(routerNames.map(async (name) => [name, await intended(name)])),
  ) as Record<RouterName, string>;
  if (runner) {
    const jobs = await Promise.all(routerNames.map((name) => deployTo(store, name, texts[name])));
    for (const job of jobs)
      if (job.outcome?.kind !== 'applied') throw new Error(`${job.device}: ${JSON.stringify(job)}`);
    await Promise.all([bgpUp(lab, 'spine1', 4), bgpUp(lab, 'leaf1', 2), bgpUp(lab, 'leaf2', 2)]);
  }
  return {
    lab,
    nats,
    store,
    texts,
    [Symbol.asyncDispose]: async () => {
      await runner?.[Symbol.asyncDispose]();
      await nats[Symbol.asyncDispose]();
      await lab[Symbol.asyncDispose]();
    },
  };
};
export type PlumbLab = Awaited<ReturnType<typeof plumbLab>>;
