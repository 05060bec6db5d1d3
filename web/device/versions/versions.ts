import { failures } from '../../../core/errors.ts';
import type { Device, JobSummary } from '../../data/types.ts';
import { age } from '../../words/time.ts';

/** What ran before a job, by the job's id. */
type Version = { id: string; name: string };

const tookEffect = ({ kind, state, outcome }: JobSummary): boolean => {
  if ((kind !== 'deploy' && kind !== 'rollback') || state !== 'finished') return false;
  if (outcome?.kind === 'failed') return failures[outcome.code].committed === 'stays';
  return outcome?.kind === 'applied';
};

/** The configurations that came to an end by a job of ours, newest first. The device keeps some of them, and says which. */
export const versionsOf = (jobs: readonly JobSummary[], nowMs: number): Version[] =>
  jobs.filter(tookEffect).map(({ id, kind, createdAt, commit }) => ({
    id,
    name: `before ${kind} ${id.slice(0, 12)}, ${age(createdAt, nowMs)} ago${commit ? `, ${commit.slice(0, 7)}` : ''}`,
  }));

/** Changes with what runs on a device: a preview of another time is none. */
export const stampOf = ({ state }: Pick<Device, 'state'>): string =>
  JSON.stringify([state?.applied?.job, state?.trial?.job, state?.changed?.runningSha256]);
