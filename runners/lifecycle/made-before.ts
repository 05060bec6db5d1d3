import type { Job } from '../../core/bus.ts';
import type { Deployment } from './deployment.ts';

/**
 * Whether a device that runs a text already does so because this very job made the change, under a lease that was lost
 * before the record could say so.
 *
 * @param begun the job as its record was when it was taken up
 */
export const madeBefore = async (
  { record, warm }: Deployment,
  { id, steps, runningSha256: before }: Job,
): Promise<boolean> => {
  const was = (step: string) => steps.some((each) => each.step === step);
  if (!was('committing')) return false;
  const changedSince = before !== undefined && before !== record.job.runningSha256;
  // once it was read back the device had taken the confirm; else what ran before was saved on it under the job's name
  const isOurs =
    was('reading_back') ||
    changedSince ||
    (await warm.use((session) => session.saved())).some(({ job, outcome }) => job === id && outcome !== 'undone');
  if (isOurs) record.warn('this job had already made the change when its runner lost the device');
  return isOurs;
};
