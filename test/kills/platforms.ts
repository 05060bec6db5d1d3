import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DeviceState, type Job, type Step } from '../../core/bus.ts';
import type { IntentMeta } from '../../core/intent/meta.ts';
import { publishIntent } from '../../core/store/intents.ts';
import { watchJob } from '../../core/store/job-watch.ts';
import { getJob, listJobs, newJob, putJob } from '../../core/store/jobs.ts';
import { getRecord } from '../../core/store/records.ts';
import { natsForTest } from '../nats.ts';
import { type RunnerProcess, runnerProcess } from '../runner-process.ts';
import type { Subject } from '../subjects/subject.ts';
import { lacks, type Subjects, startSubjects, subjectNames } from '../subjects/subjects.ts';

/** In a step: at its beginning, or after so many writes to the device. */
export type Moment = { step: Step; writes: number };

/** One kill: what it is called, and the moment of each device by its number. */
export type Kill = { title: string; moment: (index: number) => Moment };

/**
 * Kills the one runner of a device of every platform while it deploys to all of them.
 *
 * @param thorough also where a newer intent comes first, where nobody comes, and where the devices reboot
 */
export const killsOnPlatforms = (kills: readonly Kill[], thorough: boolean): void => {
  describe(`one runner that is killed while it deploys to every platform${lacks}`, () => {
    let nats: Awaited<ReturnType<typeof natsForTest>>;
    let subjects: Subjects;
    let runner: RunnerProcess;
    let tries = 0;
    /** What each device's newest intent is. */
    const newest = new Map<string, number>();

    beforeAll(async () => {
      [nats, subjects] = await Promise.all([natsForTest(), startSubjects(subjectNames)]);
      runner = runnerProcess(subjects.folder, nats.url, '--settled');
    });
    afterAll(async () => {
      await runner?.kill();
      await subjects?.[Symbol.asyncDispose]();
      await nats?.[Symbol.asyncDispose]();
    });

    const stateOf = async (name: string) => (await getRecord(nats.store.state, DeviceState, name))?.value;

    /** Resolves with the job once it came to the step or to its end. */
    const jobAt = async (id: string, step: Step, signal = AbortSignal.timeout(60_000)): Promise<Job | undefined> => {
      for await (const job of watchJob(nats.store, id, signal)) {
        if (job.state === 'finished' || job.steps.some((each) => each.step === step)) return job;
      }
      return undefined;
    };

    const publish = async ({ name, text }: Subject, number: number, meta: IntentMeta = {}): Promise<string> => {
      const job = newJob(name, 'deploy');
      await putJob(nats.store, job);
      await publishIntent(nats.store, name, text(number), { fromSource: true, job: job.id, ...meta });
      newest.set(name, number);
      return job.id;
    };

    /** The device is cut off at that moment of its job. */
    const cutAt = async ({ name }: Subject, job: string, { step, writes }: Moment): Promise<void> => {
      const gate = subjects.gate(name);
      await jobAt(job, step);
      const over = new AbortController();
      if (step !== 'finished' && writes > 0)
        await Promise.race([gate.shutAfter(writes), jobAt(job, 'finished', over.signal)]);
      over.abort();
      gate.shut();
    };

    /** Every device gets an intent, is cut off at its moment, and then the runner is killed. @returns the jobs */
    const killAt = async (moment: (index: number) => Moment, meta?: IntentMeta): Promise<Map<string, string>> => {
      const jobs = new Map<string, string>();
      const number = ++tries;
      await Promise.all(
        subjects.all.map(async (subject, index) => {
          const job = await publish(subject, number, meta);
          jobs.set(subject.name, job);
          await cutAt(subject, job, moment(index));
        }),
      );
      await runner.kill();
      for (const { name } of subjects.all) subjects.gate(name).open();
      return jobs;
    };

    /** Nobody but the dead runner could end it: the successor waits for the timer, which shall have little left. */
    const hasten = () => {
      for (const { driver, expire } of subjects.all) if (driver.capabilities.confirmFrom === 'armingSession') expire(2);
    };

    const succeed = async (): Promise<void> => {
      hasten();
      // silence takes 10 s, and another test waits for it; here it is made to come at once
      for (const { name } of subjects.all) await nats.store.lease.delete(name);
      runner = runnerProcess(subjects.folder, nats.url, '--settled');
    };

    /** The device runs its newest intent, boots it, and nothing of ours is left on it. @param said where it is not so */
    const isWell = async (subject: Subject, said: string): Promise<void> => {
      const { name, driver } = subject;
      const mark = subject.mark(newest.get(name) ?? 0);
      const patient = { timeout: 60_000, interval: 200 };
      const how = () => `${said}, ${name}: ${runner.printed()}`;
      await expect
        .poll(async () => {
          const { jobs } = await listJobs(nats.store, { devices: [name], limit: 10 });
          const open = jobs.filter(({ state }) => state !== 'finished').map(({ id, state }) => `${id} ${state}`);
          const state = await stateOf(name);
          return { sync: state?.sync, reason: state?.reason, trial: state?.trial ?? null, open };
        }, patient)
        .toEqual({ sync: 'in_sync', reason: '', trial: null, open: [] })
        .catch((error: Error) => expect.fail(`${how()}: ${error.message}`));
      expect(await subject.running(), how()).toContain(mark);
      await expect.poll(() => subject.leftovers(), { timeout: 10_000, interval: 100, message: how() }).toEqual([]);
      const startup = await subject.startup();
      if (startup === undefined) return;
      expect(startup, how()).toContain(mark);
      if (driver.platform !== 'bird')
        expect(driver.normalise(startup), how()).toBe(driver.normalise(await subject.running()));
    };

    /** However often it was begun, the generation was applied once, as far as the device keeps records. */
    const isAppliedOnce = async ({ name, driver }: Subject, job: string, said: string): Promise<void> => {
      if (driver.platform === 'iosxr' || driver.platform === 'netconf') return; // they keep none
      await using session = await subjects.open(name);
      const saved = (await session.saved()).filter((each) => each.job === job).map(({ outcome }) => outcome);
      expect(
        saved.filter((outcome) => outcome !== 'undone'),
        `${said}, ${name}`,
      ).toEqual(['applied']);
    };

    const areWell = (said: string) => Promise.all(subjects.all.map((subject) => isWell(subject, said)));

    it('is brought to the first intent', async () => {
      for (const subject of subjects.all) await publish(subject, 0);
      await areWell('at first');
    });

    for (const { title, moment } of kills) {
      it(`leaves nothing behind that the next one does not resolve: ${title}`, async () => {
        const jobs = await killAt(moment);
        await succeed();
        await Promise.all(
          subjects.all.map(async (subject, index) => {
            const said = `killed at ${JSON.stringify(moment(index))}`;
            await isWell(subject, said);
            await isAppliedOnce(subject, jobs.get(subject.name) ?? '', said);
          }),
        );
      });
    }
    if (!thorough) return;

    it('leaves a record that is closed, and a trial that is undone, where a newer intent comes before the next one', async () => {
      const jobs = await killAt(() => ({ step: 'checking', writes: 0 }));
      const number = ++tries;
      await Promise.all(subjects.all.map((subject) => publish(subject, number)));
      await succeed();
      await areWell('a newer intent came');
      for (const [name, id] of jobs) {
        const job = await getJob(nats.store, id, name);
        expect(job?.outcome, name).toMatchObject({ kind: 'failed', code: 'abandoned' });
      }
    });

    it('has every trial undone by the device itself where nobody comes, and who comes later says what happened', async () => {
      const before = tries;
      const jobs = await killAt(() => ({ step: 'checking', writes: 0 }), { confirmSeconds: 12 });
      await Promise.all(
        subjects.all.map(async (subject) => {
          subject.expire(0);
          // asked seldom: netconfd looks at its timers only when it has nothing else to do
          await expect
            .poll(() => subject.hasTrial(), { timeout: 40_000, interval: 2_000, message: subject.name })
            .toBe(false);
          await expect.poll(() => subject.running(), { message: subject.name }).toContain(subject.mark(before));
        }),
      );
      await succeed();
      await areWell('nobody came');
      for (const [name, id] of jobs) {
        const job = await getJob(nats.store, id, name);
        expect(job?.takeovers, name).toMatchObject([{ step: 'checking', epoch: job?.epoch }]);
        expect(job?.outcome, name).toEqual({ kind: 'applied' });
      }
    });

    it('is well again after a reboot during the trial, which ends timers and dead-man switches', async () => {
      const before = tries;
      await killAt(() => ({ step: 'checking', writes: 0 }));
      await Promise.all(
        subjects.all.map(async (subject) => {
          await subject.reboot?.();
          const startup = await subject.startup();
          if (startup !== undefined) expect(startup, subject.name).toContain(subject.mark(before));
        }),
      );
      await succeed();
      await areWell('rebooted');
    });
  });
};
