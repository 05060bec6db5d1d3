import { type ErrorDetails, type FailureCode, PlumbError } from '../../../core/errors.ts';
import { sha256 } from '../../../core/store/payload.ts';
import type { Driver, Session, Trial } from '../../driver.ts';
import type { HeldLease } from '../../holding/lease.ts';
import type { WarmSession } from '../../holding/warm-session.ts';
import type { Seen } from '../outcome.ts';

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
export const graceMs = 60_000;
export const runningHash = async (session: Session, driver: Driver): Promise<string> =>
  sha256(driver.normalise(await session.config('running')));

/** A trial that did not end as it was to, and what was seen of the device then. */
export class TrialFailed extends PlumbError {
  readonly seen: Seen;

  constructor(code: FailureCode, message: string, seen: Seen, options?: ErrorDetails) {
    super(code, message, options);
    this.seen = seen;
  }
}

const notTaken: ReadonlySet<FailureCode> = new Set<FailureCode>(['rejected', 'refused', 'unsupported']);

/** What runs, once that is believed. */
export const whatRuns = async (
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
export const isOurs = (listed: Trial | undefined, { job, lease }: TrialContext): listed is Trial =>
  listed?.job === job && (listed.epoch ?? lease.epoch) === lease.epoch;

/** On the warm session; on one of its own where that is busy: a trial waits for nobody's command. */
export const onDevice = async <T>(
  { warm, lease }: TrialContext,
  work: (session: Session) => Promise<T>,
): Promise<T> => {
  if (!warm.busy) return warm.use(work);
  await using session = await warm.fresh(lease.signal);
  return await work(session);
};
