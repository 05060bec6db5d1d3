import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { DeviceState } from '../../core/bus.ts';
import { publishIntent } from '../../core/store/intents.ts';
import { watchJob } from '../../core/store/job-watch.ts';
import { getJob, newJob, putJob } from '../../core/store/jobs.ts';
import { getRecord } from '../../core/store/records.ts';
import { natsForTest } from '../nats.ts';
import { type RunnerProcess, runnerProcess } from '../runner-process.ts';
import { startSubjects } from '../subjects/subjects.ts';

const shifted = fileURLToPath(new URL('../shifted-clock.mjs', import.meta.url));
const hourMs = 3_600_000;
const patient = { timeout: 90_000, interval: 250 };

/** A runner on a machine whose clock is so far ahead of everyone else's. */
const runnerAt = (folder: string, url: string, aheadMs: number): RunnerProcess => {
  const { NODE_OPTIONS = '' } = process.env;
  Object.assign(process.env, { NODE_OPTIONS: `--import ${shifted}`, PLUMB_TEST_CLOCK: String(aheadMs) });
  try {
    return runnerProcess(folder, url, '--settled');
  } finally {
    Object.assign(process.env, { NODE_OPTIONS });
  }
};

it('runners whose clocks are an hour ahead and behind take over from each other in a trial', async () => {
  await using nats = await natsForTest();
  await using subjects = await startSubjects(['eos-ssh', 'junos-ssh', 'ios-ssh', 'linux']);
  const { store } = nats;
  const publish = async (name: string, number: number): Promise<string> => {
    const job = newJob(name, 'deploy');
    await putJob(store, job);
    await publishIntent(store, name, subjects.get(name).text(number), { fromSource: true, job: job.id });
    return job.id;
  };
  const isWell = (number: number) =>
    Promise.all(
      subjects.all.map(async (subject) => {
        const look = async () => {
          const { sync, reason } = (await getRecord(store.state, DeviceState, subject.name))?.value ?? {};
          const runs = (await subject.running()).includes(subject.mark(number));
          return { sync, reason, runs, trial: await subject.hasTrial() };
        };
        const well = { sync: 'in_sync', reason: '', runs: true, trial: false };
        await expect.poll(look, { ...patient, message: subject.name }).toEqual(well);
      }),
    );
  let holder = runnerAt(subjects.folder, nats.url, hourMs);
  try {
    await Promise.all(subjects.all.map(({ name }) => publish(name, 0)));
    await isWell(0);
    for (const [round, aheadMs] of [-hourMs, hourMs].entries()) {
      const jobs = new Map<string, string>();
      await Promise.all(
        subjects.all.map(async ({ name }) => {
          const id = await publish(name, round + 1);
          jobs.set(name, id);
          for await (const { steps } of watchJob(store, id, AbortSignal.timeout(60_000)))
            if (steps.some(({ step }) => step === 'checking')) break;
          subjects.gate(name).shut();
        }),
      );
      await holder.kill();
      for (const { name } of subjects.all) subjects.gate(name).open();
      for (const { driver, expire } of subjects.all) if (driver.capabilities.confirmFrom === 'armingSession') expire(2);
      holder = runnerAt(subjects.folder, nats.url, aheadMs);
      await isWell(round + 1);
      for (const [name, id] of jobs) {
        const job = await getJob(store, id, name);
        expect(job, name).toMatchObject({ state: 'finished', outcome: { kind: 'applied' } });
        const aheadBy = Date.parse(job?.finishedAt ?? '') - Date.now();
        expect(Math.abs(aheadBy - aheadMs), 'its clock is another one').toBeLessThan(hourMs / 2);
      }
    }
  } finally {
    await holder.kill();
  }
}, 240_000);
