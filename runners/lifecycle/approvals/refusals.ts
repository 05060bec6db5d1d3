import type { Job, Said } from '../../../core/bus.ts';
import { PlumbError } from '../../../core/errors.ts';
import { maybeSame } from '../../../core/inventory/four-eyes.ts';
import { unnamed } from '../../holding/person.ts';
import type { Approval } from '../deployment.ts';

/** Four eyes: whoever wrote it, or whom it cannot be told from, does not approve it. @throws PlumbError `refused` */
export const refuseOwn = ({ id, device, author }: Job, by: string): void => {
  const refuse = (why: string, hint: string) => {
    throw new PlumbError('refused', `${device}: job ${id} is not approved: the policy requires four eyes, and ${why}`, {
      hint,
    });
  };
  if (author === undefined)
    refuse('the author of the text is not known', 'texts from commits or sent by REST have an author');
  else if (by === unnamed) refuse('the approver has no name', '`plumb approve` and the REST API provide one');
  else if (maybeSame(author, by)) refuse(`${by} may be its author, ${author}`, 'someone else has to approve it');
};

/** An approval counts once, and for what the approver saw. @throws PlumbError `conflict` */
export const refuseUnlike = (
  name: string,
  { job, approval, given }: { job: string; approval: Approval; given: Said | undefined },
  { intent, running }: Partial<Approval>,
): void => {
  if (given) throw new PlumbError('conflict', `${name}: job ${job} was already approved by ${given.by}`);
  if ((intent ?? approval.intent) !== approval.intent || (running ?? approval.running) !== approval.running) {
    throw new PlumbError('conflict', `${name}: the intent or the device has changed since the approved diff`, {
      hint: `look at the new diff: plumb job ${job}`,
    });
  }
};
