import type { KV } from '@nats-io/kv';
import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { PlumbError } from './errors.ts';

export type Stored<T> = { value: T; revision: number };

const compiled = new Map<TSchema, { Check(value: unknown): boolean }>();

const check = <S extends TSchema>(schema: S, value: unknown): value is Static<S> => {
  const known = compiled.get(schema) ?? Compile(schema);
  compiled.set(schema, known);
  return known.Check(value);
};

/** One entry of a bucket; undefined where there is none or it is not of the schema (an older or foreign writer). */
export const getRecord = async <S extends TSchema>(
  bucket: KV,
  schema: S,
  key: string,
): Promise<Stored<Static<S>> | undefined> => {
  const entry = await bucket.get(key);
  if (entry?.operation !== 'PUT') return undefined;
  const value = parseRecord(schema, entry.value);
  return value === undefined ? undefined : { value, revision: entry.revision };
};

export const parseRecord = <S extends TSchema>(schema: S, bytes: Uint8Array): Static<S> | undefined => {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString());
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

/** All entries of a bucket with their revisions, by key. */
export const listStored = async <S extends TSchema>(bucket: KV, schema: S): Promise<Map<string, Stored<Static<S>>>> => {
  const found = new Map<string, Stored<Static<S>>>();
  const watch = await bucket.watch(); // deletions too: the last message may be one, and ends the listing
  if ((await bucket.status()).values === 0) {
    watch.stop();
    return found;
  }
  for await (const entry of watch) {
    const value = entry.operation === 'PUT' ? parseRecord(schema, entry.value) : undefined;
    if (value !== undefined) found.set(entry.key, { value, revision: entry.revision });
    if (entry.delta === 0) break;
  }
  watch.stop();
  return found;
};

/** All entries of a bucket, by key. */
export const listRecords = async <S extends TSchema>(bucket: KV, schema: S): Promise<Map<string, Static<S>>> =>
  new Map([...(await listStored(bucket, schema))].map(([key, { value }]) => [key, value]));
