import { countBgp } from './bgp-check.ts';
import type { Holding } from './holding.ts';
import { runningHash } from './trial.ts';

/**
 * One look at a device between deployments: what runs, and its BGP sessions, which go into the record when they changed.
 *
 * @returns the hash of the normalised running configuration
 */
export const look = async ({ warm, driver, state }: Holding): Promise<string> => {
  const { hash, bgp } = await warm.use(async (session) => ({
    hash: await runningHash(session, driver),
    bgp: driver.capabilities.getters.includes('bgp') ? await session.bgp() : undefined,
  }));
  const counts = bgp && countBgp(bgp);
  const { bgp: last } = state.value;
  if (counts && (counts.established !== last?.established || counts.expected !== last.expected)) {
    await state.update({ bgp: { ...counts, at: new Date().toISOString() } });
  }
  return hash;
};
