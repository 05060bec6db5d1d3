import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DeviceState } from '../../core/bus.ts';
import { watchJob } from '../../core/store/job-watch.ts';
import { getRecord } from '../../core/store/records.ts';
import type { RouterName } from '../../lab/frr/topology.ts';
import { describeLab } from '../lab.ts';
import { type PlumbLab, plumbLab, publishTo } from '../plumb-lab.ts';
import { jobAt } from '../runner.ts';

const stoppedMs = 22_000;
const patient = { timeout: 120_000, interval: 500 };

describeLab('what a deployment talks with stands still for 22 s', () => {
  let plumb: PlumbLab;
  beforeAll(async () => {
    plumb = await plumbLab();
  });
  afterAll(async () => plumb?.[Symbol.asyncDispose]());

  /** Stops processes on a router, by the name of their program. @returns their ids; some end of themselves meanwhile */
  const stop = (name: RouterName, programs: RegExp): number[] =>
    execFileSync('ip', ['netns', 'pids', plumb.lab.router(name).namespace], { encoding: 'utf8' })
      .split('\n')
      .filter(Boolean)
      .map(Number)
      .filter((pid) => {
        try {
          return programs.test(readFileSync(`/proc/${pid}/comm`, 'utf8')) && process.kill(pid, 'SIGSTOP');
        } catch {
          return false; // it has ended
        }
      });

  it.each([
    ['checking', 'the whole router', /^(?:zebra|bgpd|staticd|watchfrr|sshd)/],
    ['committing', 'its sshd', /^sshd/],
  ] as const)('in %s, %s: is deployed to once it goes on', async (step, words, programs) => {
    const { lab, store, texts } = plumb;
    const text = texts.leaf1.replace(/^ description loopback.*$/m, ` description loopback ${words}`);
    const id = await publishTo(store, 'leaf1', text, { confirmSeconds: 60 });
    for await (const { state, steps } of watchJob(store, id, AbortSignal.timeout(60_000)))
      if (state === 'finished' || steps.some((each) => each.step === step)) break;
    const stopped = stop('leaf1', programs);
    expect(stopped).not.toEqual([]);
    await wait(stoppedMs);
    for (const pid of stopped) {
      try {
        process.kill(pid, 'SIGCONT');
      } catch {} // its session ended meanwhile
    }
    const { outcome } = await jobAt(store, id);
    const runs = (await lab.runningConfig('leaf1')).includes(`loopback ${words}`);
    if (outcome?.kind === 'applied') expect(runs).toBe(true);
    const look = async () => {
      const { sync, reason, trial } = (await getRecord(store.state, DeviceState, 'leaf1'))?.value ?? {};
      return { sync, reason, trial };
    };
    await expect.poll(look, patient).toEqual({ sync: 'in_sync', reason: '', trial: null });
    expect(await lab.runningConfig('leaf1')).toContain(`loopback ${words}`);
    expect(await lab.startupConfig('leaf1')).toContain(`loopback ${words}`);
  });
});
