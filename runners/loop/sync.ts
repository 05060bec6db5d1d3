import type { Blocked, DeviceState } from '../../core/bus.ts';
import { isOlderThanTried } from '../../core/wanted/generation.ts';
import { blockOf } from '../../core/wanted/held.ts';
import { whyHeld, whyStale } from './texts/why-not.ts';

export type Seen = {
  /** Hash of the normalised running configuration as last read; undefined: not read since the session was lost. */
  runningSha256: string | undefined;
  managed: boolean;
  /** The device was asked then, and has not answered; RFC 3339. */
  silentSince?: string | undefined;
  /** SHA-256 of what the source holds, where that is known. */
  source: string | undefined;
  /** Why the newest intent is not taken as it was published; '' where it is. */
  unclear?: string;
  /** What the newest intent waits for before it is deployed; '' where it does not. */
  waiting?: string;
  /** The job that changes the device right now. */
  deploying: string | undefined;
  /** The intent is merged: it says nothing of the lines beside it. */
  merges?: boolean;
};

type Sync = Pick<DeviceState, 'sync' | 'reason'>;

const words: Record<string, string> = {
  previewed: 'the newest intent was a dry run',
  superseded: 'a newer intent is on its way',
};

/** As people read it: `2026-01-31 09:12:45 UTC`. */
const at = ({ at: time }: { at: string }) => `${time.slice(0, 19).replace('T', ' ')} UTC`;

/** Of what may be a whole diff. */
const firstLine = (failure: string, job: string): string => {
  const [first = '', ...rest] = failure.split('\n');
  return rest.some((line) => line.trim() !== '') ? `${first} … (\`plumb job ${job}\` shows the rest)` : first;
};

/** A rollback is noted before it begins, so that nobody deploys again what it takes back: it may have been cut off since. */
const stillRuns = ({ why }: Blocked, device: string): string =>
  why === 'rolled_back'
    ? `; it is still running, so the rollback was interrupted: \`plumb rollback ${device}\` completes it`
    : '; it is still running';

const drift = ({ device }: DeviceState, { merges }: Seen): string => {
  const how = merges
    ? `\`plumb diff ${device}\` shows what of the intent is gone; lines beside it, which \`plumb config ${device}\` shows, \`plumb push ${device}\` lets be`
    : `\`plumb diff ${device}\` shows how`;
  return `drift: the running configuration was changed on the device; ${how}`;
};

/** Whether a device runs what is intended, and if not, why not, in one line. */
export const syncOf = (state: DeviceState, seen: Seen, failure: string): Sync => {
  const { intent, attempt, applied, hand, session } = state;
  const away = session.state === 'disconnected' && session.error !== '' ? `no session since ${at(session)}` : '';
  const out = (reason: string): Sync => ({ sync: 'out_of_sync', reason: [reason, away].filter(Boolean).join('; ') });
  if (!intent || !seen.managed) {
    return { sync: 'unmanaged', reason: ['no intended configuration', away].filter(Boolean).join('; ') };
  }
  if (seen.deploying !== undefined) return { sync: 'deploying', reason: `job ${seen.deploying}` };
  const { sha256 } = intent.generation;
  const runs = applied?.generation.sha256 === sha256 && applied.runningSha256 === seen.runningSha256;
  const by = blockOf(state, sha256);
  if (by) return out(`${whyHeld(by, state.device, seen.source)}${runs ? stillRuns(by, state.device) : ''}`);
  if (isOlderThanTried(intent.generation, attempt)) return out(whyStale(state));
  if (seen.unclear) return out(`refused: ${seen.unclear}`);
  if (seen.waiting) return out(seen.waiting);
  if (attempt?.outcome === 'awaiting') {
    return { sync: 'awaiting', reason: `the diff waits for an approval: plumb approve ${attempt.job}` };
  }
  if (attempt && attempt.generation.sha256 === sha256 && !['applied', 'unchanged'].includes(attempt.outcome)) {
    return out(failure === '' ? (words[attempt.outcome] ?? attempt.outcome) : firstLine(failure, attempt.job));
  }
  if (session.state === 'disconnected') {
    return { sync: 'unknown', reason: away === '' ? 'no session yet' : `${away}: ${session.error}` };
  }
  if (seen.silentSince) return { sync: 'unknown', reason: `no answer since ${at({ at: seen.silentSince })}` };
  if (seen.runningSha256 === undefined) return { sync: 'unknown', reason: 'the device has not been read yet' };
  if (hand)
    return out(
      `held: published by hand (job ${hand.job}); \`plumb resume ${state.device}\` deploys the source's text again`,
    );
  if (!applied || applied.generation.sha256 !== sha256) return out('the newest intent is not deployed yet');
  if (applied.runningSha256 !== seen.runningSha256) return out(drift(state, seen));
  return { sync: 'in_sync', reason: '' };
};
