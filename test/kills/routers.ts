import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DeviceState, type Step } from '../../core/bus.ts';
import { listJobs } from '../../core/store/jobs.ts';
import { getRecord } from '../../core/store/records.ts';
import { type RouterName, routerNames } from '../../lab/frr/topology.ts';
import { describeLab } from '../lab.ts';
import { bgpUp, deployTo, labRunner, type PlumbLab, plumbLab, publishTo } from '../plumb-lab.ts';
import { jobAt } from '../runner.ts';
import { labRepository, type RunnerProcess, runnerProcess } from '../runner-process.ts';

const sessions = { spine1: 4, leaf1: 2, leaf2: 2 } as const;

/**
 * Kills the runners of three FRR routers while they deploy, in turn in each of the steps and anywhere in it.
 *
 * @param tries over all routers, which take them at once
 */
export const killsOnRouters = (tries: number, steps: readonly Step[]): void =>
  describeLab(`a runner that is killed, ${tries} times over ${steps.length} steps`, () => {
    let plumb: PlumbLab;
    let folder: string;
    const running = new Map<RouterName, RunnerProcess>();
    beforeAll(async () => {
      plumb = await plumbLab({ runner: false });
      folder = await labRepository(plumb.lab);
      await using _runner = await labRunner(plumb.store, plumb.lab);
      for (const name of routerNames) await deployTo(plumb.store, name, plumb.texts[name]);
      await Promise.all(routerNames.map((name) => bgpUp(plumb.lab, name, sessions[name])));
    });
    afterAll(async () => {
      for (const runner of running.values()) await runner.kill();
      await plumb?.[Symbol.asyncDispose]();
    });

    const stateOf = async (name: RouterName) => (await getRecord(plumb.store.state, DeviceState, name))?.value;

    /** What a dead runner must not leave on a router. */
    const leftovers = (name: RouterName) =>
      plumb.lab.console(
        name,
        'ls /run/plumbline/$PS 2>/dev/null; ls /var/run/frr/reload-*.txt 2>/dev/null; pgrep -af "frr-reload.*$PS |vtysh.*-f .*$PS" | grep -v pgrep; true',
      );

    /** @param victim killed in its turn @returns the one that came after it */
    const once = async (name: RouterName, number: number, victim: RunnerProcess): Promise<RunnerProcess> => {
      const { lab, store, texts, nats } = plumb;
      const step = steps[number % steps.length] ?? 'committing';
      const text = texts[name].replace(/^ description loopback.*$/m, ` description loopback try ${number}`);
      const job = await publishTo(store, name, text);
      await jobAt(store, job, step);
      await wait((number * 37) % 400); // anywhere in the step, not at its beginning alone
      await victim.kill();
      // silence takes 10 s, and another test waits for it; here it is made to come at once
      await store.lease.delete(name);
      const runner = runnerProcess(folder, nats.url, name, '--settled');
      running.set(name, runner);
      await expect
        .poll(
          async () =>
            (await stateOf(name))?.sync === 'in_sync' &&
            (await lab.runningConfig(name)).includes(`loopback try ${number}\n`),
          {
            timeout: 60_000,
            interval: 200,
            message: `try ${number}: ${name} after a kill in "${step}": ${runner.printed()}`,
          },
        )
        .toBe(true);
      expect(await leftovers(name), `try ${number}, ${step}`).toBe('');
      expect(await lab.startupConfig(name)).toContain(`loopback try ${number}\n`);
      const { jobs } = await listJobs(store, { devices: [name], limit: 5 });
      expect(jobs.filter(({ state }) => state !== 'finished')).toEqual([]);
      const sha256 = (await stateOf(name))?.applied?.generation.sha256;
      await using session = await lab.openSession(name);
      const commits = (await session.saved()).filter((saved) => saved.sha256 === sha256 && saved.outcome === 'applied');
      expect(commits, `try ${number}, ${step}: committed once`).toHaveLength(1);
      return runner;
    };

    it(
      'leaves its router at the newest intent or its last good state, and the next one brings it to the newest',
      async () => {
        const share = (index: number) =>
          Array.from({ length: tries }, (_, number) => number).filter((number) => number % 3 === index);
        await Promise.all(
          routerNames.map(async (name, index) => {
            let runner = runnerProcess(folder, plumb.nats.url, name, '--settled');
            running.set(name, runner);
            for (const number of share(index)) runner = await once(name, number, runner);
          }),
        );
        await Promise.all(routerNames.map((name) => bgpUp(plumb.lab, name, sessions[name])));
      },
      15 * 60_000,
    );
  });
