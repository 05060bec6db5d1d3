import { explain, type FailureCode, PlumbError } from '../../../core/errors.ts';
import { sha256 } from '../../../core/store/payload.ts';
import type { Driver, Session, Trial } from '../../driver.ts';
import type { HeldLease } from '../../holding/lease.ts';
import type { WarmSession } from '../../holding/warm-session.ts';
import type { Seen } from '../outcome.ts';
import { settled, until } from './wait.ts';

export type TrialContext = {
  device: string;
  driver: Driver;
  warm: WarmSession;
  job: string;
  /** What the trial is called on the device. */
  name: string;
  /** Hash of the normalised configuration that ran before the trial. */
  beforeSha256: string;
  /** Monotonic time at which the device undoes the trial by itself, at the earliest: a timer of it starts no sooner than the commit. */
  expiresMs: number;
  /** … and at the latest, where the commit takes its time and the timer starts when it is done. */
  latestMs: number;
  /** Takes what stands in the way, while it is waited for. */
  said?: (text: string) => void;
  /** Once it is lost the device is someone else's, and so is a trial of this very job. */
  lease: HeldLease;
  /** Whether nothing of the trial's text is left to change. */
  isNew: (session: Session) => Promise<boolean>;
};

/** An expired trial is undone late on some platforms (Junos: up to 35 s). */
const graceMs = 60_000;
/** How often saving what was confirmed is tried. */
const finishTries = 3;

export const runningHash = async (session: Session, driver: Driver): Promise<string> =>
  sha256(driver.normalise(await session.config('running')));

/** A trial that did not end as it was to, and what was seen of the device then. */
export class Unsettled extends PlumbError {
  readonly seen: Seen;

  constructor(
    code: FailureCode,
    message: string,
    seen: Seen,
    options: ErrorOptions & { hint?: string; line?: number } = {},
  ) {
    super(code, message, options);
    this.seen = seen;
  }
}

const notTaken: ReadonlySet<FailureCode> = new Set<FailureCode>(['rejected', 'refused', 'unsupported']);

/** What runs, once that is believed. */
const whatRuns = async (
  { driver, beforeSha256, isNew }: TrialContext,
  session: Session,
  believed: (hash: string) => string | undefined,
): Promise<Exclude<Seen['runs'], 'unknown'> | undefined> => {
  const hash = believed(await runningHash(session, driver));
  if (hash === undefined) return undefined;
  if (hash === beforeSha256) return 'old';
  try {
    return (await isNew(session)) ? 'new' : 'other';
  } catch (error) {
    if (error instanceof PlumbError && notTaken.has(error.code)) return 'other'; // what runs is nothing that it knows
    throw error;
  }
};

/** A trial of this job under this lease: one of the same job under another belongs to whoever took the job over. */
const isOurs = (listed: Trial | undefined, { job, lease }: TrialContext): listed is Trial =>
  listed?.job === job && (listed.epoch ?? lease.epoch) === lease.epoch;

/** On the warm session; on one of its own where that is busy: a trial waits for nobody's command. */
const onDevice = async <T>({ warm, lease }: TrialContext, work: (session: Session) => Promise<T>): Promise<T> => {
  if (!warm.busy) return warm.use(work);
  await using session = await warm.fresh(lease.signal);
  return await work(session);
};

/** One that waits no more is undone only where its text runs: else somebody's change would go with it. */
const mayUndo = async (context: TrialContext, { phase }: Trial, session: Session): Promise<boolean> =>
  phase !== 'over' || (await whatRuns(context, session, (hash) => hash)) === 'new';

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
  const believed = settled(beforeSha256);
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
    if (!(error instanceof PlumbError)) throw error;
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
          if (await mayUndo(context, listed, session)) await listed.undo();
          last = 'unknown';
        }
        return whatRuns(context, session, believed);
      }),
    );
    if (runs === 'old') failure = undefined;
    else
      failure ??= new PlumbError(
        'undo_failed',
        `${device}: the running configuration is not the one of before the trial`,
      );
    const confirmedByOther = confirmed || (gone && by !== 'nobody' && (runs !== 'old' || by === 'us'));
    return { by, seen: { runs, trial: 'gone', startup: 'unknown' }, failure, confirmedByOther };
  } catch (error) {
    if (!(error instanceof PlumbError) || error.code === 'lease_lost') throw error;
    return {
      by,
      seen: { runs: 'unknown', trial: last, startup: 'unknown' },
      failure: error,
      confirmedByOther: confirmed,
    };
  }
};

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
  old: 'and what ran before it runs: the device was restarted, or somebody undid it',
  other: 'and something else runs',
} as const;

/**
 * Confirms a trial. An answer that did not come is no failure: the device is asked what became of it. It is believed
 * confirmed by a mark of our own on the device, or where nothing waits and nothing of the text is left to change; that
 * something else runs than before is no evidence.
 *
 * @param proven the connection that the checks were made on
 * @returns who confirmed it: on some platforms anybody's commit does
 * @throws Unsettled where it did not end as a confirmed and saved trial
 */
export const confirm = async (
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
      throw new PlumbError('commit_failed', `${device}: the trial is gone before it was confirmed`);
    fence();
    if (handle.phase === 'over' && !(await context.isNew(proven)))
      throw new PlumbError('commit_failed', `${device}: the trial is gone, and not its text runs`);
    if (handle.phase === 'confirmed' || handle.phase === 'over') by = 'somebody else';
    await handle.confirm();
    return by;
  } catch (error) {
    if (!(error instanceof PlumbError) || error.code === 'lease_lost') throw error;
    const believed = settled(beforeSha256);
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
          if (!['confirmed', 'over'].includes(listed.phase) || !(failure instanceof PlumbError)) throw failure;
          unfinished = failure;
          if (++tries < finishTries) throw failure;
          return 'confirmed';
        }
        unfinished = undefined;
        return 'confirmed';
      }),
    ).catch((cause: unknown): Looked => {
      if (cause instanceof PlumbError && cause.code === 'lease_lost') throw cause;
      if (unfinished) return 'confirmed';
      const what = `${device}: it is not known whether the confirm was taken: ${explain(error)}`;
      const unknown = { runs: 'unknown', trial: 'unknown', startup: 'unknown' } as const;
      throw new Unsettled('commit_failed', what, unknown, { cause });
    });
    if (unfinished) {
      const what = `${device}: the trial is confirmed and runs, and finishing it failed: ${explain(unfinished)}`;
      throw new Unsettled('commit_failed', what, seenAs.confirmed, {
        cause: unfinished,
        hint: 'a reboot may boot what was saved before: mend that; the runner then saves it by itself',
      });
    }
    if (looked === 'confirmed' || looked === 'new') return by;
    if (looked === 'old' && error.code === 'locked') {
      const what = `${device}: the trial was good and could not be confirmed, so the device undid it: ${explain(error)}`;
      throw new Unsettled('locked', what, seenAs.old, {
        cause: error,
        hint: 'once that is out of the way the deployment is tried again by itself',
      });
    }
    if (error.code === 'commit_failed') {
      const what = `${device}: the trial was gone before it was confirmed, ${goneAs[looked]}`;
      const hint = `see whether it was restarted, or what somebody did there; then \`plumb retry ${device}\``;
      throw new Unsettled('commit_failed', what, seenAs[looked], { hint });
    }
    const what = `${device}: the trial ended before it was confirmed: ${explain(error)}`;
    throw new Unsettled('commit_failed', what, seenAs[looked], {
      cause: error,
      hint: error.hint ?? `\`plumb retry ${device}\` tries it again`,
    });
  }
};
