import type { DeviceState } from '../../core/bus.ts';
import { isHeld } from '../../core/wanted.ts';
import { isFine, type Row } from '../verbs/status.ts';

/** These may still end well by themselves: the runner tries again. */
const passing = new Set(['started', 'superseded', 'unreachable', 'timeout', 'closed', 'locked', 'nats_unavailable']);

const failed = ({ intent, attempt }: DeviceState): boolean =>
  attempt !== null &&
  intent?.generation.sha256 === attempt.generation.sha256 &&
  !['applied', 'unchanged', 'previewed', 'awaiting'].includes(attempt.outcome) &&
  !passing.has(attempt.outcome);

/** Whether anything more is going to happen to a device without a person: `good` and `bad` say that nothing is. */
export const settled = (row: Row): 'good' | 'bad' | 'not yet' => {
  if (isFine(row)) return 'good';
  if (row.sync === 'awaiting') return 'bad';
  if (row.state && isHeld(row.state)) return 'bad';
  return row.sync === 'out_of_sync' && row.state && failed(row.state) ? 'bad' : 'not yet';
};
