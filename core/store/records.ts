import { Bucket, type KV } from '@nats-io/kv';
import type { Static, TSchema } from 'typebox';
import { DeviceState } from '../bus.ts';
import { PlumbError } from '../errors.ts';
import { checkSchema } from '../inventory/check.ts';
import { lastOf, readMany } from './mirror/read-many.ts';
import { upgradeState } from './state-versions.ts';

/** `at`: when it was stored, by the server's clock. */
export type Stored<T> = { value: T; revision: number; at: Date };

const check = <S extends TSchema>(schema: S, value: unknown): value is Static<S> =>
  checkSchema(schema, value).length === 0;

/** One entry of a bucket; undefined if there is none or it does not match the schema (an older or foreign writer). */
export const getRecord = async <S extends TSchema>(
  bucket: KV,
  schema: S,
  key: string,
): Promise<Stored<Static<S>> | undefined> => {
  const entry = await bucket.get(key);
  if (entry?.operation !== 'PUT') return undefined;
  const value = parseRecord(schema, entry.value);
  return value === undefined ? undefined : { value, revision: entry.revision, at: entry.created };
};

export const parseRecord = <S extends TSchema>(schema: S, bytes: Uint8Array): Static<S> | undefined => {
  try {
    const found: unknown = JSON.parse(Buffer.from(bytes).toString());
    const value = (schema as TSchema) === DeviceState ? upgradeState(found) : found;
    return check(schema, value) ? value : undefined;
  } catch {
    return undefined;
  }
};

export const putRecord = async (bucket: KV, key: string, value: unknown): Promise<number> =>
  bucket.put(key, JSON.stringify(value));

/**
 * Compare-and-set.
 * @param revision of the entry that is replaced; 0: there is none
 * @throws PlumbError `conflict` when someone else wrote in between
 */
export const casRecord = async (bucket: KV, key: string, value: unknown, revision: number): Promise<number> => {
  try {
    const bytes = JSON.stringify(value);
    return revision === 0 ? await bucket.create(key, bytes) : await bucket.update(key, bytes, revision);
  } catch (cause) {
    if (cause instanceof Error && /wrong last sequence/i.test(cause.message)) {
      throw new PlumbError('conflict', `"${key}" was changed by someone else at the same time`, { cause });
    }
    throw cause;
  }
};

/** Whether a key is one that a client can ask for; a direct write to the stream may have used any other. */
const isKey = (key: string): boolean => /^[-/=\w](?:[-/=.\w]*[-/=\w])?$/.test(key);

/** Gives the key of each subject of a bucket. */
const keysOf = (subjects: Record<string, number> | undefined): Map<string, string> =>
  new Map(
    Object.keys(subjects ?? {})
      .map((subject): [string, string] => [subject, subject.split('.').slice(2).join('.')])
      .filter(([, key]) => isKey(key)),
  );

/**
 * All entries of a bucket with their revisions, by key. Key by key: a consumer's count of pending entries is wrong if
 * entries are overwritten or expire meanwhile, so that its listing ends too early, or never.
 *
 * @param which keys, as a NATS pattern: `keys.*`
 */
export const listStored = async <S extends TSchema>(
  bucket: KV,
  schema: S,
  which = '>',
): Promise<Map<string, Stored<Static<S>>>> => {
  if (!(bucket instanceof Bucket)) throw new TypeError('a bucket that was not opened by Kvm');
  const { state } = await bucket.jsm.streams.info(bucket.stream, { subjects_filter: bucket.subjectForKey(which) });
  const keys = keysOf(state.subjects);
  const found = new Map<string, Stored<Static<S>>>();
  await readMany(bucket.js, bucket.stream, lastOf(keys.keys()), ({ subject, seq, at, deleted, data }) => {
    const value = deleted ? undefined : parseRecord(schema, data);
    if (value !== undefined) found.set(keys.get(subject) ?? '', { value, revision: seq, at: new Date(at) });
  });
  return found;
};

/** All entries of a bucket, by key. */
export const listRecords = async <S extends TSchema>(
  bucket: KV,
  schema: S,
  which?: string,
): Promise<Map<string, Static<S>>> =>
  new Map([...(await listStored(bucket, schema, which))].map(([key, { value }]) => [key, value]));
