import { setTimeout as wait } from 'node:timers/promises';
import { explain, failures, isOutcome, PlumbError } from '../../../core/errors.ts';
import type { TrialContext } from './context.ts';

const pollMs = 1_000;
/** Somebody's lock or edit is a matter of people. */
const lockedPollMs = 5_000;
/** Each further refusal brings the account nearer to being locked, and the device undoes the trial by itself. */
const refusedPollMs = 60_000;
const stableMs = 5_000;

/** A device may list no trial any more while its undo goes on: what runs is believed once it has stayed so. */
export const onceStable = (beforeSha256: string): ((hash: string) => string | undefined) => {
  let sinceMs: number | undefined;
  return (hash) => {
    if (hash === beforeSha256) return hash;
    sinceMs ??= performance.now();
    return performance.now() - sinceMs >= stableMs ? hash : undefined;
  };
};

const pauseOf = (failed: PlumbError | undefined): number => {
  if (failed && failures[failed.code].connection === 'refused') return refusedPollMs;
  return failed?.code === 'locked' ? lockedPollMs : pollMs;
};

/** Tries over and over, with a login each time where the session was lost, until it works or it is too late. */
export const until = async <T>(
  lateMs: number,
  { lease, said }: Pick<TrialContext, 'lease' | 'said'>,
  work: () => Promise<T | undefined>,
): Promise<T> => {
  let last: PlumbError | undefined;
  do {
    lease.assert();
    let failed: PlumbError | undefined;
    try {
      const result = await work();
      if (result !== undefined) return result;
    } catch (error) {
      if (!isOutcome(error)) throw error;
      failed = error;
      last = error;
      if (error.code === 'locked') said?.(explain(error));
    }
    // Node counts timers in whole milliseconds, and one that ends a moment early would be a try more
    const ms = Math.min(pauseOf(failed), Math.max(pollMs, Math.ceil(lateMs - performance.now()) + 1));
    await wait(ms, undefined, { signal: lease.signal }).catch(() => {});
  } while (performance.now() < lateMs);
  throw new PlumbError('timeout', 'the device did not come back in time', { cause: last });
};
