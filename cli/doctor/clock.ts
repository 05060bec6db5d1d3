import type { Store } from '../../core/store/store.ts';
import { clockToleranceMs } from '../../core/wanted/generation.ts';
import { span } from '../output/text.ts';
import { type Finding, ok, warn } from './checks.ts';

/**
 * Whether the server's clock and this machine's agree. The server dates what it stores, and the leases of a runner that
 * is up are renewed every few seconds.
 *
 * @param held whether any device is held
 */
export const checkClock = async (store: Store, held: boolean, nowMs = Date.now()): Promise<Finding> => {
  const { last_ts: last } = (await store.lease.status()).streamInfo.state;
  const server = store.nc.getServer();
  const aheadMs = Date.parse(last) - nowMs;
  const isAhead = aheadMs > clockToleranceMs;
  if (!isAhead && !held) return ok('clock', server, 'not compared: no device is held');
  if (!isAhead && aheadMs > -clockToleranceMs) return ok('clock', server, "agrees with this machine's");
  const how = `${span(Math.round(Math.abs(aheadMs) / 1000))} ${isAhead ? 'ahead of' : 'behind'} this machine's`;
  const fix = 'run `timedatectl` on both and set the one that is wrong; texts with a wrong date do not stop later ones';
  return warn('clock', server, `the clock of the NATS server is ${how}`, fix);
};
