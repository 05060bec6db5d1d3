import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { getJob } from '../../core/store/jobs.ts';
import { natsForTest } from '../nats.ts';
import { type RunnerProcess, runnerProcess } from '../runner-process.ts';
import { allWell, hasten, publishAll, shutInTrial } from '../subjects/deployed.ts';
import { startSubjects } from '../subjects/subjects.ts';

const shifted = fileURLToPath(new URL('../shifted-clock.mjs', import.meta.url));
const hourMs = 3_600_000;

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
  const isWell = (number: number) => allWell(store, subjects, number);
  let holder = runnerAt(subjects.folder, nats.url, hourMs);
  try {
    await publishAll(store, subjects, 0);
    await isWell(0);
    for (const [round, aheadMs] of [-hourMs, hourMs].entries()) {
      const jobs = await shutInTrial(store, subjects, round + 1);
      await holder.kill();
      for (const { name } of subjects.all) subjects.gate(name).open();
      hasten(subjects);
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
