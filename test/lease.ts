import { PlumbError } from '../core/errors.ts';
import type { HeldLease } from '../runners/holding/lease.ts';

/** A lease that nobody renews and that ends when the test says so: `lapse` as a process finds it that was paused. */
export const leaseForTest = (
  device: string,
  runner: string,
  epoch: number,
): HeldLease & { lapse(): void; readonly lostTo: number | undefined } => {
  const abort = new AbortController();
  let lapsed = false;
  let lostTo: number | undefined;
  const lose = (why: string, to?: number) => {
    lostTo = to;
    abort.abort(new PlumbError('lease_lost', `${device}: the lease was lost: ${why}`));
  };
  const assert = () => {
    if (lapsed) lose('it could not be renewed in time');
    abort.signal.throwIfAborted();
  };
  return {
    device,
    runner,
    epoch,
    signal: abort.signal,
    lose,
    assert,
    sure: async () => assert(),
    lasts: assert,
    lapse: () => {
      lapsed = true;
    },
    get lostTo() {
      return lostTo;
    },
  };
};
