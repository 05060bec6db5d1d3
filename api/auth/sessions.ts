import { randomBytes } from 'node:crypto';
import { type Grant, LoginLink, LoginSession } from '../../core/access.ts';
import { limits } from '../../core/bus.ts';
import { isOutcome } from '../../core/errors.ts';
import { sha256 } from '../../core/store/payload.ts';
import { casRecord, getRecord, putRecord } from '../../core/store/records.ts';
import type { Store } from '../../core/store/store.ts';
import { liveKey, siteKeyName } from './keys.ts';
import type { Caller } from './roles.ts';
import { getUser } from './users.ts';

/** How long a session lives, used or not. */
export const sessionMs = limits.sessionHours * 3_600_000;
/** How long it lives without being used. */
export const idleMs = 60 * 60_000;
/** How often it is written down that it is used. */
const seenEveryMs = 60_000;
/** How long a link logs somebody in. */
export const linkMs = 5 * 60_000;

/** How long a login at an identity provider may take. */
export const loginMs = 10 * 60_000;

/** Who logged in, and of what that came. */
export type LoggedIn = Pick<LoginSession, 'name' | 'of'>;

const newSecret = (): string => randomBytes(32).toString('base64url');
const isSecret = (text: string): boolean => /^[\w-]{43}$/.test(text);
const linkEntry = (secret: string): string => `link.${sha256(secret)}`;
const since = (time: string): number => Date.now() - Date.parse(time);

/** @returns the secret of the session, of which the hash alone is kept */
export const beginSession = async ({ sessions }: Store, { name, of }: LoggedIn): Promise<string> => {
  const secret = newSecret();
  const at = new Date().toISOString();
  await putRecord(sessions, sha256(secret), { name, of, at, seen: at } satisfies LoginSession);
  return secret;
};

/** What a session may do now. @returns undefined where what it came of was taken back, or is another one */
const grantsOf = async (store: Store, { of }: LoginSession, siteKey: string): Promise<readonly Grant[] | undefined> => {
  switch (of.kind) {
    case 'login':
      return of.grants;
    case 'user': {
      const user = await getUser(store, of.name);
      return user?.changedAt === of.changedAt ? user.grants : undefined;
    }
    case 'key': {
      if (of.name === siteKeyName) return of.sha256 === siteKey ? [{ role: 'admin' }] : undefined;
      const key = await liveKey(store, of.name);
      return key?.sha256 === of.sha256 ? key.grants : undefined;
    }
    default:
      return of satisfies never;
  }
};

/**
 * Whose session it is, looked up at each request: who is logged out is so at every instance.
 *
 * @param use whether this counts as a use of it
 */
export const findSession = async (
  store: Store,
  secret: string,
  siteKey: string,
  use = true,
): Promise<Caller | undefined> => {
  if (!isSecret(secret)) return undefined;
  const id = sha256(secret);
  const found = await getRecord(store.sessions, LoginSession, id);
  if (!found || since(found.value.at) > sessionMs || since(found.value.seen) > idleMs) return undefined;
  const grants = await grantsOf(store, found.value, siteKey);
  if (!grants) return undefined;
  if (use && since(found.value.seen) > seenEveryMs) {
    const seen = { ...found.value, seen: new Date().toISOString() };
    await casRecord(store.sessions, id, seen, found.revision).catch((error: unknown) => {
      if (!isOutcome(error, 'conflict')) throw error; // used, or logged out, at the same moment
    });
  }
  const endsAt = new Date(Date.parse(found.value.at) + sessionMs).toISOString();
  return { name: found.value.name, grants, session: { id, endsAt } };
};

export const endSession = async ({ sessions }: Store, id: string): Promise<void> => sessions.delete(id);

/** @returns the secret of a link that logs its bearer in, once and soon */
export const makeLink = async ({ sessions }: Store, name: string, grants: Grant[]): Promise<string> => {
  const secret = newSecret();
  await putRecord(sessions, linkEntry(secret), { name, grants, at: new Date().toISOString() } satisfies LoginLink);
  return secret;
};

/** Uses up what is good for one use. @returns false where somebody was quicker */
export const takeOnce = async (
  { sessions }: Pick<Store, 'sessions'>,
  key: string,
  revision: number,
): Promise<boolean> => {
  try {
    await sessions.delete(key, { previousSeq: revision });
    return true;
  } catch (error) {
    if (error instanceof Error && /wrong last sequence/i.test(error.message)) return false;
    throw error;
  }
};

/** Takes a link, which is gone by that. @returns undefined where it was taken already, is too old, or never was */
export const takeLink = async ({ sessions }: Store, secret: string): Promise<LoggedIn | undefined> => {
  if (!isSecret(secret)) return undefined;
  const found = await getRecord(sessions, LoginLink, linkEntry(secret));
  if (!found || since(found.value.at) > linkMs) return undefined;
  if (!(await takeOnce({ sessions }, linkEntry(secret), found.revision))) return undefined;
  const { name, grants } = found.value;
  return { name, of: { kind: 'login', grants } };
};
