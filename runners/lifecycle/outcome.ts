import type { Outcome } from '../../core/bus.ts';
import { explain, type FailureCode, failures, PlumbError } from '../../core/errors.ts';
import { failure } from '../holding/job-record.ts';
import { saveIt } from './startup.ts';

/** What was seen of a device when a deployment came to its end. */
export type Seen = {
  /** `old`: what ran before the commit; `new`: nothing of the intent is left to change; `other`: neither. */
  runs: 'old' | 'new' | 'other' | 'unknown';
  /** `none`: nothing was committed; `confirmed`: the device took our confirm, by its answer or by a mark of our own. */
  trial: 'none' | 'pending' | 'gone' | 'confirmed' | 'unknown';
  /** `none`: the platform has no startup configuration. */
  startup: 'same' | 'differs' | 'none' | 'unknown';
};

/** Nothing was committed. */
export const untouched = { runs: 'old', trial: 'none', startup: 'unknown' } as const satisfies Seen;
/** Something was committed, and nobody has looked since. */
export const unlooked = { runs: 'unknown', trial: 'unknown', startup: 'unknown' } as const satisfies Seen;

export type Ended = {
  outcome: Outcome;
  /** The change is in force and could not be compared with the intent; it is to be looked at again. */
  unseen: boolean;
  /** What ran before runs: nothing was committed, or it was undone. */
  left: boolean;
};

const words = {
  old: 'the previous configuration is running',
  new: 'the change is running',
  other: 'the running configuration is neither the previous one nor the change',
  unknown: 'the running configuration could not be read',
} as const satisfies Record<Seen['runs'], string>;

const because = (why: PlumbError | undefined) => (why ? `: ${explain(why)}` : '');

const ended = (code: FailureCode, text: string, why: PlumbError | undefined, hint = why?.hint): Outcome => {
  const { line, cause } = why ?? {};
  return failure(new PlumbError(code, text, { cause, hint, line }));
};

/** A change that is in force: no error of ours makes it one that was refused or undone. */
const inForce = (device: string, why: PlumbError | undefined, { runs, trial, startup }: Seen): Ended => {
  if (why?.code === 'not_converged') return { outcome: failure(why), unseen: false, left: false };
  const seen = runs === 'new' && startup !== 'unknown';
  if (!why && seen && startup !== 'differs') return { outcome: { kind: 'applied' }, unseen: false, left: false };
  const end = trial === 'confirmed' ? 'was confirmed and is in force' : 'is in force, and its trial is over';
  const text = `${device}: the change ${end}`;
  if (runs === 'old' || runs === 'other')
    return {
      outcome: ended('not_converged', `${text}, but ${words[runs]} now${because(why)}`, why),
      unseen: false,
      left: false,
    };
  if (startup === 'differs') {
    const outcome = ended('not_converged', `${text}, but startup differs from running${because(why)}`, why, saveIt);
    return { outcome, unseen: false, left: false };
  }
  const hint = 'the device is checked again by itself; `plumb diff` shows what is left to change, if anything';
  const how = why?.code === 'check_failed' ? 'although its check failed' : 'and could not be compared with the intent';
  const outcome = ended(
    'not_converged',
    `${text}, ${how}${because(why)}`,
    why,
    why?.hint ? `${why.hint}; ${hint}` : hint,
  );
  return { outcome, unseen: true, left: false };
};

/**
 * How a deployment ended, decided from what was seen on the device: the one place for it.
 *
 * @param why what ended it, where anything went wrong
 */
export const outcomeOf = (device: string, why: PlumbError | undefined, seen: Seen): Ended => {
  const { runs, trial } = seen;
  if (trial === 'none') {
    if (!why) return { outcome: { kind: 'unchanged' }, unseen: false, left: true };
    // what tells of a commit is no word for what ended before one
    return { outcome: failure(failures[why.code].committed ? conflict(why) : why), unseen: false, left: true };
  }
  if (trial === 'confirmed' || (trial === 'gone' && runs === 'new')) return inForce(device, why, seen);
  if (trial === 'gone' && runs === 'old') {
    const undone = `${device}: the change was undone: ${words.old}`;
    const wrong = !why || failures[why.code].committed === 'stays';
    if (seen.startup === 'differs') {
      const code = wrong ? 'commit_failed' : why.code;
      const text = `${wrong ? undone + because(why) : explain(why)}; the previous configuration is running, but startup differs from it`;
      const hint = why?.hint ? `${saveIt}; ${why.hint}` : saveIt;
      return { outcome: ended(code, text, why, hint), unseen: false, left: true };
    }
    const outcome = wrong ? ended('commit_failed', undone + because(why), why) : failure(why);
    return { outcome, unseen: false, left: true };
  }
  const left =
    trial === 'pending' ? ', and a trial of ours is still pending: the device undoes it by its timer, if it can' : '';
  const text = `${device}: the undo of the change could not be verified: ${words[runs]}${left}${because(why)}`;
  const look = `look at the device: \`plumb run ${device} -- …\`; the previous configuration is among the saved ones (\`plumb history ${device}\`)`;
  const hint = why?.hint ? `${why.hint}; ${look}` : look;
  return { outcome: ended('undo_failed', text, why, hint), unseen: false, left: false };
};

/** Nothing was changed: someone else did in the meantime, most likely, and the next try compares anew. */
const conflict = (why: PlumbError): PlumbError =>
  new PlumbError('conflict', why.message, { cause: why.cause, hint: why.hint });
