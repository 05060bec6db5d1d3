import { Objm } from '@nats-io/obj';
import { buckets } from '../bus.ts';
import { PlumbError } from '../errors.ts';
import { sha256 } from './payload.ts';
import type { Store } from './store.ts';

/** How long a replaced text is kept: a runner that has just read the message that names it may still fetch it. */
const keepMs = 24 * 3600_000;

/** Texts above the server's max_payload, one object each: `<device>-<SHA-256 of the text>`. */
const named = /^(?<device>.+)-[0-9a-f]{64}$/;

const openBodies = ({ js, site }: Store) => new Objm(js).open(buckets.bodies(site), false);

/** @returns the name of the object that holds the text */
export const putBody = async (store: Store, device: string, hash: string, bytes: Uint8Array): Promise<string> => {
  const name = `${device}-${hash}`;
  await (await openBodies(store)).putBlob({ name }, bytes);
  return name;
};

/**
 * Its chunks one by one: the library would create a consumer, which no role may.
 *
 * @throws PlumbError `refused` where the object or the whole object store was deleted
 */
export const getBody = async (store: Store, name: string): Promise<Uint8Array> => {
  const bucket = buckets.bodies(store.site);
  const missing = (error: unknown) => {
    if (error instanceof Error && /not found/i.test(error.message)) return null;
    throw error;
  };
  const info = await (await openBodies(store)).info(name).catch(missing);
  const chunks: Uint8Array[] = [];
  for (let seq = 1; info && !info.deleted && chunks.length < info.chunks; ) {
    const next = { seq, next_by_subj: `$O.${bucket}.C.${info.nuid}` };
    const chunk = await store.jsm.streams.getMessage(`OBJ_${bucket}`, next).catch(missing);
    if (!chunk) break;
    chunks.push(chunk.data);
    seq = chunk.seq + 1;
  }
  const bytes = Buffer.concat(chunks);
  const digest = Buffer.from(info?.digest.replace(/^SHA-256=/, '') ?? '', 'base64url').toString('hex');
  if (!info || info.deleted || sha256(bytes) !== digest)
    throw new PlumbError('refused', `the text of the intent ("${name}" in ${bucket}) is missing or incomplete`);
  return bytes;
};

/**
 * Deletes the texts of a device that were replaced more than a day ago.
 *
 * @param kept name of the object that the newest intent is in
 */
export const dropOldBodies = async (store: Store, device: string, kept: string, nowMs = Date.now()): Promise<void> => {
  const bucket = buckets.bodies(store.site);
  const bodies = await openBodies(store);
  const metas = `$O.${bucket}.M.`;
  const { state } = await store.jsm.streams.info(`OBJ_${bucket}`, { subjects_filter: `${metas}>` });
  for (const subject of Object.keys(state.subjects ?? {})) {
    const name = Buffer.from(subject.slice(metas.length), 'base64url').toString();
    if (name === kept || named.exec(name)?.groups?.device !== device) continue;
    const info = await bodies.info(name);
    if (info && !info.deleted && nowMs - Date.parse(info.mtime) > keepMs) await bodies.delete(name);
  }
};
