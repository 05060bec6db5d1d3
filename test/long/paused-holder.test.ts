import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Job } from '../../core/bus.ts';
import { watchJob } from '../../core/store/job-watch.ts';
import { getStoredJob } from '../../core/store/jobs.ts';
import type { Moment } from '../kills/platforms.ts';
import { natsForTest } from '../nats.ts';
import { killSteps, type RunnerProcess, runnerProcess } from '../runner-process.ts';
import { allWell, hasten, patient, publish, publishAll, shutInTrial } from '../subjects/deployed.ts';
import { lacks, type Subjects, startSubjects, subjectNames } from '../subjects/subjects.ts';

/** `checking` has tests of its own here; whoever is stopped after the end has nothing to do any more. */
const pauseSteps = killSteps.filter((step) => step !== 'checking' && step !== 'finished');
const pausedMs = 20_000;
/** A device's gate is shut once its record says `checking`: one whose checks were over by then may have ended its job alone. */
const cutTooLate = 'applied before its gate was shut';
/** What a runner says that finds itself taken for dead. */
const lostAll = (name: string) => `formerly ${name}`;

describe(`a holder that is stopped for 20 s in its trial, on every platform${lacks}`, () => {
  let nats: Awaited<ReturnType<typeof natsForTest>>;
  let subjects: Subjects;
  let runners: RunnerProcess[];

  beforeEach(async () => {
    [nats, subjects] = await Promise.all([natsForTest(), startSubjects(subjectNames)]);
    runners = [];
  });
  afterEach(async () => {
    for (const runner of runners) await runner.kill();
    await subjects?.[Symbol.asyncDispose]();
    await nats?.[Symbol.asyncDispose]();
  });

  const start = (): RunnerProcess => {
    const runner = runnerProcess(subjects.folder, nats.url);
    runners.push(runner);
    return runner;
  };

  const isWell = (number: number) => allWell(nats.store, subjects, number);

  /** Every device has a trial, and its holder is stopped. @returns the jobs by device */
  const stopInTrial = async (holder: RunnerProcess): Promise<Map<string, string>> => {
    await publishAll(nats.store, subjects, 0);
    await isWell(0);
    const jobs = await shutInTrial(nats.store, subjects, 1);
    holder.child.kill('SIGSTOP');
    for (const { name } of subjects.all) subjects.gate(name).open();
    return jobs;
  };

  it('finds its jobs done by another, and writes and changes nothing more', async () => {
    const first = start();
    const jobs = await stopInTrial(first);
    const stoppedMs = performance.now();
    hasten(subjects);
    start();
    await isWell(1);
    const before = await storedJobs(jobs);
    const from = new Set([...before.values()].flatMap(({ job }) => job?.takeovers?.at(-1)?.from ?? []));
    for (const [name, { job }] of before) {
      expect(job, name).toMatchObject({ state: 'finished', outcome: { kind: 'applied' } });
      expect(job?.takeovers ?? [cutTooLate], name).toHaveLength(1);
    }
    expect(from.size).toBe(1);
    const said: string[] = [];
    const [holder = ''] = from;
    for (const subject of ['dc1.*.job.*', '$KV.dc1-state.*']) {
      nats.store.nc.subscribe(subject, {
        callback: (_, message) => void said.push(message.json<{ runner?: string }>().runner ?? ''),
      });
    }
    await wait(Math.max(0, pausedMs - (performance.now() - stoppedMs)));
    first.child.kill('SIGCONT');
    await expect.poll(() => first.printed(), patient).toContain(lostAll(holder));
    expect(said).not.toContain(holder);
    for (const [name, id] of jobs)
      expect((await getStoredJob(nats.store, id, name)).seq, name).toBe(before.get(name)?.seq);
    await isWell(1);
  }, 240_000);

  const storedJobs = async (jobs: ReadonlyMap<string, string>) => {
    const found = new Map<string, { job: Job | undefined; seq: number }>();
    for (const [name, id] of jobs) found.set(name, await getStoredJob(nats.store, id, name));
    return found;
  };

  /** Every device is held up at its own moment, and then its holder is stopped; what was held up passes. @returns the jobs */
  const stopAt = async (holder: RunnerProcess, number: number, moment: (index: number) => Moment) => {
    const jobs = new Map<string, string>();
    await Promise.all(
      subjects.all.map(async (subject, index) => {
        const { name } = subject;
        const { step, writes } = moment(index);
        const id = await publish(nats.store, subject, number);
        jobs.set(name, id);
        const over = new AbortController();
        const until = async (wanted: string) => {
          for await (const { state, steps } of watchJob(nats.store, id, over.signal))
            if (state === 'finished' || steps.some((each) => each.step === wanted)) return;
        };
        await until(step);
        await Promise.race([subjects.gate(name).holdAfter(writes), until('finished')]);
        over.abort();
      }),
    );
    holder.child.kill('SIGSTOP');
    for (const { name } of subjects.all) subjects.gate(name).release();
    return jobs;
  };

  it('changes nothing once it wakes, whatever it was doing, with its connections still open', async () => {
    let holder = start();
    await publishAll(nats.store, subjects, 0);
    await isWell(0);
    for (const round of [0, 1, 2]) {
      const moment = (index: number): Moment => ({
        step: pauseSteps[(index + round * 3) % pauseSteps.length] ?? 'loading',
        writes: round === 0 ? 0 : (index + round) % 4,
      });
      const said: string[] = [];
      for (const subject of ['dc1.*.job.*', '$KV.dc1-state.*']) {
        nats.store.nc.subscribe(subject, {
          callback: (_, message) => void said.push(message.json<{ runner?: string }>().runner ?? ''),
        });
      }
      const jobs = await stopAt(holder, round + 1, moment);
      const stopped = [...(await storedJobs(jobs)).values()].map(({ job }) => job?.runner).find(Boolean) ?? '';
      hasten(subjects);
      const next = start();
      await wait(pausedMs);
      const before = await storedJobs(jobs);
      said.length = 0;
      holder.child.kill('SIGCONT');
      // a lock that the stopped one has on its device stays until it wakes: nobody takes it from it
      await isWell(round + 1);
      await expect.poll(() => holder.printed(), patient).toContain(lostAll(stopped)); // it woke, and knows that it lost them
      expect(said, `round ${round}`).not.toContain(stopped);
      for (const [index, { name: device }] of subjects.all.entries()) {
        const was = before.get(device);
        const is = (await storedJobs(jobs)).get(device);
        const when = `${device}, stopped at ${JSON.stringify(moment(index))}`;
        expect(is?.job?.state, when).toBe('finished');
        if (was?.job?.state === 'finished') expect(is?.seq, when).toBe(was.seq);
      }
      await isWell(round + 1);
      await holder.kill();
      holder = next;
    }
  }, 300_000);

  it('goes on with its own jobs where nobody took them', async () => {
    const only = start();
    const jobs = await stopInTrial(only);
    await wait(pausedMs);
    only.child.kill('SIGCONT');
    hasten(subjects);
    await isWell(1);
    let cutOff = 0;
    for (const [name, id] of jobs) {
      const { job } = await getStoredJob(nats.store, id, name);
      expect(job?.outcome, name).toEqual({ kind: 'applied' });
      if (!job?.takeovers) continue; // see cutTooLate
      cutOff++;
      const inTrial = expect.stringMatching(/^(?:checking|confirming|reading_back)$/);
      expect(job.takeovers, name).toMatchObject([{ step: inTrial }]);
      expect(job.takeovers[0]?.from, name).toBe(job.takeovers[0]?.by);
    }
    expect(cutOff).toBeGreaterThan(0);
  }, 240_000);
});
