import { Objm } from '@nats-io/obj';
import { buckets } from './bus.ts';
import { PlumbError } from './errors.ts';
import type { Store } from './store.ts';

/** How long a text that was replaced stays: a runner that has just read the message that names it still fetches it. */
const keepMs = 24 * 3600_000;

/** Texts above the server's max_payload, one object each: `<device>-<SHA-256 of the text>`. */
const named = /^(?<device>.+)-[0-9a-f]{64}$/;

/** @returns the name of the object that holds the text */
export const putBody = async (store: Store, device: string, hash: string, bytes: Uint8Array): Promise<string> => {
  const name = `${device}-${hash}`;
  const bodies = await new Objm(store.nc).create(buckets.bodies(store.site));
  await bodies.putBlob({ name }, bytes);
  return name;
};

/** @throws PlumbError `refused` where the object or the whole object store was deleted */
export const getBody = async (store: Store, name: string): Promise<Uint8Array> => {
  const bucket = buckets.bodies(store.site);
  const bytes = await new Objm(store.nc)
    .open(bucket)
    .then((bodies) => bodies.getBlob(name))
    .catch((error: unknown) => {
      if (error instanceof Error && /not found/i.test(error.message)) return null;
      throw error;
    });
  if (!bytes) throw new PlumbError('refused', `the text of the intent ("${name}" in ${bucket}) is gone`);
  return bytes;
};

/**
 * Deletes the texts of a device that were replaced more than a day ago.
 *
 * @param kept name of the object that the newest intent is in
 */
export const dropOldBodies = async (store: Store, device: string, kept: string, nowMs = Date.now()): Promise<void> => {
  const bodies = await new Objm(store.nc).open(buckets.bodies(store.site));
  for (const { name, mtime, deleted } of await bodies.list()) {
    const old = nowMs - Date.parse(mtime) > keepMs;
    if (old && !deleted && name !== kept && named.exec(name)?.groups?.device === device) await bodies.delete(name);
  }
};
