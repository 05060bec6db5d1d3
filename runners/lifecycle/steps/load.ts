import { defined } from '../../../core/defined.ts';
import type { Candidate, Session } from '../../driver.ts';
import { type Deployment, mayGoOn } from '../deployment.ts';

/**
 * Loads the text as a candidate under our own name; disposed uncommitted, it leaves nothing on the device.
 *
 * @throws PlumbError `rejected` with the line of the file, `locked`
 */
export const load = async (deployment: Deployment, text: string, session: Session): Promise<Candidate> => {
  const { record, lease, mode, sha256 } = deployment;
  mayGoOn(deployment);
  record.step('loading');
  const { id: job, commit, author } = record.job;
  const candidate = await session.load(text, mode, { job, epoch: lease.epoch, sha256, ...defined({ commit, author }) });
  for (const note of candidate.notes ?? []) record.warn(note);
  return candidate;
};
