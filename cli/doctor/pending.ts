import type { DeviceState } from '../../core/bus.ts';
import type { Trial } from '../../runners/driver.ts';
import { type Finding, warn } from './checks.ts';

const toEnd = 'a runner resolves it: `plumb runner`';

/** A trial that the device shows: what is known of it there, and no more. */
export const trialShown = (device: string, trial: Trial): Finding => {
  const { owner, expiresAt, job, name, phase } = trial;
  const found = (detail: string, fix = toEnd) => warn('pending', device, detail, fix);
  switch (phase) {
    case 'armed': {
      const until = expiresAt
        ? `is pending until ${expiresAt.toISOString()}`
        : 'may be pending: the device does not report until when';
      return found(`a trial of ${owner} ${until}`, job ? toEnd : 'it is not ours: ask its owner');
    }
    case 'confirmed':
      return found(`trial ${name} was to be kept; its confirm, or saving it to startup, was interrupted`);
    case 'undoing':
      return found(`trial ${name} is being undone, or its undo was interrupted`);
    case 'over':
      return found(`trial ${name} is no longer pending; whether it was confirmed is not known from here`);
    default:
      return phase satisfies never;
  }
};

/** A trial in the record of a runner that may have died since: the device itself was not asked. */
export const trialRecorded = ({ device, trial, updatedAt }: DeviceState): Finding | undefined => {
  if (!trial) return undefined;
  const { job, expiresAt } = trial;
  const past = Date.parse(expiresAt) < Date.now() ? ', which has passed' : '';
  const told = `according to its runner's record of ${updatedAt}, a trial of job ${job} is pending until ${expiresAt}${past}`;
  return warn('pending', device, `${told}; the device was not asked whether it still is`, `\`plumb job ${job}\``);
};
