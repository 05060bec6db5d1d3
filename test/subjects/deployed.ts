import { expect } from 'vitest';
import { DeviceState } from '../../core/bus.ts';
import { publishIntent } from '../../core/store/intents.ts';
import { watchJob } from '../../core/store/job-watch.ts';
import { newJob, putJob } from '../../core/store/jobs.ts';
import { getRecord } from '../../core/store/records.ts';
import type { Store } from '../../core/store/store.ts';
import type { Subject } from './subject.ts';
import type { Subjects } from './subjects.ts';

/** For what machines, disks and clocks that misbehave take. */
export const patient = { timeout: 90_000, interval: 250 };

/** Publishes the text of this number. @returns its job */
export const publish = async (store: Store, { name, text }: Subject, number: number): Promise<string> => {
  const job = newJob(name, 'deploy');
  await putJob(store, job);
  await publishIntent(store, name, text(number), { fromSource: true, job: job.id });
  return job.id;
};

/** Publishes the text of this number to every device. */
export const publishAll = async (store: Store, subjects: Subjects, number: number): Promise<void> => {
  await Promise.all(subjects.all.map((subject) => publish(store, subject, number)));
};

/** Waits until every device runs the text of this number, is in sync by its record, and holds no trial. */
export const allWell = async (store: Store, subjects: Subjects, number: number): Promise<void> => {
  await Promise.all(
    subjects.all.map(async (subject) => {
      const { name } = subject;
      const look = async () => {
        const state = (await getRecord(store.state, DeviceState, name).catch(() => undefined))?.value;
        const runs = (await subject.running()).includes(subject.mark(number));
        return { sync: state?.sync, reason: state?.reason, runs, trial: await subject.hasTrial() };
      };
      const well = { sync: 'in_sync', reason: '', runs: true, trial: false };
      await expect.poll(look, { ...patient, message: name }).toEqual(well);
    }),
  );
};

/** Deploys to every device and cuts it off while its trial is checked: its gate is the caller's to open. @returns the jobs */
export const shutInTrial = async (store: Store, subjects: Subjects, number: number): Promise<Map<string, string>> => {
  const jobs = new Map<string, string>();
  await Promise.all(
    subjects.all.map(async (subject) => {
      const id = await publish(store, subject, number);
      jobs.set(subject.name, id);
      for await (const { steps } of watchJob(store, id, AbortSignal.timeout(60_000)))
        if (steps.some(({ step }) => step === 'checking')) break;
      subjects.gate(subject.name).shut();
    }),
  );
  return jobs;
};

/** Only the session that armed it ends such a trial, and that one is gone: its timer shall have little left. */
export const hasten = (subjects: Subjects): void => {
  for (const { driver, expire } of subjects.all) if (driver.capabilities.confirmFrom === 'armingSession') expire(2);
};
