import type { Job } from '../../core/bus.ts';
import type { WarmSession } from '../holding/warm-session.ts';

/**
 * Whether a device that runs a text already does so because this very job made the change, under a lease that was lost
 * before the record could say so.
 *
 * @param job as its record was when it was taken up
 * @param runningSha256 of what runs now
 */
export const madeBefore = async (
  { id, steps, runningSha256: before }: Job,
  runningSha256: string | undefined,
  warm: WarmSession,
): Promise<boolean> => {
  if (!steps.some(({ step }) => step === 'committing')) return false;
  if (steps.some(({ step }) => step === 'reading_back')) return true; // the device had taken the confirm
  if (before !== undefined && before !== runningSha256) return true;
  // what ran before was saved on the device under the job's name, and was not put back
  const saved = await warm.use((session) => session.saved());
  return saved.some(({ job, outcome }) => job === id && outcome !== 'undone');
};
