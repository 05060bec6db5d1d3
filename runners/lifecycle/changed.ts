import type { DeviceState, Job } from '../../core/bus.ts';

/** When a job's change took effect, as its steps tell; undefined: it committed nothing. */
export const tookEffect = ({ steps }: Pick<Job, 'steps'>): string | undefined => {
  const at = steps.findLastIndex(({ step }) => step === 'committing');
  const after = steps[at + 1];
  // the end of a step that was cut off is when somebody took the job over
  return after?.step === 'checking' ? after.startedAt : steps[at]?.startedAt;
};

/**
 * What a look at the running configuration makes of the time of its last change, whoever changed it.
 *
 * @param job that made the change, where one may have: what it committed before the last known change is not what is seen
 */
export const seenRunning = (
  { changed }: Pick<DeviceState, 'changed'>,
  runningSha256: string,
  at: string,
  job?: Pick<Job, 'steps'>,
): Partial<DeviceState> => {
  if (changed?.runningSha256 === runningSha256) return {};
  const made = job && tookEffect(job);
  if (made && made > (changed?.at ?? '')) return { changed: { at: made, runningSha256 } };
  return { changed: { at: changed ? at : null, runningSha256 } }; // the first look does not tell since when
};

/**
 * What a job that ended without a failure makes of the state.
 *
 * @param applied what is in force, and the hash of what runs with it
 * @param committed whether the job itself changed anything
 */
export const inForce = (
  state: Pick<DeviceState, 'changed'>,
  applied: NonNullable<DeviceState['applied']>,
  job: Pick<Job, 'steps'>,
  committed: boolean,
): Partial<DeviceState> => {
  const { runningSha256, at } = applied;
  const changed = { at: tookEffect(job) ?? at, runningSha256 };
  return { applied, ...(committed ? { changed } : seenRunning(state, runningSha256, at)) };
};
