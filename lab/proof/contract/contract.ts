import { type LifecycleCase, type Proof, proofsOf } from './case.ts';
import { cutOff } from './cut-off.ts';
import { refusals } from './refusals.ts';
import { trials } from './trials.ts';

/** What must hold on every platform, each by itself on a device of its own. */
export const contract = (what: LifecycleCase): readonly Proof[] =>
  [trials, cutOff, refusals].flatMap((part) => part(what, proofsOf(what)));
