import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { DeviceState, type Job } from '../../core/bus.ts';
import { publishIntent } from '../../core/store/intents.ts';
import { getStoredJob, newJob, putJob } from '../../core/store/jobs.ts';
import { listRecords } from '../../core/store/records.ts';
import { fleetOf, marks, numbered } from '../fleet.ts';
import { followLeases } from '../lease-log.ts';
import { natsForTest } from '../nats.ts';
import { type RunnerProcess, runnerProcess } from '../runner-process.ts';

/** `PLUMB_POOL_KILLS=100` takes half an hour. Every fourth is a stop of 20 s instead. */
const kills = Number(process.env.PLUMB_POOL_KILLS ?? 3);
const stoppedMs = 20_000;
const apartMs = 8_000;
const names = Array.from({ length: 60 }, (_, at) => `leaf${at + 1}`);

it(`three runners with sixty devices, ${kills} times killed or stopped for 20 s, never hold one together, and lose no job`, {
  timeout: 240_000 + kills * 30_000,
}, async () => {
  await using nats = await natsForTest();
  await using devices = await fleetOf(names);
  const { store } = nats;
  const log = await followLeases(store);
  const start = (at: number) => runnerProcess(devices.folder, nats.url, '--name', `r${at}`);
  const runners: RunnerProcess[] = [0, 1, 2].map(start);
  try {
    const texts = new Map(names.map((name) => [name, 0]));
    const jobs: string[] = [];
    const publish = async (name: string, number: number) => {
      const job = newJob(name, 'deploy');
      await putJob(store, job);
      await publishIntent(store, name, numbered(name, number), { fromSource: true, job: job.id });
      texts.set(name, number);
      jobs.push(job.id);
    };
    await Promise.all(names.map((name) => publish(name, 1)));
    const patient = { timeout: 120_000, interval: 500 };
    const notWell = async () => {
      const states = await listRecords(store.state, DeviceState);
      return names.filter((name, at) => {
        const { sync, trial } = states.get(name) ?? {};
        const runs = marks(devices.sims[at]?.running ?? '', texts.get(name));
        return sync !== 'in_sync' || trial !== null || !runs || devices.sims[at]?.trial !== undefined;
      });
    };
    await expect.poll(notWell, patient).toEqual([]);

    for (let round = 0; round < kills; round++) {
      const at = round % runners.length;
      const some = names.filter((_, index) => index % 7 === round % 7);
      await Promise.all(some.map((name) => publish(name, round + 2)));
      await wait(round % 5 === 0 ? 0 : (round % 5) * 300); // some way into the deployments
      const runner = runners[at];
      if (round % 4 === 1) {
        runner?.child.kill('SIGSTOP');
        await wait(stoppedMs);
        runner?.child.kill('SIGCONT');
      } else {
        await runner?.kill();
        runners[at] = start(at);
        await wait(apartMs);
      }
    }

    await expect.poll(notWell, patient).toEqual([]);
    const unfinished = [];
    for (const id of jobs) {
      const { job } = await getStoredJob(store, id);
      if (job?.state !== 'finished') unfinished.push(job ?? id);
    }
    expect(unfinished as (Job | string)[]).toEqual([]);
    expect(log.wrong).toEqual([]);
    expect(log.claims()).toBeGreaterThan(names.length); // it was read along, and devices changed hands
    // a runner asks for its share 30 s after its start, eight devices at a time; one on its way is nobody's for a moment
    const shares = () => {
      const all = log.shares();
      return { runners: all.length, least: all[0] ?? 0, devices: all.reduce((sum, one) => sum + one, 0) };
    };
    const shared = { runners: 3, least: expect.toSatisfy((least: number) => least >= 12), devices: names.length };
    await expect.poll(shares, patient).toEqual(shared);
  } finally {
    for (const { kill } of runners) await kill();
  }
});
