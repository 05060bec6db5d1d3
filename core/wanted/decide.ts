import { type Blocked, type Hold, limits } from '../bus.ts';
import { failureOf } from '../errors.ts';
import { isOlderThanTried, isSameMessage } from './generation.ts';
import { blockOf, type Held, type Newest, type Source } from './held.ts';

/** What to do with the newest text of a device, given what was tried before and what people said. */
export type Decision =
  | { kind: 'deploy'; count: number }
  | { kind: 'nothing' }
  /** Older than what was tried last: a restored store or a replayed message. Never deployed. */
  | { kind: 'stale' }
  /** Someone took this text back, and nobody has named it since. */
  | { kind: 'blocked'; by: Blocked }
  /** Someone stopped all deployments to the device. */
  | { kind: 'stopped'; by: Hold }
  /** Its headers are not understood, or it is not the text that was published: treated as never tried. */
  | { kind: 'unclear'; why: string }
  /** The source no longer has the device. */
  | { kind: 'unmanaged' }
  /** Crashes have cut this text off as often as allowed. */
  | { kind: 'abandoned' };

/** An outcome that another try of the same text would only repeat. */
const isFinal = (outcome: string) => failureOf(outcome)?.again === 'never';

/** Ended well, or in a way that only another text or a person changes. */
const settled = (outcome: string) => ['applied', 'unchanged', 'previewed'].includes(outcome) || isFinal(outcome);

/** Level-triggered: looks only at the newest text and the record, never at events. */
export const decide = (state: Held, newest: Newest | undefined, source: Source): Decision => {
  const decision = newest ? decideText(state, newest, source) : ({ kind: 'nothing' } as const);
  return decision.kind === 'deploy' && state.hold && !newest?.dryRun ? { kind: 'stopped', by: state.hold } : decision;
};

const decideText = (state: Held, newest: Newest, source: Source): Decision => {
  const { generation, fromSource, forced, unclear = '' } = newest;
  const { attempt } = state;
  if (source === null && fromSource) return { kind: 'unmanaged' };
  if (isOlderThanTried(generation, attempt)) return { kind: 'stale' };
  const by = blockOf(state, generation.sha256);
  if (by) return { kind: 'blocked', by };
  if (unclear !== '') return { kind: 'unclear', why: unclear };
  if (!attempt || attempt.generation.sha256 !== generation.sha256) return { kind: 'deploy', count: 1 };
  const same = isSameMessage(attempt.generation, generation);
  // a new publish with a reason for overriding the guards counts as a person's decision, like a retry
  if (isFinal(attempt.outcome)) return forced && !same ? { kind: 'deploy', count: 1 } : { kind: 'nothing' };
  if (same && settled(attempt.outcome)) return { kind: 'nothing' };
  if (attempt.outcome !== 'started') return { kind: 'deploy', count: attempt.count };
  return attempt.count < limits.crashTries ? { kind: 'deploy', count: attempt.count + 1 } : { kind: 'abandoned' };
};
