import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { type Grant, isAccessName, KeyUse, NamedKey, nameWords } from '../../core/access.ts';
import { InventoryEntry } from '../../core/bus.ts';
import { isOutcome, PlumbError } from '../../core/errors.ts';
import { select } from '../../core/inventory/select/select.ts';
import { registerSecret } from '../../core/redact/redact.ts';
import { casRecord, getRecord, listRecords, putRecord } from '../../core/store/records.ts';
import type { Store } from '../../core/store/store.ts';

/** What is told of a key: everything but its hash. */
export type KeyView = Omit<NamedKey, 'sha256'> & { name: string; used: KeyUse | null };

/** The site's own key is called so in records, and no other one may be. */
export const siteKeyName = 'api-key';

const entry = (name: string) => `keys.${name}`;
const useEntry = (name: string) => `used.${name}`;
/** The secret is 32 random bytes; the name before it finds the record. */
const form = /^plumb_([A-Za-z0-9-]{1,40})_([\w-]{43})$/;

const hash = (key: string): Buffer => createHash('sha256').update(key).digest();

/** Compares without telling by its time how much of it was right. */
export const isKey = (key: string, sha256: string): boolean => timingSafeEqual(hash(key), Buffer.from(sha256, 'hex'));

/** @throws PlumbError `invalid_request`, `unknown_device` for a selector that picks nothing: it would grant another thing than was meant */
export const checkGrants = async (store: Store, grants: readonly Grant[]): Promise<void> => {
  if (grants.length === 0)
    throw new PlumbError('invalid_request', 'give it at least one role: without one, nothing is allowed');
  const scopes = grants.flatMap(({ on }) => (on === undefined ? [] : [on]));
  if (scopes.length === 0) return;
  const entries = [...(await listRecords(store.inventory, InventoryEntry)).values()];
  for (const scope of scopes) select(store.site, entries, scope);
};

/** @throws PlumbError `invalid_request` */
export const checkName = (name: string, what: string): void => {
  if (isAccessName(name) && name !== siteKeyName) return;
  const why = name === siteKeyName ? "that is the site's own key" : nameWords;
  throw new PlumbError('invalid_request', `"${name.slice(0, 60)}" cannot be the name of a ${what}: ${why}`);
};

type NewKey = { name: string; grants: readonly Grant[]; expiresAt?: string | undefined; by: string };

/**
 * Makes a key. Only its hash is kept: what is returned is the one time that it is seen.
 *
 * @throws PlumbError `conflict` where there is one of that name, `invalid_request`
 */
export const createKey = async (store: Store, { name, grants, expiresAt, by }: NewKey): Promise<string> => {
  checkName(name, 'key');
  await checkGrants(store, grants);
  if (expiresAt !== undefined && !(Date.parse(expiresAt) > Date.now()))
    throw new PlumbError('invalid_request', `${name}: its expiry ${expiresAt} is in the past`);
  const key = `plumb_${name}_${randomBytes(32).toString('base64url')}`;
  registerSecret(key);
  const record: NamedKey = {
    sha256: hash(key).toString('hex'),
    grants: [...grants],
    createdAt: new Date().toISOString(),
    createdBy: by,
    expiresAt: expiresAt ?? null,
  };
  await casRecord(store.api, entry(name), record, 0).catch((error: unknown) => {
    if (!isOutcome(error, 'conflict')) throw error;
    throw new PlumbError('conflict', `a key named "${name}" already exists`, {
      hint: 'revoke it first, or choose another name',
    });
  });
  return key;
};

/** All keys, by name. */
export const listKeys = async ({ api }: Store): Promise<KeyView[]> => {
  const [keys, uses] = await Promise.all([listRecords(api, NamedKey, 'keys.*'), listRecords(api, KeyUse, 'used.*')]);
  const views = [...keys].map(([at, { sha256: _, ...told }]) => {
    const name = at.slice(entry('').length);
    return { name, ...told, used: uses.get(useEntry(name)) ?? null };
  });
  return views.sort((a, b) => (a.name < b.name ? -1 : 1));
};

/** A key opens nothing from here on, at any instance. @returns whether there was one of that name */
export const revokeKey = async ({ api }: Store, name: string): Promise<boolean> => {
  checkName(name, 'key');
  if (!(await getRecord(api, NamedKey, entry(name)))) return false;
  await api.delete(entry(name));
  await api.delete(useEntry(name));
  return true;
};

/** The record of a name, where it is there and not expired. */
export const liveKey = async ({ api }: Store, name: string): Promise<NamedKey | undefined> => {
  const { value } = (await getRecord(api, NamedKey, entry(name))) ?? {};
  return value && (value.expiresAt === null || Date.parse(value.expiresAt) > Date.now()) ? value : undefined;
};

/** Whose key it is, looked up each time: what is revoked is revoked everywhere at once. */
export const findKey = async (store: Store, key: string): Promise<(NamedKey & { name: string }) | undefined> => {
  const [, name] = form.exec(key) ?? [];
  const record = name === undefined ? undefined : await liveKey(store, name);
  return name !== undefined && record && isKey(key, record.sha256) ? { name, ...record } : undefined;
};

/** How often the use of a key is written down. */
const usedEveryMs = 60_000;

/** Writes down when a key was used last, at most once a minute; that it could not be written stops nobody. */
export const noteUse = ({ api }: Store): ((name: string, from: string) => void) => {
  const noted = new Map<string, number>();
  return (name, from) => {
    if (performance.now() - (noted.get(name) ?? Number.NEGATIVE_INFINITY) < usedEveryMs) return;
    noted.set(name, performance.now());
    void putRecord(api, useEntry(name), { at: new Date().toISOString(), from }).catch(() => noted.delete(name));
  };
};
