import type { JobRecord } from '../holding/job-record.ts';
import type { WarmSession } from '../holding/warm-session.ts';

/**
 * Whether the device runs a change because this very job made it, under a lease that was lost before the record could say
 * so: what ran before was saved on the device under the job's name, and was not put back.
 */
export const madeBefore = async (record: JobRecord, warm: WarmSession): Promise<boolean> => {
  const begun = record.job.steps.filter(({ step }) => step === 'connecting').length;
  if (begun < 2) return false;
  const saved = await warm.use((session) => session.saved());
  return saved.some(({ job, outcome }) => job === record.job.id && outcome !== 'undone');
};
