import { setTimeout as wait } from 'node:timers/promises';
import type { CheckResult } from '../../../core/bus.ts';
import { explain, failures, PlumbError } from '../../../core/errors.ts';
import type { Session } from '../../driver.ts';
import type { WarmSession } from '../../holding/warm-session.ts';

/** New logins fail for a moment while a device applies a large change; longer than this and it is cut off. */
const patienceMs = 30_000;
const pollMs = 500;

/** Why nobody can log in: with the words of what a person sees, not of what our code did. */
const cutOff = (connected: boolean, triedMs: number, tries: number, last: string): string => {
  const lost = connected ? 'the earlier connection is still up' : 'the connection was lost when the change took effect';
  if (tries === 0) return `${lost}, and there was no time left for a new login`;
  return `${lost} and no new login worked for ${Math.round(triedMs / 1000)} s${last === '' ? '' : `: ${last}`}`;
};

/** The job ends as a failed check, which is not tried again by itself. */
const toDo = ({ hint }: PlumbError) => `${hint ? `${hint}; then` : 'fix that, then'} \`plumb retry\``;

/** A login before the commit. Disposed before its end, it is given up. */
export type LoginProof = AsyncDisposable & {
  /** Begins it where it was not begun, and waits for its end. @throws PlumbError as `Driver.open` */
  prove(): Promise<void>;
};

/**
 * Logs in over a new connection before anything is committed: another host key or certificate than the warm session's,
 * or a login that does not work any more, is not the change's doing.
 *
 * @param atOnce begin now: a commit is likely to follow
 */
export const loginProof = (warm: WarmSession, signal: AbortSignal, atOnce: boolean): LoginProof => {
  const over = new AbortController();
  let proven: Promise<void> | undefined;
  const logInAndOut = async (): Promise<void> => {
    await (await warm.freshInTurn(AbortSignal.any([signal, over.signal])))[Symbol.asyncDispose]();
  };
  const prove = (): Promise<void> => {
    proven ??= logInAndOut();
    proven.catch(() => {}); // whoever commits waits for it
    return proven;
  };
  if (atOnce) void prove();
  return {
    prove,
    [Symbol.asyncDispose]: async () => {
      over.abort(new PlumbError('cancelled', 'nothing is committed'));
      await proven?.catch(() => {});
    },
  };
};

/** A login over a new connection, tried until the deadline, or until it is clear that there will be none. */
export const checkLogin = async (
  warm: WarmSession,
  { deadlineMs, signal }: { deadlineMs: number; signal: AbortSignal },
): Promise<Session | CheckResult> => {
  const beganMs = performance.now();
  const untilMs = Math.min(deadlineMs, beganMs + patienceMs);
  let last = '';
  let tries = 0;
  while (performance.now() < untilMs) {
    signal.throwIfAborted();
    tries++;
    const late = AbortSignal.timeout(Math.ceil(Math.max(1, Math.min(10_000, untilMs - performance.now()))));
    try {
      return await warm.fresh(AbortSignal.any([signal, late]));
    } catch (error) {
      if (signal.aborted) throw error;
      last = late.aborted ? 'no answer' : explain(error);
      if (error instanceof PlumbError && failures[error.code].connection === 'refused')
        return { name: 'login', on: 'a new connection', ok: false, detail: [last, toDo(error)].join('; ') };
      await wait(Math.min(pollMs, Math.max(0, untilMs - performance.now())));
    }
  }
  const detail = cutOff(warm.connected, performance.now() - beganMs, tries, last);
  return { name: 'login', on: 'a new connection', ok: false, detail };
};
