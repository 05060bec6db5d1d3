import type { DeviceState } from '../../core/bus.ts';
import { failureOf } from '../../core/errors.ts';
import { isHeld } from '../../core/wanted/held.ts';
import { isFine, type Row } from '../verbs/status.ts';

/** It may still end well by itself: the runner tries again. */
const isPassing = (outcome: string) =>
  outcome === 'started' || outcome === 'superseded' || failureOf(outcome)?.again === 'soon';
const wentIn = new Set(['applied', 'unchanged']);

/** How the last attempt of the newest text ended; undefined where there was none. */
const lastOf = ({ intent, attempt }: DeviceState): string | undefined =>
  intent && attempt?.generation.sha256 === intent.generation.sha256 ? attempt.outcome : undefined;

/** Whether the source's newest text was applied, but something else runs now: no job shows that. */
export const drifted = ({ sync, state, entry }: Row): boolean =>
  sync === 'out_of_sync' &&
  state !== undefined &&
  state.intent?.generation.sha256 === entry.intended?.sha256 &&
  wentIn.has(lastOf(state) ?? '') &&
  !isHeld(state);

/** Whether anything more will happen to a device without a person: `good` and `bad` mean that nothing will. */
export const settled = (row: Row): 'good' | 'bad' | 'not yet' => {
  if (isFine(row)) return 'good';
  if (row.sync === 'awaiting' || drifted(row)) return 'bad';
  if (row.state && isHeld(row.state)) return 'bad';
  const last = row.sync === 'out_of_sync' && row.state ? lastOf(row.state) : undefined;
  return last !== undefined && !wentIn.has(last) && !isPassing(last) && last !== 'awaiting' ? 'bad' : 'not yet';
};
