import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DeviceState, type Job, Runner } from '../../core/bus.ts';
import { publishIntent } from '../../core/intents.ts';
import { watchJob } from '../../core/job-watch.ts';
import { getStoredJob, newJob, putJob } from '../../core/jobs.ts';
import { getRecord, listRecords } from '../../core/records.ts';
import { natsForTest } from '../nats.ts';
import { type RunnerProcess, runnerProcess } from '../runner-process.ts';
import { lacks, type Subjects, startSubjects, subjectNames } from '../subjects/subjects.ts';

const pausedMs = 20_000;
const patient = { timeout: 90_000, interval: 250 };

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

  const publish = async (name: string, number: number): Promise<string> => {
    const job = newJob(name, 'deploy');
    await putJob(nats.store, job);
    await publishIntent(nats.store, name, subjects.get(name).text(number), { fromSource: true, job: job.id });
    return job.id;
  };

  const stateOf = async (name: string) => (await getRecord(nats.store.state, DeviceState, name))?.value;
  const inSync = (name: string) => async () => {
    const { sync, reason, trial } = (await stateOf(name)) ?? {};
    return { sync, reason, trial };
  };
  const isWell = async (number: number): Promise<void> => {
    await Promise.all(
      subjects.all.map(async (subject) => {
        await expect.poll(inSync(subject.name), { ...patient, message: subject.name }).toEqual({
          sync: 'in_sync',
          reason: '',
          trial: null,
        });
        expect(await subject.running(), subject.name).toContain(subject.mark(number));
      }),
    );
  };

  /** Every device has a trial, and its holder is stopped. @returns the jobs by device */
  const stopInTrial = async (holder: RunnerProcess): Promise<Map<string, string>> => {
    await Promise.all(subjects.all.map(({ name }) => publish(name, 0)));
    await isWell(0);
    const jobs = new Map<string, string>();
    await Promise.all(
      subjects.all.map(async ({ name }) => {
        const id = await publish(name, 1);
        jobs.set(name, id);
        for await (const { steps } of watchJob(nats.store, id, AbortSignal.timeout(60_000)))
          if (steps.some(({ step }) => step === 'checking')) break;
        subjects.gate(name).shut();
      }),
    );
    holder.child.kill('SIGSTOP');
    for (const { name } of subjects.all) subjects.gate(name).open();
    return jobs;
  };

  /** Only the session that armed it ends such a trial, and that one is stopped: its timer shall have little left. */
  const hasten = () => {
    for (const { driver, expire } of subjects.all) if (driver.capabilities.confirmFrom === 'armingSession') expire(2);
  };

  it('finds its jobs done by another, and writes and changes nothing more', async () => {
    const first = start();
    const jobs = await stopInTrial(first);
    const stoppedMs = performance.now();
    hasten();
    start();
    await isWell(1);
    const before = new Map<string, { job: Job | undefined; seq: number }>();
    for (const [name, id] of jobs) before.set(name, await getStoredJob(nats.store, id, name));
    const from = new Set([...before.values()].map(({ job }) => job?.takeovers?.at(-1)?.from));
    for (const [name, { job }] of before) {
      expect(job, name).toMatchObject({ state: 'finished', outcome: { kind: 'applied' } });
      expect(job?.takeovers, name).toHaveLength(1);
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
    await expect
      .poll(async () => (await listRecords(nats.store.runners, Runner)).get(holder)?.devices, patient)
      .toEqual([]);
    expect(said).not.toContain(holder);
    for (const [name, id] of jobs)
      expect((await getStoredJob(nats.store, id, name)).seq, name).toBe(before.get(name)?.seq);
    await isWell(1);
    for (const subject of subjects.all) expect(await subject.hasTrial(), subject.name).toBe(false);
  }, 240_000);

  it('goes on with its own jobs where nobody took them', async () => {
    const only = start();
    const jobs = await stopInTrial(only);
    await wait(pausedMs);
    only.child.kill('SIGCONT');
    hasten();
    await isWell(1);
    for (const [name, id] of jobs) {
      const { job } = await getStoredJob(nats.store, id, name);
      expect(job?.outcome, name).toEqual({ kind: 'applied' });
      expect(job?.takeovers, name).toMatchObject([{ step: 'checking' }]);
      expect(job?.takeovers?.[0]?.from, name).toBe(job?.takeovers?.[0]?.by);
    }
  }, 240_000);
});
