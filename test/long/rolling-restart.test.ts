import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { DeviceState, streams } from '../../core/bus.ts';
import { listJobs } from '../../core/store/jobs.ts';
import { sha256 } from '../../core/store/payload.ts';
import { listRecords } from '../../core/store/records.ts';
import { connectNats } from '../../core/store/server/connect.ts';
import { openStore } from '../../core/store/store.ts';
import { fleetOf, marks, numbered } from '../fleet.ts';
import { followLeases } from '../lease-log.ts';
import { clusterHealthy, natsCluster } from '../nats-cluster.ts';
import { natsVersion } from '../nats-versions.ts';
import { plumbProcess } from '../runner-process.ts';

/** How long a deployment may take while servers are restarted, from the saving of a text to the record of it. */
const promisedMs = 10_000;
const awayMs = 2_000;
const frozenMs = 20_000;
const everyMs = 1_000;
const names = Array.from({ length: 6 }, (_, at) => `leaf${at + 1}`);
const patient = { timeout: 60_000, interval: 500 };
const newest = await natsVersion('latest');
const why = typeof newest === 'string' ? ` (skipped: ${newest})` : '';

/** A text that was saved, and when by the clock. */
type Saved = { name: string; number: number; sha256: string; phase: string; at: number };

it.skipIf(why !== '')(
  `deployments go on while three servers are restarted in turn, and none is lost when one is killed or frozen${why}`,
  async () => {
    if (typeof newest === 'string') return;
    await using cluster = await natsCluster(newest.program);
    await using devices = await fleetOf(names);
    const url = cluster.urls.join(',');
    const nc = await connectNats({ url, name: 'test' });
    const store = await openStore(nc, 'dc1', 3);
    const log = await followLeases(store);
    const configs = join(devices.folder, 'intended', 'configs');
    await mkdir(configs, { recursive: true });

    const saved: Saved[] = [];
    const latest = new Map<string, number>();
    let phase = 'start';
    const save = async (name: string) => {
      const number = saved.length + 1;
      const text = numbered(name, number);
      const next = join(configs, `.${name}.new`);
      await writeFile(next, text);
      latest.set(name, number);
      saved.push({ name, number, sha256: sha256(Buffer.from(text)), phase, at: Date.now() });
      await rename(next, join(configs, `${name}.cfg`));
    };
    const jobs = async () => (await listJobs(store, { kind: 'deploy', limit: 1_000 })).jobs;
    /** When each text was on its device, by the records. */
    const applied = async (): Promise<Map<string, number>> =>
      new Map(
        (await jobs())
          .filter(({ outcome }) => outcome?.kind === 'applied')
          .map(({ generation, finishedAt = '' }) => [generation?.sha256 ?? '', Date.parse(finishedAt)]),
      );
    /** How long it took until a text, or a newer one in its place, was on its device. */
    const delayOf = ({ name, number, at }: Saved, ended: ReadonlyMap<string, number>): number => {
      const same = saved.filter((one) => one.name === name && one.number >= number);
      return Math.min(...same.map(({ sha256 }) => ended.get(sha256) ?? Infinity)) - at;
    };
    const led = async (stream: string) => {
      const { cluster: of } = await store.jsm.streams.info(stream);
      const leader = cluster.servers.find(({ name }) => name === of?.leader);
      if (!leader) throw new Error(`${stream} has no leader`);
      return leader;
    };
    const notWell = async () => {
      const states = await listRecords(store.state, DeviceState);
      return names.filter((name, at) => {
        const { sync, trial } = states.get(name) ?? {};
        const { running = '', trial: pending } = devices.sims[at] ?? {};
        return sync !== 'in_sync' || trial !== null || !marks(running, latest.get(name)) || pending !== undefined;
      });
    };

    for (const name of names) await save(name);
    const start = (...argv: string[]) => plumbProcess(devices.folder, url, argv);
    const watcher = start('watch', '--source', 'files');
    const runners = ['r0', 'r1'].map((name) => start('runner', '--name', name));
    const over = new AbortController();
    let saving = Promise.resolve();
    try {
      await expect.poll(notWell, patient).toEqual([]);
      saving = (async () => {
        for (let at = 0; !over.signal.aborted; at++) {
          await save(names[at % names.length] ?? '');
          await wait(everyMs, undefined, { signal: over.signal }).catch(() => {});
        }
      })();
      /** Something that was saved in this phase is on its device: deployments go on. */
      const goesOn = () =>
        expect
          .poll(async () => {
            const ended = await applied();
            return saved.some((one) => one.phase === phase && ended.has(one.sha256));
          }, patient)
          .toBe(true);

      for (const server of cluster.servers) {
        phase = `${server.name} restarted`;
        await server.end('SIGTERM');
        await wait(awayMs);
        server.start();
        await clusterHealthy(cluster.servers);
      }
      phase = 'all are up again';
      await goesOn();
      const lost = runners.filter(({ printed }) => printed().includes('the lease was lost'));
      expect(lost.map(({ printed }) => printed())).toEqual([]);

      phase = 'a leader killed';
      const killed = await led(streams.jobs('dc1'));
      await killed.end('SIGKILL');
      await wait(awayMs);
      killed.start();
      await clusterHealthy(cluster.servers);
      phase = 'it is up again';
      await goesOn();

      phase = 'a leader frozen';
      const frozen = await led(streams.jobs('dc1'));
      frozen.signal('SIGSTOP');
      await wait(frozenMs);
      frozen.signal('SIGCONT');
      await clusterHealthy(cluster.servers);
      phase = 'it goes on';
      await goesOn();
      over.abort();
      await saving;

      await expect.poll(notWell, patient).toEqual([]);
      await expect.poll(async () => (await jobs()).filter(({ state }) => state !== 'finished'), patient).toEqual([]);
      expect(log.wrong).toEqual([]);
      const ended = await applied();
      for (const phase of new Set(saved.map(({ phase }) => phase))) {
        const delays = saved.filter((one) => one.phase === phase).map((one) => delayOf(one, ended) / 1000);
        const told = delays.map((seconds) => seconds.toFixed(1)).join(' ');
        console.log(`${phase}: seconds until each text, or a newer one, was on its device: ${told}`);
      }
      const promised = saved.filter(({ phase }) => phase.endsWith('restarted'));
      expect(promised.filter((one) => delayOf(one, ended) > promisedMs)).toEqual([]);
    } finally {
      over.abort();
      await saving;
      for (const { kill } of [watcher, ...runners]) await kill();
      await nc.close();
    }
  },
);
