import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Job } from '../../core/bus.ts';
import type { IntentMeta } from '../../core/intent/meta.ts';
import { publishIntent } from '../../core/store/intents.ts';
import { newJob, putJob } from '../../core/store/jobs.ts';
import { driverFor } from '../../runners/drivers/registry.ts';
import { type RunnerHandle, startRunner } from '../../runners/main.ts';
import { natsForTest } from '../nats.ts';
import { jobAt } from '../runner.ts';
import type { Subject } from '../subjects/subject.ts';
import { lacks, poison, type Subjects, startSubjects, subjectNames } from '../subjects/subjects.ts';

describe(`what a deployment must not do, on every platform${lacks}`, () => {
  let nats: Awaited<ReturnType<typeof natsForTest>>;
  let subjects: Subjects;
  let runner: RunnerHandle;

  beforeAll(async () => {
    [nats, subjects] = await Promise.all([natsForTest(), startSubjects(subjectNames)]);
    runner = await startRunner({
      store: nats.store,
      inventory: subjects.inventory,
      driverFor,
      knownHosts: subjects.knownHosts,
      log: pino({ level: process.env.PLUMB_TEST_LOG ?? 'silent' }),
      version: 'test',
      settled: true,
    });
  });
  afterAll(async () => {
    await runner?.[Symbol.asyncDispose]();
    await subjects?.[Symbol.asyncDispose]();
    await nats?.[Symbol.asyncDispose]();
  });

  const publish = async (name: string, text: string, meta: IntentMeta = {}): Promise<string> => {
    const job = newJob(name, 'deploy');
    await putJob(nats.store, job);
    await publishIntent(nats.store, name, text, { fromSource: true, job: job.id, ...meta });
    return job.id;
  };
  const deploy = async (name: string, text: string, meta?: IntentMeta): Promise<Job> =>
    jobAt(nats.store, await publish(name, text, meta));

  /** What runs and what boots, by the device itself. */
  const seen = async ({ running, startup, driver }: Subject) => {
    const texts = await Promise.all([running(), startup()]);
    return driver.platform === 'bird' ? texts : texts.map((text) => text && driver.normalise(text));
  };

  /** The device is as it was, and nothing of ours is on it. */
  const isUntouched = async (subject: Subject, before: Awaited<ReturnType<typeof seen>>): Promise<void> => {
    expect(await seen(subject)).toEqual(before);
    await expect.poll(() => subject.leftovers(), { timeout: 60_000, interval: 100 }).toEqual([]);
  };

  const runs = (subject: Subject, number: number) =>
    expect.poll(() => subject.running(), { timeout: 60_000, interval: 300 }).toContain(subject.mark(number));

  /** The same on every device at once; the error says on which one it failed. */
  const onEach = async (work: (subject: Subject) => Promise<void>): Promise<void> => {
    const ends = await Promise.allSettled(subjects.all.map(work));
    const failed = ends.flatMap((end, index) => {
      if (end.status === 'fulfilled') return [];
      const { message, actual } = end.reason as Error & { actual?: unknown };
      return [`${subjects.all[index]?.title}: ${message} ${JSON.stringify(actual) ?? ''}`];
    });
    expect(failed.join('\n\n')).toBe('');
  };

  it('a refused line is named with its number, and not tried again', async () => {
    await onEach(async (subject) => {
      const { name, bad } = subject;
      const before = await seen(subject);
      const job = await deploy(name, bad.text);
      const refused = bad.text.split('\n')[bad.line - 1]?.trim();
      expect(job.outcome).toMatchObject({
        kind: 'failed',
        code: 'rejected',
        line: bad.line,
        detail: expect.stringContaining(`line ${bad.line}: "${refused}"`),
      });
      await isUntouched(subject, before);
      const again = await deploy(name, bad.text);
      expect(again.outcome).toMatchObject({
        code: 'conflict',
        detail: expect.stringContaining(`job ${job.id} tried this content and ended as rejected`),
      });
      expect((await deploy(name, subject.text(1))).outcome).toEqual({ kind: 'applied' });
      await runs(subject, 1);
    });
  });

  it('what a check finds bad is undone, read back, and not tried again', async () => {
    await onEach(async (subject) => {
      const { name } = subject;
      await deploy(name, subject.text(2));
      const before = await seen(subject);
      const job = await deploy(name, subject.text(poison), { confirmSeconds: 12 });
      expect(job.outcome).toMatchObject({
        kind: 'failed',
        code: 'check_failed',
        detail: expect.stringContaining('probe poison: output holds'),
      });
      expect(JSON.stringify(job.steps)).toContain('undone by the runner');
      await isUntouched(subject, before);
      expect((await deploy(name, subject.text(poison))).outcome).toMatchObject({ code: 'conflict' });
      expect((await deploy(name, subject.text(3))).outcome).toEqual({ kind: 'applied' });
    });
  });

  it("somebody else's work in progress is named, left alone and waited for", async () => {
    await onEach(async (subject) => {
      const { name, foreign } = subject;
      if (!foreign) return; // a server has no trial but ours
      await deploy(name, subject.text(4));
      const release = await foreign();
      const theirs = [await seen(subject), await subject.leftovers()];
      const job = await deploy(name, subject.text(5));
      expect(job.outcome).toMatchObject({
        kind: 'failed',
        code: 'locked',
        detail: expect.stringMatching(/mallory|someone|session \d+|commit is pending/),
      });
      expect([await seen(subject), await subject.leftovers()]).toEqual(theirs);
      await release();
      await runs(subject, 5);
    });
  });

  it('another key or certificate is refused before anything is sent, until it is pinned', async () => {
    await onEach(async (subject) => {
      const { name, changeIdentity } = subject;
      if (!changeIdentity) return; // by telnet nothing proves who a device is
      await deploy(name, subject.text(6));
      const before = await seen(subject);
      await changeIdentity();
      const job = await deploy(name, subject.text(7));
      expect(job.outcome).toMatchObject({
        kind: 'failed',
        code: 'host_key_changed',
        hint: expect.stringContaining(`plumb trust ${name}`),
      });
      expect(await subject.logins?.()).toEqual(subject.logins && []);
      subjects.pin(name);
      expect(await seen(subject)).toEqual(before);
      await runs(subject, 7);
    });
  });
});
