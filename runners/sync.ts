import type { DeviceState } from '../core/bus.ts';

export type Seen = {
  /** Hash of the normalised running configuration as last read; undefined: not read since the session was lost. */
  runningSha256: string | undefined;
  managed: boolean;
  /** The job that changes the device right now. */
  deploying: string | undefined;
};

type Sync = Pick<DeviceState, 'sync' | 'reason'>;

const words: Record<string, string> = {
  previewed: 'the newest intent was a dry run',
  superseded: 'a newer intent is on its way',
};

/** Whether a device runs what is intended, and if not, why not, in one line. */
export const syncOf = (state: DeviceState, seen: Seen, failure: string): Sync => {
  const { intent, attempt, applied, hold, session } = state;
  const out = (reason: string): Sync => ({ sync: 'out_of_sync', reason });
  if (!intent || !seen.managed) return { sync: 'unmanaged', reason: 'no intended configuration' };
  if (seen.deploying !== undefined) return { sync: 'deploying', reason: `job ${seen.deploying}` };
  if (attempt?.outcome === 'awaiting') {
    return { sync: 'awaiting', reason: `the diff waits for an approval: plumb approve ${attempt.job}` };
  }
  if (hold?.reason === 'rollback')
    return out(`held: rolled back by job ${hold.job}; \`plumb resume ${state.device}\` deploys the intent again`);
  if (
    attempt &&
    attempt.generation.sha256 === intent.generation.sha256 &&
    !['applied', 'unchanged'].includes(attempt.outcome)
  ) {
    return out(failure || words[attempt.outcome] || attempt.outcome);
  }
  if (session.state === 'disconnected') return { sync: 'unknown', reason: session.error || 'no session yet' };
  if (seen.runningSha256 === undefined) return { sync: 'unknown', reason: 'the device was not read yet' };
  if (hold)
    return out(
      `held: published by hand (job ${hold.job}); \`plumb resume ${state.device}\` deploys the source's text again`,
    );
  if (!applied || applied.generation.sha256 !== intent.generation.sha256)
    return out('the newest intent is not deployed yet');
  if (applied.runningSha256 !== seen.runningSha256)
    return out('drift: the running configuration was changed on the device');
  return { sync: 'in_sync', reason: '' };
};
