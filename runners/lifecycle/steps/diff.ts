import { maskedAsIn } from '../../../core/diff/masked.ts';
import { redact } from '../../../core/redact/redact.ts';
import type { Candidate } from '../../driver.ts';
import { cutDiff } from '../../holding/job-record.ts';
import type { Deployment } from '../deployment.ts';

/** Secrets that cannot be compared are committed once for each text, and again where the device is not as we left it. */
const secretsToCommit = ({ state, sha256, record }: Deployment, { incomparable }: Candidate): string => {
  const { applied } = state.value;
  const asLeft = applied?.generation.sha256 === sha256 && applied.runningSha256 === record.job.runningSha256;
  return asLeft ? '' : (incomparable ?? '');
};

/**
 * @param texts what runs and what is wanted: by them the record masks the secrets of the diff
 * @returns the device's own diff of what has to be committed, as it is; '' for nothing
 */
export const diff = async (deployment: Deployment, candidate: Candidate, texts: readonly string[]): Promise<string> => {
  const { record, device } = deployment;
  record.step('diffing');
  const told = await candidate.diff();
  const all = told || secretsToCommit(deployment, candidate);
  record.set({ diff: cutDiff(await maskedAsIn(all, texts)) });
  if (all !== told)
    record.warn('plain-text secrets cannot be compared with what the device stores: committing them again');
  else
    for (const line of candidate.unstable)
      record.warn(`never compares equal on ${device.platform}, ignored: ${redact(line)}`);
  return all;
};
