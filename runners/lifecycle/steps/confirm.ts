import type { Session } from '../../driver.ts';
import type { Committed, Deployment } from '../deployment.ts';
import { confirmTrial } from '../trial/confirm.ts';

/**
 * Confirms the trial and saves it, by the connection that proved itself, past whatever waits for the warm one; then that
 * connection becomes the warm one.
 *
 * @throws TrialFailed where it did not end as a confirmed and saved trial
 */
export const confirm = async (
  { record, warm, lease }: Deployment,
  { context, trial, foreign }: Extract<Committed, { kind: 'committed' }>,
  proven: Session,
): Promise<void> => {
  record.step('confirming');
  const overwritten = foreign.isHidden ? await foreign.typed(proven).catch(() => '') : '';
  if (overwritten !== '') record.warn(`typed on the device during the trial, and overwritten: ${overwritten}`);
  await lease.sure();
  const by = await confirmTrial(context, trial, lease.assert, proven).finally(() => void warm.adopt(proven));
  if (by !== 'us') record.warn('someone else confirmed the trial on the device before the runner did');
};
