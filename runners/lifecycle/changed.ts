import type { DeviceState } from '../../core/bus.ts';

/** What a look at the running configuration makes of the time of its last change, whoever changed it. */
export const seenRunning = (
  { changed }: Pick<DeviceState, 'changed'>,
  runningSha256: string,
  at: string,
): Partial<DeviceState> => {
  if (changed?.runningSha256 === runningSha256) return {};
  return { changed: { at: changed ? at : null, runningSha256 } }; // the first look does not tell since when
};
