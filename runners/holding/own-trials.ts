import type { DeviceState } from '../../core/bus.ts';
import { listJobs } from '../../core/store/jobs.ts';
import type { Store } from '../../core/store/store.ts';
import { trialName } from '../trial-name.ts';

/** How far back a trial can be that still waits on a device. */
const recentJobs = 10;

/** What trials of ours on a device may be called whose end nobody has seen, whichever runner armed them; newest first. */
export const attempted = async (
  store: Store,
  { device, trial }: Pick<DeviceState, 'device' | 'trial'>,
): Promise<string[]> => {
  const { jobs } = await listJobs(store, { devices: [device], limit: recentJobs });
  const names = jobs
    .filter(({ steps, outcome }) => steps.some(({ step }) => step === 'committing') && outcome?.kind !== 'applied')
    // whoever took a job over has written its own epoch into the record: the trial bears that of one before
    .flatMap(({ id, epoch = 0, takeovers = [] }) =>
      [epoch, ...takeovers.map(({ fromEpoch }) => fromEpoch)].map((each) => trialName({ job: id, epoch: each })),
    );
  return [...new Set([...(trial ? [trial.name] : []), ...names])];
};
