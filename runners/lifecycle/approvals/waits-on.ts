import type { DeviceState, Job } from '../../../core/bus.ts';
import type { JobRecord } from '../../holding/job-record.ts';
import type { Approval } from '../deployment.ts';
import { wasCommitted } from './given.ts';

/**
 * Puts a job that had waited for an approval, and was cut off before it changed anything, back to its wait: what it
 * shows is what an approval names.
 */
export const waitsOn = async (
  record: JobRecord,
  { attempt }: Pick<DeviceState, 'attempt'>,
  { runningSha256, diff }: Pick<Job, 'runningSha256' | 'diff'>,
): Promise<Approval | undefined> => {
  const { id } = record.job;
  const waited = attempt?.job === id && attempt.outcome === 'awaiting';
  if (!waited || runningSha256 === undefined || diff === undefined) return undefined;
  if (wasCommitted(record.job)) return undefined;
  record.set({ runningSha256, diff });
  record.step('awaiting');
  await record.stored();
  return { intent: attempt.generation.sha256, running: runningSha256 };
};
