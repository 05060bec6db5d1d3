import { sha256 } from '../../core/store/payload.ts';
import type { Bench } from '../../lab/proof/bench.ts';
import { commit } from '../../lab/proof/target.ts';
import type { Driver, Trial } from '../../runners/driver.ts';
import { WarmSession } from '../../runners/holding/warm-session.ts';
import type { TrialContext } from '../../runners/lifecycle/trial/context.ts';
import { trialName } from '../../runners/trial-name.ts';
import { leaseForTest } from '../lease.ts';

type OnTrial = AsyncDisposable & { context: TrialContext; trial: Trial };

/** Commits a configuration on a simulated device, on trial for 60 s, as the lifecycle then waits for it. */
export const onTrial = async (
  driver: Driver,
  { sim, target }: Bench,
  config: string,
  isNew = false,
): Promise<OnTrial> => {
  const beforeSha256 = sha256(driver.normalise(sim.running));
  const lease = leaseForTest('r1', 'me', 1);
  const warm = new WarmSession(
    (signal) => driver.open(target, signal),
    lease,
    () => {},
  );
  const { trial, name } = await warm.use((session) => commit(session, config, 60));
  const expiresMs = performance.now() + 60_000;
  return {
    context: {
      device: 'r1',
      driver,
      warm,
      job: name.job,
      name: trialName(name),
      beforeSha256,
      expiresMs,
      latestMs: expiresMs,
      lease,
      isNew: async () => isNew,
    },
    trial,
    [Symbol.asyncDispose]: () => warm[Symbol.asyncDispose](),
  };
};
