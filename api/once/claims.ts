import { gunzipSync, gzipSync } from 'node:zlib';
import { OnceRecord } from '../../core/access.ts';
import { isOutcome } from '../../core/errors.ts';
import { newJobId } from '../../core/store/jobs.ts';
import { sha256 } from '../../core/store/payload.ts';
import { casRecord, getRecord, putRecord } from '../../core/store/records.ts';
import type { Store } from '../../core/store/store.ts';
import { HttpProblem } from '../http/problem.ts';

/** An answer takes 60 s at most; an instance that has not answered after that is gone, and another one takes over. */
const lapseMs = 90_000;
/** What was begun longer ago is not begun anew: nobody expects it to happen now. */
const takenOverMs = 5 * 60_000;
/** How often others may be quicker. */
const tries = 5;

/** What was answered to a request. */
export type Answer = { status: number; location: string | null; type: string | null; body: string };

/** The right to do what a request asks for; `resumed`: an instance that is gone may have begun with it. */
export type Claim = { entry: string; record: OnceRecord; revision: number; resumed: boolean };

const since = (time: string): number => Date.now() - Date.parse(time);

/** Whoever sent it, and the key that he sent. Two callers may use the same one. */
const entryOf = (who: string, key: string): string => `once.${sha256(JSON.stringify([who, key]))}`;

const checkFree = ({ asked, work, began, since: taken }: OnceRecord, now: string): void => {
  if (asked !== now) {
    throw new HttpProblem('key_reused', 'this Idempotency-Key was sent with another path, query or body', {
      hint: 'take a new key for each new request',
    });
  }
  if (taken !== null && since(taken) < lapseMs) {
    throw new HttpProblem('conflict', 'the request with this Idempotency-Key is still under way', {
      headers: { 'retry-after': '1' },
      hint: 'ask again in a moment: the answer is the same then',
    });
  }
  if (since(began) < takenOverMs) return;
  throw new HttpProblem('conflict', `the request with this Idempotency-Key was begun at ${began} and cut off`, {
    hint: `GET /api/v1/jobs/${work} (or /api/v1/bulk/${work}) tells whether anything came of it; take a new key to do it now`,
  });
};

/**
 * Takes the right to do what is asked, at one instance only.
 *
 * @param asked SHA-256 of the request
 * @returns the answer instead, where it was given before
 * @throws HttpProblem `conflict` while it is under way, `key_reused` where the key stands for another request
 */
export const takeClaim = async (
  { sessions }: Store,
  who: string,
  key: string,
  asked: string,
): Promise<Claim | Answer> => {
  const entry = entryOf(who, key);
  for (let count = 1; ; count++) {
    const found = await getRecord(sessions, OnceRecord, entry);
    if (found?.value.answer && found.value.asked === asked) {
      const { body, ...rest } = found.value.answer;
      return { ...rest, body: gunzipSync(Buffer.from(body, 'base64')).toString() };
    }
    if (found) checkFree(found.value, asked);
    const now = new Date().toISOString();
    const { work, began } = found?.value ?? { work: newJobId(), began: now };
    const record: OnceRecord = { asked, work, began, since: now, answer: null };
    try {
      const revision = await casRecord(sessions, entry, record, found?.revision ?? 0);
      return { entry, record, revision, resumed: found !== undefined };
    } catch (error) {
      if (!isOutcome(error, 'conflict') || count === tries) throw error;
    }
  }
};

/** Keeps what was answered, for whoever asks again. */
export const keepAnswer = async ({ sessions }: Store, claim: Claim, { body, ...rest }: Answer): Promise<void> => {
  const answer = { ...rest, body: gzipSync(body).toString('base64') };
  await casRecord(sessions, claim.entry, { ...claim.record, answer }, claim.revision);
};

/** Nothing came of it: the same key may ask for it again, or for something else. */
export const dropClaim = async ({ sessions }: Store, { entry, revision }: Claim): Promise<void> =>
  sessions.delete(entry, { previousSeq: revision });

/** Whether anything came of it is not known: whoever asks again goes on with it. */
export const leaveClaim = async ({ sessions }: Store, { entry, record }: Claim): Promise<void> =>
  void (await putRecord(sessions, entry, { ...record, since: null }));
