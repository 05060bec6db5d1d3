import { randomBytes } from 'node:crypto';
import { type Grant, User } from '../../core/access.ts';
import { PlumbError } from '../../core/errors.ts';
import { registerSecret } from '../../core/redact/redact.ts';
import { getRecord, listRecords, putRecord } from '../../core/store/records.ts';
import type { Store } from '../../core/store/store.ts';
import { checkGrants, checkName } from './keys.ts';
import { hashPassword } from './passwords.ts';

const entry = (name: string) => `users.${name}`;
const minChars = 12;

/** What is told of a user: everything but the password's hash. */
export type UserView = Omit<User, 'password'> & { name: string };

type NewUser = { name: string; grants: readonly Grant[]; email?: string | undefined; by: string };

/**
 * Lets somebody log in by name and password, anew where the name is there: whoever is logged in by it is logged out.
 *
 * @param password undefined: one is made
 * @returns the password
 * @throws PlumbError `invalid_request`
 */
export const setUser = async (
  store: Store,
  { name, grants, email, by }: NewUser,
  password?: string,
): Promise<string> => {
  checkName(name, 'user');
  await checkGrants(store, grants);
  if (email !== undefined && !/^[^\s<>@]+@[^\s<>@]+$/.test(email))
    throw new PlumbError('invalid_request', `"${email.slice(0, 80)}" is not an e-mail address`);
  const chosen = password ?? randomBytes(15).toString('base64url');
  if ([...chosen].length < minChars)
    throw new PlumbError('invalid_request', `a password needs at least ${minChars} characters`);
  registerSecret(chosen);
  const record: User = {
    password: await hashPassword(chosen),
    grants: [...grants],
    ...(email === undefined ? {} : { email }),
    changedAt: new Date().toISOString(),
    changedBy: by,
  };
  await putRecord(store.api, entry(name), record);
  return chosen;
};

export const getUser = async ({ api }: Store, name: string): Promise<User | undefined> =>
  (await getRecord(api, User, entry(name)))?.value;

/** All users, by name. */
export const listUsers = async ({ api }: Store): Promise<UserView[]> =>
  [...(await listRecords(api, User, 'users.*'))]
    .map(([at, { password: _, ...told }]) => ({ name: at.slice(entry('').length), ...told }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));

/** Whoever is logged in by that name is logged out, too. @returns whether there was one */
export const removeUser = async (store: Store, name: string): Promise<boolean> => {
  checkName(name, 'user');
  if (!(await getUser(store, name))) return false;
  await store.api.delete(entry(name));
  return true;
};
