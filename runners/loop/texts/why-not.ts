import type { Blocked, DeviceState, Job } from '../../../core/bus.ts';
import type { FailureCode } from '../../../core/errors.ts';
import type { Decision } from '../../../core/wanted/decide.ts';
import { whyStopped } from '../../../core/wanted/held.ts';

// Why the newest text of a device is not deployed, for `status` and for whoever waits for its job.

const words: Record<Blocked['why'], string> = {
  undone: 'undone',
  stopped: 'stopped',
  rolled_back: 'rolled back',
  cancelled: 'cancelled',
  given_up: 'given up',
};

/** @param source SHA-256 of the text that the source holds, where it holds one and that is known */
export const whyHeld = (
  { why, by, job, change, sha256 }: Blocked,
  device: string,
  source: string | undefined,
): string => {
  const how = change ? ` by change ${change}` : job ? ` by job ${job}` : '';
  const what = `held: ${words[why]}${how}${by ? ` (${by})` : ''}`;
  if (source === undefined) return `${what}; \`plumb retry ${device}\` deploys it again`;
  if (source === sha256) return `${what}; \`plumb resume ${device}\` deploys it again`;
  return `${what}; \`plumb resume ${device}\` deploys the source's text, \`plumb retry ${device}\` this one`;
};

/** Of a message that is older than what was tried last. */
export const whyStale = ({ device, intent, attempt }: DeviceState): string => {
  const stored = (at: string | undefined) => (at ? `${at.slice(0, 19)}Z` : 'at an unknown time');
  return (
    `stale_intent: the newest text on the bus, stored ${stored(intent?.generation.at)}, is older than the text tried ` +
    `last, stored ${stored(attempt?.generation.at)}: the store was restored; the watcher publishes the source's text ` +
    `again, \`plumb retry ${device}\` deploys this one`
  );
};

/** Why an intent is not deployed, for whoever waits for its job. @param tried the job of the last attempt */
export const whyNot = (
  decision: Decision,
  state: DeviceState,
  source: string | undefined,
  tried: Job | undefined,
): { code: FailureCode; detail: string } => {
  const { device, attempt } = state;
  const why = tried?.outcome?.kind === 'failed' ? ` (${tried.outcome.detail.split('\n', 1)[0]})` : '';
  switch (decision.kind) {
    case 'stale':
      return { code: 'stale_intent', detail: 'it is older than the last text tried' };
    case 'unclear':
      return { code: 'refused', detail: decision.why };
    case 'unmanaged':
      return { code: 'conflict', detail: 'the source has no text for this device' };
    case 'blocked':
      return { code: 'conflict', detail: whyHeld(decision.by, device, source) };
    case 'stopped':
      return { code: 'conflict', detail: whyStopped(decision.by, device) };
    case 'abandoned':
    case 'nothing':
    case 'deploy':
      return {
        code: 'conflict',
        detail: `job ${attempt?.job} tried this content and ended as ${attempt?.outcome}${why}; \`plumb retry ${device}\` tries it again`,
      };
    default:
      return decision satisfies never;
  }
};
