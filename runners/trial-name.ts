import type { ChangeName } from './driver.ts';

const pattern = /plumb-([0-9a-z]{20,40})-(\d{1,15})(?![0-9a-z])/;

/** What a candidate, trial or file of ours is called on a device: whoever comes after us reads job and epoch from it. */
export const trialName = ({ job, epoch }: Pick<ChangeName, 'job' | 'epoch'>): string => `plumb-${job}-${epoch}`;

/** The job and epoch in a name of ours; undefined: not ours. */
export const parseTrialName = (text: string): { job: string; epoch: number; name: string } | undefined => {
  const found = pattern.exec(text);
  if (!found?.[1] || !found[2]) return undefined;
  return { job: found[1], epoch: Number(found[2]), name: found[0] };
};
