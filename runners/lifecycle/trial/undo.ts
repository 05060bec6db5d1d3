import { isOutcome, PlumbError } from '../../../core/errors.ts';
import { sha256 } from '../../../core/store/payload.ts';
import type { Session, Trial } from '../../driver.ts';
import { HalfUndone } from '../../session/trial-handle.ts';
import type { Seen } from '../outcome.ts';
import { graceMs, isOurs, onDevice, runningHash, type TrialContext, whatRuns } from './context.ts';
import { onceStable, until } from './wait.ts';

/** One that waits no more is undone only where its text runs: else somebody's change would go with it. */
const mayUndo = async (context: TrialContext, { phase }: Trial, session: Session): Promise<boolean> =>
  phase !== 'over' || (await whatRuns(context, session, (hash) => hash)) === 'new';

/** Whether what ran before is what boots, too: somebody may have saved the change while it was on trial. */
const startupOf = async ({ driver, beforeSha256 }: TrialContext, session: Session): Promise<Seen['startup']> => {
  if (!driver.capabilities.startup) return 'none';
  try {
    return sha256(driver.normalise(await session.config('startup'))) === beforeSha256 ? 'same' : 'differs';
  } catch (error) {
    if (!isOutcome(error)) throw error;
    return 'unknown'; // what runs was seen, and that decides
  }
};

export type Undone = {
  /** `nobody`: before its timer could end it no trial was there, and what ran before runs. */
  by: 'us' | 'the device' | 'nobody';
  seen: Seen;
  /** Why what ran before was not seen to run. */
  failure: PlumbError | undefined;
  /** Somebody's commit made it permanent before its timer could end it. */
  confirmedByOther: boolean;
};

/** Undoes the trial of this job if there is one, or sees to it that the device has done so, and tells what runs then. */
export const undo = async (context: TrialContext, trial?: Trial): Promise<Undone> => {
  const { device, driver, name, latestMs, lease, beforeSha256 } = context;
  const byAny = driver.capabilities.confirmFrom === 'any';
  let by = 'the device' as Undone['by'];
  let failure: PlumbError | undefined;
  /** What was seen of the trial last. */
  let last: 'pending' | 'unknown' = 'unknown';
  let gone = false;
  let confirmed = false;
  let startup: Seen['startup'] = 'unknown';
  const believed = onceStable(beforeSha256);
  try {
    if (trial && !byAny) {
      lease.assert();
      await trial.undo(); // on the connection that armed it, whatever the others are busy with
      by = 'us';
    } else {
      await onDevice(context, async (session) => {
        const listed = await session.pending([name]);
        lease.assert();
        gone = performance.now() < context.expiresMs && (!isOurs(listed, context) || listed.phase === 'over');
        confirmed = isOurs(listed, context) && listed.phase === 'confirmed';
        if (!isOurs(listed, context)) {
          if (gone && (await runningHash(session, driver)) === beforeSha256) by = 'nobody';
          return;
        }
        if (!(await mayUndo(context, listed, session))) return;
        await listed.undo();
        if (byAny) by = 'us';
      });
    }
  } catch (error) {
    if (!isOutcome(error)) throw error;
    failure = error; // unreachable, most likely: its own timer is armed
  }
  try {
    const runs = await until(latestMs + graceMs, context, () =>
      onDevice(context, async (session) => {
        last = 'unknown';
        const listed = await session.pending([name]);
        if (isOurs(listed, context)) {
          last = 'pending';
          if (listed.phase === 'armed') return undefined;
          lease.assert();
          if (await mayUndo(context, listed, session))
            await listed.undo().catch((error: unknown) => {
              if (!(error instanceof HalfUndone)) throw error;
              failure = error;
            });
          last = 'unknown';
        }
        const runs = await whatRuns(context, session, believed);
        if (runs === 'old') startup = await startupOf(context, session);
        return runs;
      }),
    );
    if (runs === 'old') failure = failure instanceof HalfUndone ? failure : undefined;
    else
      failure ??= new PlumbError(
        'undo_failed',
        `${device}: the running configuration is not the one from before the trial`,
      );
    const confirmedByOther = confirmed || (gone && by !== 'nobody' && (runs !== 'old' || by === 'us'));
    return { by, seen: { runs, trial: 'gone', startup }, failure, confirmedByOther };
  } catch (error) {
    if (!isOutcome(error) || error.code === 'lease_lost') throw error;
    return {
      by,
      seen: { runs: 'unknown', trial: last, startup: 'unknown' },
      failure: error,
      confirmedByOther: confirmed,
    };
  }
};
