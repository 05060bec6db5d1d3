import type { DeviceState } from '../../core/bus.ts';
import { isHeld } from '../../core/wanted.ts';
import { isFine, type Row } from '../verbs/status.ts';

/** These may still end well by themselves: the runner tries again. */
const passing = new Set(['started', 'superseded', 'unreachable', 'timeout', 'closed', 'locked', 'nats_unavailable']);
const wentIn = new Set(['applied', 'unchanged']);

/** How the last attempt of the newest text ended; undefined where there was none. */
const lastOf = ({ intent, attempt }: DeviceState): string | undefined =>
  intent && attempt?.generation.sha256 === intent.generation.sha256 ? attempt.outcome : undefined;

/** Whether the newest text of the source went in, and something else runs now: no job tells of it. */
export const drifted = ({ sync, state, entry }: Row): boolean =>
  sync === 'out_of_sync' &&
  state !== undefined &&
  state.intent?.generation.sha256 === entry.intended?.sha256 &&
  wentIn.has(lastOf(state) ?? '') &&
  !isHeld(state);

/** Whether anything more is going to happen to a device without a person: `good` and `bad` say that nothing is. */
export const settled = (row: Row): 'good' | 'bad' | 'not yet' => {
  if (isFine(row)) return 'good';
  if (row.sync === 'awaiting' || drifted(row)) return 'bad';
  if (row.state && isHeld(row.state)) return 'bad';
  const last = row.sync === 'out_of_sync' && row.state ? lastOf(row.state) : undefined;
  return last !== undefined && !wentIn.has(last) && !passing.has(last) && last !== 'awaiting' ? 'bad' : 'not yet';
};
