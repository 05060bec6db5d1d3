import type { CheckResult } from '../../../core/bus.ts';
import { explain, PlumbError } from '../../../core/errors.ts';
import type { Session } from '../../driver.ts';
import { type Checked, checkUntilStable } from '../checks/checks.ts';
import type { Committed, Deployment } from '../deployment.ts';
import { takeBack, warnOfTyped } from '../trial/take-back.ts';

/** The undo must have begun this long before the device's own, so that both never run at once. */
const undoMarginMs = (confirmSeconds: number) => Math.min(15_000, Math.max(3_000, confirmSeconds * 100));

/** Even a bug of ours must not leave a trial on the device. */
const asCheckFailure = (device: string, cause: unknown): PlumbError =>
  cause instanceof PlumbError
    ? cause
    : new PlumbError('check_failed', `${device}: the check could not be made: ${explain(cause)}`, { cause });

const whatFailed = (device: string, checks: readonly CheckResult[]): PlumbError => {
  const failed = checks
    .filter(({ ok }) => ok === false)
    .map(({ name, on, detail }) => `${name} ${on}: ${detail.replaceAll(`${device}: `, '')}`);
  const hint = `once the cause is fixed, \`plumb retry ${device}\` tries the same text again`;
  return new PlumbError('check_failed', `${device}: ${failed.join('; ')}`, { hint });
};

/**
 * Makes the checks over a new connection; where they do not hold in time, or it is cancelled, the trial is undone.
 *
 * @returns the connection that the checks were made on
 * @throws TrialFailed with what was seen to run after the undo
 */
export const check = async (
  deployment: Deployment,
  intent: string,
  { context, trial, before, lateMs, foreign }: Extract<Committed, { kind: 'committed' }>,
): Promise<Session> => {
  const { record, device, driver, warm, signal, lease, mode } = deployment;
  record.step('checking');
  let checked: Checked;
  try {
    checked = await checkUntilStable(warm, {
      driver,
      policy: device.policy,
      before,
      intent,
      mode,
      lateMs,
      deadlineMs: context.expiresMs - undoMarginMs(record.job.confirmSeconds ?? 0),
      signal: AbortSignal.any([signal, lease.signal]),
      found: (checks) => record.checks(checks),
      loggedIn: (session) => foreign.note(session),
    });
  } catch (error) {
    lease.assert(); // the device is someone else's now: no confirm, no undo
    await warnOfTyped(deployment, foreign, undefined);
    return takeBack(deployment, context, trial, asCheckFailure(device.name, signal.aborted ? signal.reason : error));
  }
  const { checks, ok, session } = checked;
  record.checks(checks);
  for (const { name, on, ok: made, detail } of checks)
    if (made === null) record.warn(`check not made: ${name} ${on}: ${detail}`);
  if (ok && session) return session;
  await warnOfTyped(deployment, foreign, session);
  await session?.[Symbol.asyncDispose]();
  return takeBack(deployment, context, trial, whatFailed(device.name, checks));
};
