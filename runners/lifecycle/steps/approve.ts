import { type Approval, type Deployment, mayGoOn } from '../deployment.ts';

/** @returns the approval that the diff has to wait for; undefined where it need not, or where that very one was given */
export const approve = (deployment: Deployment): Approval | undefined => {
  const { record, manual, sha256, approval: given } = deployment;
  mayGoOn(deployment);
  if (!manual) return undefined;
  const approval = { intent: sha256, running: record.job.runningSha256 ?? '' };
  if (given?.intent === approval.intent && given.running === approval.running) return undefined;
  return approval;
};
