import { setTimeout as wait } from 'node:timers/promises';
import { explain, isOutcome, PlumbError } from '../../../core/errors.ts';
import type { TrialContext } from './context.ts';

const pollMs = 1_000;
/** Somebody's lock or edit is a matter of people. */
const lockedPollMs = 5_000;
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

/** Tries over and over, with a login each time where the session was lost, until it works or it is too late. */
export const until = async <T>(
  lateMs: number,
  { lease, said }: Pick<TrialContext, 'lease' | 'said'>,
  work: () => Promise<T | undefined>,
): Promise<T> => {
  let last: PlumbError | undefined;
  do {
    lease.assert();
    try {
      const result = await work();
      if (result !== undefined) return result;
    } catch (error) {
      if (!isOutcome(error)) throw error;
      last = error;
      if (error.code === 'locked') said?.(explain(error));
    }
    await wait(last?.code === 'locked' ? lockedPollMs : pollMs, undefined, { signal: lease.signal }).catch(() => {});
  } while (performance.now() < lateMs);
  throw new PlumbError('timeout', 'the device did not come back in time', { cause: last });
};
