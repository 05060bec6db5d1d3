import { explain, isOutcome, PlumbError } from '../../../core/errors.ts';
import type { Session, Trial } from '../../driver.ts';
import type { Seen } from '../outcome.ts';
import { graceMs, isOurs, onDevice, type TrialContext, TrialFailed, whatRuns } from './context.ts';
import { onceStable, until } from './wait.ts';

/** How often saving what was confirmed is tried. */
const finishTries = 3;

/** How a trial was seen to end when its confirm was not answered. */
type Looked = 'confirmed' | 'old' | 'new' | 'other';

const seenAs = {
  confirmed: { runs: 'unknown', trial: 'confirmed', startup: 'unknown' },
  old: { runs: 'old', trial: 'gone', startup: 'unknown' },
  new: { runs: 'new', trial: 'gone', startup: 'unknown' },
  other: { runs: 'other', trial: 'gone', startup: 'unknown' },
} as const satisfies Record<Looked, Seen>;

/** What is known of a trial that nobody has undone for us. */
const goneAs = {
  old: 'and the previous configuration is running: the device was restarted, or someone undid it',
  other: 'and another configuration is running',
} as const;

/**
 * Confirms a trial. An answer that did not come is no failure: the device is asked what became of it. It is believed
 * confirmed by a mark of our own on the device, or where nothing waits and nothing of the text is left to change; that
 * something else runs than before is no evidence.
 *
 * @param proven the connection that the checks were made on
 * @returns who confirmed it: on some platforms anybody's commit does
 * @throws TrialFailed where it did not end as a confirmed and saved trial
 */
export const confirmTrial = async (
  context: TrialContext,
  trial: Trial,
  fence: () => void,
  proven: Session,
): Promise<'us' | 'somebody else'> => {
  let by: 'us' | 'somebody else' = 'us';
  const { device, job, name, latestMs, beforeSha256, driver } = context;
  const byAny = driver.capabilities.confirmFrom === 'any';
  try {
    const handle = byAny ? await proven.pending([name]) : trial;
    if (!isOurs(handle, context))
      throw new PlumbError('commit_failed', `${device}: the trial ended before it was confirmed`);
    fence();
    if (handle.phase === 'over' && !(await context.isNew(proven)))
      throw new PlumbError('commit_failed', `${device}: the trial is gone, and its text is not running`);
    if (handle.phase === 'confirmed' || handle.phase === 'over') by = 'somebody else';
    await handle.confirm();
    return by;
  } catch (error) {
    if (!isOutcome(error) || error.code === 'lease_lost') throw error;
    const believed = onceStable(beforeSha256);
    /** What stands in the way of finishing a confirm that the device took. */
    let unfinished: PlumbError | undefined;
    let tries = 0;
    const looked = await until(latestMs + graceMs, context, () =>
      onDevice(context, async (again): Promise<Looked | undefined> => {
        const listed = await again.pending([name]);
        if (!isOurs(listed, context)) {
          if (error.code === 'commit_failed') by = 'somebody else'; // it was gone before we said a word
          if ((await again.saved()).find((saved) => saved.job === job)?.outcome === 'applied') return 'confirmed';
          return whatRuns(context, again, believed);
        }
        if (listed.phase === 'undoing') {
          fence();
          await listed.undo();
        }
        if (listed.phase === 'undoing' || !byAny) return undefined;
        if (listed.phase === 'over') {
          const runs = await whatRuns(context, again, believed);
          if (runs !== 'new') return runs;
        }
        fence();
        try {
          await listed.confirm();
        } catch (failure) {
          if (!['confirmed', 'over'].includes(listed.phase) || !isOutcome(failure)) throw failure;
          unfinished = failure;
          if (++tries < finishTries) throw failure;
          return 'confirmed';
        }
        unfinished = undefined;
        return 'confirmed';
      }),
    ).catch((cause: unknown): Looked => {
      if (isOutcome(cause, 'lease_lost')) throw cause;
      if (unfinished) return 'confirmed';
      const what = `${device}: it is not known whether the device accepted the confirm: ${explain(error)}`;
      const unknown = { runs: 'unknown', trial: 'unknown', startup: 'unknown' } as const;
      throw new TrialFailed('commit_failed', what, unknown, { cause });
    });
    if (unfinished) {
      const what = `${device}: the trial is confirmed and running, but finishing it failed: ${explain(unfinished)}`;
      throw new TrialFailed('commit_failed', what, seenAs.confirmed, {
        cause: unfinished,
        hint: 'a reboot may load the previously saved configuration: fix the cause; the runner then saves by itself',
      });
    }
    if (looked === 'confirmed' || looked === 'new') return by;
    if (looked === 'old' && error.code === 'locked') {
      const what = `${device}: the trial passed but could not be confirmed, so the device undid it: ${explain(error)}`;
      throw new TrialFailed('locked', what, seenAs.old, {
        cause: error,
        hint: 'once that is resolved, the deployment is tried again by itself',
      });
    }
    if (error.code === 'commit_failed') {
      const what = `${device}: the trial ended before it was confirmed, ${goneAs[looked]}`;
      const hint = `find out whether it was restarted or changed by someone; then \`plumb retry ${device}\``;
      throw new TrialFailed('commit_failed', what, seenAs[looked], { hint });
    }
    const what = `${device}: the trial ended before it was confirmed: ${explain(error)}`;
    throw new TrialFailed('commit_failed', what, seenAs[looked], {
      cause: error,
      hint: error.hint ?? `\`plumb retry ${device}\` tries it again`,
    });
  }
};
