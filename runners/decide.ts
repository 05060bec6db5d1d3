import { type DeviceState, limits } from '../core/bus.ts';
import type { FailureCode } from '../core/errors.ts';
import { isOlderThanTried, isSameMessage } from '../core/generation.ts';
import type { Intent } from '../core/intents.ts';

/** What the newest intent of a device asks for, given what was tried before. */
export type Decision =
  | { kind: 'deploy'; count: number }
  | { kind: 'nothing' }
  /** Older than what was tried last: a restored store or a replayed message. Never deployed. */
  | { kind: 'stale' }
  | { kind: 'held' }
  /** The source gave the device up. */
  | { kind: 'unmanaged' }
  /** Crashes cut this content off as often as we allow. */
  | { kind: 'abandoned' };

/** Outcomes that another try of the same content would only repeat. */
const final: ReadonlySet<string> = new Set([
  'refused',
  'rejected',
  'commit_failed',
  'check_failed',
  'undo_failed',
  'not_converged',
  'unauthorized',
  'unsupported',
  'abandoned',
  'cancelled',
  'expired',
  'parse_failed',
  'invalid_inventory',
  'invalid_request',
] satisfies FailureCode[]);

/** Ended well, or in a way that only new content or a person changes. */
const settled = (outcome: string) => ['applied', 'unchanged', 'previewed'].includes(outcome) || final.has(outcome);

/**
 * Level-triggered: looks only at the newest intent and the record, never at events.
 *
 * @param managed false: the inventory record says that the source holds no text for this device
 */
export const decide = (intent: Intent | undefined, state: DeviceState, managed: boolean): Decision => {
  if (!intent) return { kind: 'nothing' };
  const { generation, meta } = intent;
  const { attempt, hold } = state;
  if (!managed && meta.fromSource) return { kind: 'unmanaged' };
  if (isOlderThanTried(generation, attempt)) return { kind: 'stale' };
  if (hold?.reason === 'rollback' && hold.sha256 === generation.sha256) return { kind: 'held' };
  if (state.released === generation.sha256 && !meta.fromSource) return { kind: 'nothing' };
  if (!attempt || attempt.generation.sha256 !== generation.sha256) return { kind: 'deploy', count: 1 };
  const same = isSameMessage(attempt.generation, generation);
  // published anew with a reason for overriding the guards is a person's word, like a retry
  const forced = meta.force !== undefined && !same;
  if (final.has(attempt.outcome)) return forced ? { kind: 'deploy', count: 1 } : { kind: 'nothing' };
  if (same && settled(attempt.outcome)) return { kind: 'nothing' };
  if (attempt.outcome !== 'started') return { kind: 'deploy', count: attempt.count };
  return attempt.count < limits.crashTries ? { kind: 'deploy', count: attempt.count + 1 } : { kind: 'abandoned' };
};

/** Why an intent is not deployed, for whoever waits for its job. */
export const whyNot = (
  { kind }: Decision,
  { device, attempt, reason }: DeviceState,
): { code: FailureCode; detail: string } => {
  switch (kind) {
    case 'stale':
      return { code: 'stale_intent', detail: 'it is older than what was tried last' };
    case 'unmanaged':
      return { code: 'conflict', detail: 'the source holds no text for this device' };
    case 'held':
      return { code: 'conflict', detail: reason };
    case 'abandoned':
    case 'nothing':
    case 'deploy':
      return {
        code: 'conflict',
        detail: `this content was tried by job ${attempt?.job} and ended as ${attempt?.outcome}; \`plumb retry ${device}\` tries it again`,
      };
    default:
      return kind satisfies never;
  }
};
