import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DeviceState, Lease } from '../../core/bus.ts';
import { loadInventory } from '../../core/inventory/inventory.ts';
import { listJobs } from '../../core/store/jobs.ts';
import { getRecord } from '../../core/store/records.ts';
import { type RouterName, routerNames } from '../../lab/frr/topology.ts';
import type { RunnerHandle } from '../../runners/main.ts';
import { openFiles } from '../../watcher/files/files.ts';
import { openGit } from '../../watcher/git/git.ts';
import { startWatcher, type Watcher } from '../../watcher/main.ts';
import { describeLab, labForTest, type TestLab } from '../lab.ts';
import { restartableNats } from '../nats.ts';
import { bgpPeers, bgpUp, deployTo, intended, labRunner } from '../plumb-lab.ts';
import { labRepository, type RunnerProcess, runnerProcess } from '../runner-process.ts';

const run = promisify(execFile);
const sessions = { spine1: 4, leaf1: 2, leaf2: 2 } as const;

describeLab('routers whose NATS comes and goes', () => {
  let lab: TestLab;
  let nats: Awaited<ReturnType<typeof restartableNats>>;
  let folder: string;
  let watcher: Watcher;
  let runner: RunnerHandle;
  const path = (name: RouterName) => join(folder, 'intended', 'configs', `${name}.cfg`);
  const stateOf = async (name: RouterName) => (await getRecord(nats.store.state, DeviceState, name))?.value;
  const describeAs = async (name: RouterName, words: string) => {
    const text = await readFile(path(name), 'utf8');
    await writeFile(path(name), text.replace(/^ description loopback.*$/m, ` description loopback ${words}`));
  };
  const inSync = async (name: RouterName, words: string) => {
    await expect
      .poll(
        async () => [
          (await stateOf(name).catch(() => undefined))?.sync,
          (await lab.runningConfig(name)).includes(`loopback ${words}\n`),
        ],
        { timeout: 30_000 },
      )
      .toEqual(['in_sync', true]);
  };
  const epochs = async () =>
    Promise.all(
      routerNames.map(
        async (name) => (await getRecord(nats.store.lease, Lease, name).catch(() => undefined))?.value.epoch ?? 0,
      ),
    );
  /** What the router has saved before its commits: it grows with each. */
  const commits = async () =>
    Promise.all(
      routerNames.map(async (name) => (await lab.console(name, 'ls /var/lib/plumbline/$PS')).trim().split('\n').length),
    );

  beforeAll(async () => {
    lab = await labForTest();
    nats = await restartableNats();
    folder = await labRepository(lab);
    await mkdir(join(folder, 'intended', 'configs'), { recursive: true });
    for (const name of routerNames) await writeFile(path(name), await intended(name));
    watcher = startWatcher({
      store: nats.store,
      source: await openFiles({ folder, inventory: join(folder, 'inventory.yml'), loadInventory }),
      onEvent: () => {},
    });
    runner = await labRunner(nats.store, lab);
    await Promise.all(routerNames.map((name) => inSync(name, '').catch(() => {})));
    await Promise.all(routerNames.map((name) => bgpUp(lab, name, sessions[name])));
  });
  afterAll(async () => {
    await watcher?.[Symbol.asyncDispose]();
    await runner?.[Symbol.asyncDispose]();
    await nats?.[Symbol.asyncDispose]();
    await lab?.[Symbol.asyncDispose]();
  });

  it('are deployed to by a save, and only the one whose file it was', async () => {
    const before = await commits();
    await describeAs('leaf1', 'saved');
    await inSync('leaf1', 'saved');
    const after = await commits();
    expect(after.map((count, index) => count - (before[index] ?? 0))).toEqual([0, 1, 0]);
  });

  it('get what was saved while it was down, once it is back', async () => {
    await nats.stop();
    await describeAs('leaf2', 'saved while down');
    await nats.start();
    await inSync('leaf2', 'saved while down');
  });

  it('are left alone when its whole store is deleted, and the records come back', async () => {
    const [before, peers] = [await commits(), await bgpPeers(lab, 'spine1')];
    await nats.stop();
    await rm(join(nats.folder, 'jetstream'), { recursive: true });
    await nats.start();
    for (const name of routerNames) {
      await expect
        .poll(async () => (await stateOf(name).catch(() => undefined))?.sync, { timeout: 90_000 })
        .toBe('in_sync');
    }
    expect(await commits()).toEqual(before);
    for (const [address, { connectionsEstablished }] of Object.entries(await bgpPeers(lab, 'spine1'))) {
      expect(connectionsEstablished).toBe(peers[address]?.connectionsEstablished);
    }
  });

  it('get nothing old when its store is restored from before', async () => {
    const backup = `${nats.folder}-hour-ago`;
    await nats.stop();
    await cp(join(nats.folder, 'jetstream'), backup, { recursive: true });
    await nats.start();
    await describeAs('spine1', 'after the backup');
    await inSync('spine1', 'after the backup');
    const before = await commits();
    const claimed = await epochs();
    await nats.stop();
    await rm(join(nats.folder, 'jetstream'), { recursive: true });
    await cp(backup, join(nats.folder, 'jetstream'), { recursive: true });
    await rm(backup, { recursive: true });
    await nats.start();
    await expect
      .poll(
        async () => {
          const state = await stateOf('spine1').catch(() => undefined);
          return [state?.sync, state?.intent?.generation.sha256 === state?.applied?.generation.sha256];
        },
        { timeout: 90_000 },
      )
      .toEqual(['in_sync', true]);
    expect(await lab.runningConfig('spine1')).toContain('after the backup');
    expect(await commits()).toEqual(before);
    // no change is begun before each claim is made anew
    await expect
      .poll(async () => (await epochs()).every((epoch, index) => epoch > (claimed[index] ?? 0)), { timeout: 60_000 })
      .toBe(true);
    expect(await commits()).toEqual(before);
  });

  it('are deployed to by a commit, and not by a save, where the source is git', async () => {
    await watcher[Symbol.asyncDispose]();
    const git = (...args: string[]) =>
      run('git', ['-C', folder, '-c', 'user.name=Ann', '-c', 'user.email=ann@example.net', ...args]);
    await writeFile(join(folder, '.gitignore'), '.plumb/\n');
    await git('init', '-q', '-b', 'main');
    await git('add', '-A');
    await git('commit', '-qm', 'as it runs');
    watcher = startWatcher({
      store: nats.store,
      source: await openGit({ folder, inventory: join(folder, 'inventory.yml'), loadInventory, branch: 'main' }),
      onEvent: () => {},
    });
    await watcher.ready;
    const before = await commits();
    await describeAs('leaf1', 'committed');
    await git('commit', '-qam', 'leaf1: describe the loopback');
    await inSync('leaf1', 'committed');
    const { stdout } = await git('rev-parse', 'HEAD');
    expect((await stateOf('leaf1'))?.applied?.commit).toBe(stdout.trim());
    const { jobs } = await listJobs(nats.store, { devices: ['leaf1'], limit: 4 });
    const after = await commits();
    expect(
      after.map((count, index) => count - (before[index] ?? 0)),
      JSON.stringify(jobs, null, 1),
    ).toEqual([0, 1, 0]);
  });
});

describeLab('two runners for one router', () => {
  it('one works; when it is killed the other takes over within 15 s and deploys', async () => {
    await using lab = await labForTest();
    await using nats = await restartableNats();
    const folder = await labRepository(lab);
    const runners: RunnerProcess[] = [];
    try {
      const holder = async () => (await getRecord(nats.store.lease, Lease, 'leaf1'))?.value.runner;
      runners.push(runnerProcess(folder, nats.url, 'leaf1', '--settled'));
      await expect.poll(holder, { timeout: 20_000 }).toBeDefined();
      const first = await holder();
      runners.push(runnerProcess(folder, nats.url, 'leaf1'));
      expect((await deployTo(nats.store, 'leaf1', await intended('leaf1'))).runner).toBe(first);
      const startedMs = performance.now();
      await runners[0]?.kill();
      await expect.poll(async () => (await holder()) ?? first, { timeout: 20_000, interval: 50 }).not.toBe(first);
      expect(performance.now() - startedMs).toBeLessThan(15_000);
      const text = (await intended('leaf1')).replace(/^ description loopback.*$/m, ' description loopback second');
      const job = await deployTo(nats.store, 'leaf1', text);
      expect(job).toMatchObject({ outcome: { kind: 'applied' }, runner: await holder() });
    } finally {
      for (const runner of runners) await runner.kill();
    }
  });
});
