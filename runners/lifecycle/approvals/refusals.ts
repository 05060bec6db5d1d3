import type { Job, Said } from '../../../core/bus.ts';
import { PlumbError } from '../../../core/errors.ts';
import { maybeSame } from '../../../core/inventory/four-eyes.ts';
import { unnamed } from '../../holding/person.ts';
import type { Approval } from '../deployment.ts';

/** Four eyes: whoever wrote it, or whom it cannot be told from, does not approve it. @throws PlumbError `refused` */
export const refuseOwn = ({ id, device, author }: Job, by: string): void => {
  const refuse = (why: string, hint: string) => {
    throw new PlumbError('refused', `${device}: job ${id} is not approved: the policy wants four eyes, and ${why}`, {
      hint,
    });
  };
  if (author === undefined)
    refuse('who wrote the text is not known', 'texts of commits, and those sent by REST, have an author');
  else if (by === unnamed) refuse('the approver gives no name', '`plumb approve` does, and the REST API knows it');
  else if (maybeSame(author, by)) refuse(`${by} may be its author, ${author}`, 'somebody else approves it');
};

/** An approval counts once, and for what the approver saw. @throws PlumbError `conflict` */
export const refuseUnlike = (
  name: string,
  { job, approval, given }: { job: string; approval: Approval; given: Said | undefined },
  { intent, running }: Partial<Approval>,
): void => {
  if (given) throw new PlumbError('conflict', `${name}: job ${job} was approved already, by ${given.by}`);
  if ((intent ?? approval.intent) !== approval.intent || (running ?? approval.running) !== approval.running) {
    throw new PlumbError('conflict', `${name}: the intent or the device changed since the diff that was approved`, {
      hint: `look at the diff again: plumb job ${job}`,
    });
  }
};
