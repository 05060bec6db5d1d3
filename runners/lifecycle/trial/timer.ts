import type { Device } from '../../../core/inventory/schema.ts';
import type { Capabilities } from '../../driver.ts';
import type { JobRecord } from '../../holding/job-record.ts';
import type { Bgp } from '../../shapes.ts';
import { hasSessions, longestHold } from '../checks/bgp.ts';

/** Seconds of a trial as the platform's timer can hold them: of its unit, rounded up, within its limits. */
export const heldSeconds = (
  { trialUnitSeconds: unit, trialSeconds }: Pick<Capabilities, 'trialUnitSeconds' | 'trialSeconds'>,
  wanted: number,
): number => {
  const { least = unit, most = Number.MAX_SAFE_INTEGER } = trialSeconds ?? {};
  return Math.max(least, Math.min(most, Math.ceil(wanted / unit) * unit));
};

/** Seconds of the trial's timer, noted in the job; it warns where that is not what was asked for, or proves nothing about BGP. */
export const trialTimer = (
  { device, record, capabilities }: { device: Device; record: JobRecord; capabilities: Capabilities },
  before: Bgp,
): number => {
  const hold = longestHold(before);
  const wanted = record.job.confirmSeconds || device.policy.confirmSeconds || Math.max(180, hold + 60);
  const seconds = heldSeconds(capabilities, wanted);
  if (seconds < wanted) {
    record.warn(
      `a trial of ${wanted} s was requested, but the timer of ${device.platform} allows at most ${seconds} s: ` +
        'a trial that is not confirmed by then is undone',
    );
  }
  const least = Math.max(120, hold + 60);
  if (hasSessions(before) && seconds < least) {
    record.warn(
      `the trial's timer of ${seconds} s is shorter than ${least} s (longest hold time: ${hold} s): ` +
        'a dead session may not be detected by then, so the BGP check proves nothing',
    );
  }
  record.set({ confirmSeconds: seconds });
  return seconds;
};
