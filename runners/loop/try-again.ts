import type { FailureCode } from '../../core/errors.ts';

// When the loop of a device looks again, and after which ends.

/** The newest message is looked at this often even when nothing is heard. */
export const lookEveryMs = 60_000;
/** How long to wait before a device that is away is tried again. */
export const backOffMs = (tries: number) => Math.min(300_000, 2_000 * 2 ** tries);

/** Ends that another try may change, without new content: someone mends the way to the device. */
export const transient: ReadonlySet<string> = new Set([
  'unreachable',
  'timeout',
  'closed',
  'locked',
  'conflict',
  'nats_unavailable',
  'host_key_unknown',
  'host_key_changed',
  'credentials_unavailable',
] satisfies FailureCode[]);

/** Ends after which something of ours may be on the device still. */
export const mayHaveLeft: ReadonlySet<string> = new Set([
  'undo_failed',
  'commit_failed',
  'closed',
  'timeout',
  'unreachable',
  'locked',
] satisfies FailureCode[]);
