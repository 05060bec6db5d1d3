import { type Grant, isAccessName } from '../../core/access.ts';
import { sha256 } from '../../core/store/payload.ts';
import type { Store } from '../../core/store/store.ts';
import { findKey, isKey, siteKeyName } from './keys.ts';
import type { Reach } from './needs.ts';
import { isPassword } from './passwords.ts';
import type { Caller } from './roles.ts';
import type { LoggedIn } from './sessions.ts';
import { getUser } from './users.ts';

export type Credentials = { key: string } | { user: string; password: string };

/** Who an API key is. @param siteKey SHA-256 of the site's own key */
export const keyHolder = async (
  store: Store,
  key: string,
  siteKey: string,
): Promise<(Caller & { key: string }) | undefined> => {
  const admin: Grant = { role: 'admin' };
  if (isKey(key, siteKey)) return { name: `key:${siteKeyName}`, key: siteKeyName, grants: [admin] };
  const found = await findKey(store, key);
  return found && { name: `key:${found.name}`, key: found.name, grants: found.grants };
};

/** As records have somebody: with the address that his commits have, where it is known. */
export const personName = (kind: 'user' | 'oidc' | 'terminal', name: string, email?: string): string =>
  `${kind}:${name}${email === undefined ? '' : ` <${email}>`}`;

/**
 * A password is derived outside of what NATS has to answer in time: on a busy machine that takes seconds.
 *
 * @returns who it is, and of what his session is; undefined where the credentials are wrong
 */
export const logIn = async (
  { store, bus }: Reach,
  given: Credentials,
  siteKey: string,
): Promise<{ caller: Caller; as: LoggedIn } | undefined> => {
  if ('key' in given) {
    const found = await bus.reach(() => keyHolder(store, given.key, siteKey));
    if (!found) return undefined;
    const { key, ...caller } = found;
    return { caller, as: { name: caller.name, of: { kind: 'key', name: key, sha256: sha256(given.key) } } };
  }
  const { user, password } = given;
  const known = isAccessName(user) ? await bus.reach(() => getUser(store, user)) : undefined;
  if (!(await isPassword(password, known?.password)) || !known) return undefined;
  const name = personName('user', user, known.email);
  return {
    caller: { name, grants: known.grants },
    as: { name, of: { kind: 'user', name: user, changedAt: known.changedAt } },
  };
};
