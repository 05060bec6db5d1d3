import { deviceOf, type Generation, headers, streams, subjects } from '../bus.ts';
import { PlumbError } from '../errors.ts';
import { heldAgainst, type IntentMeta, readMeta, writeMeta } from '../intent/meta.ts';
import { dropOldBodies, getBody, putBody } from './bodies.ts';
import { exact, follow, type Pace, type Stored } from './follow.ts';
import { isOfAnother } from './jobs.ts';
import { decodeBody, encodeBody, sha256 } from './payload.ts';
import type { Store } from './store.ts';

/** A message on a device's subject, without its text. */
export type IntentHead = {
  device: string;
  stream: string;
  seq: number;
  at: string;
  meta: IntentMeta;
};

/** The whole intended configuration of a device and where it came from. */
export type Intent = { device: string; seq: number; generation: Generation; body: Uint8Array; meta: IntentMeta };

/** Without the job that it names, if that is another device's: a job has one record. */
export const withOwnJob = async <T extends Pick<IntentHead, 'device' | 'meta'>>(store: Store, head: T): Promise<T> => {
  const { job, ...meta } = head.meta;
  if (job === undefined || !(await isOfAnother(store, job, head.device))) return head;
  const warning = `header ${headers.job}: ${job} is a job of another device: ignored`;
  return { ...head, meta: { ...meta, warnings: [...(meta.warnings ?? []), warning] } };
};

/**
 * Publishes the whole intended configuration of one device.
 *
 * @param expectedSeq the sequence of the message that this one replaces (0: there is none); omit to overwrite blindly
 * @throws PlumbError `conflict` when someone else published in between
 */
export const publishIntent = async (
  store: Store,
  device: string,
  text: string | Uint8Array,
  meta: IntentMeta,
  expectedSeq?: number,
): Promise<{ seq: number; sha256: string }> => {
  const body = typeof text === 'string' ? Buffer.from(text) : text;
  const hash = sha256(body);
  const to = writeMeta(meta);
  to.set(headers.sha256, hash);
  let { bytes, encoding } = encodeBody(body);
  if (encoding) to.set(headers.encoding, encoding);
  const room = (store.nc.info?.max_payload ?? 1024 * 1024) - 4096; // headers count too
  let apart: string | undefined;
  if (bytes.length > room) {
    apart = await putBody(store, device, hash, bytes);
    to.set(headers.object, apart);
    bytes = new Uint8Array();
  }
  const expect = expectedSeq === undefined ? {} : { expect: { lastSubjectSequence: expectedSeq } };
  try {
    const ack = await store.js.publish(subjects.intent(store.site, device), bytes, { headers: to, ...expect });
    // what it replaced only costs space: the next large intent cleans up if this one could not
    if (apart) await dropOldBodies(store, device, apart).catch(() => {});
    return { seq: ack.seq, sha256: hash };
  } catch (cause) {
    if (cause instanceof Error && /wrong last sequence/i.test(cause.message)) {
      throw new PlumbError('conflict', `${device}: someone published another text at the same time`, {
        cause,
        hint: `\`plumb history ${device}\` shows whose; publish again to replace it`,
      });
    }
    throw cause;
  }
};

/**
 * An answer of nats-server, not something that anyone wrote. Whoever may send it a request may name a device's subject
 * for the answer, which is then the newest message there.
 */
const natsAnswer = /^\{"(?:type":"io\.nats\.|stream":"[^"]*", ?(?:"domain":"[^"]*", ?)?"seq": ?\d|error":\{"code":\d)/;

/** The newest message of a device, its text not yet looked at. */
type IntentMessage = IntentHead & {
  /** The text. @throws PlumbError `refused` where it is gone, or not what its headers say */
  body(): Promise<Uint8Array>;
  /** SHA-256 of the text; '' where it is gone, or not what its headers say. */
  hash(): Promise<string>;
};

export const fetchMessage = async (store: Store, device: string): Promise<IntentMessage | undefined> => {
  const { created: stream } = await store.jsm.streams.info(streams.intent(store.site)); // queried each time: sequences mean nothing without it
  const stored = await store.jsm.streams.getMessage(streams.intent(store.site), {
    last_by_subj: subjects.intent(store.site, device),
  });
  if (!stored) return undefined;
  const { seq, timestamp, header, data } = stored;
  const body = async () => {
    const object = header?.get(headers.object);
    if (!object && natsAnswer.test(Buffer.from(data.subarray(0, 512)).toString()))
      throw new PlumbError('refused', `${device}: its subject holds an answer of nats-server, not a configuration`);
    return decodeBody(object ? await getBody(store, object) : data, header?.get(headers.encoding) || undefined);
  };
  const hash = () =>
    body().then(sha256, (error: unknown) => {
      if (error instanceof PlumbError) return '';
      throw error;
    });
  const message = { device, stream, seq, at: exact(timestamp), meta: readMeta(header) };
  return { ...(await withOwnJob(store, message)), body, hash };
};

/** The newest intent of a device with its text; the generation is taken from this very reply. */
export const fetchIntent = async (store: Store, device: string): Promise<Intent | undefined> => {
  const message = await fetchMessage(store, device);
  if (!message) return undefined;
  const { seq, at, stream, meta } = message;
  const body = await message.body();
  const hash = sha256(body);
  return { device, seq, generation: { at, sha256: hash, stream, seq }, body, meta: heldAgainst(meta, hash) };
};

/**
 * A server before 2.10 does not report the time; '' if the message has been overwritten since, and a newer one is
 * announced.
 */
const timeOf = async ({ jsm, site }: Store, { at, seq }: Stored): Promise<string> =>
  at ?? exact((await jsm.streams.getMessage(streams.intent(site), { seq }))?.timestamp ?? '');

/**
 * The head of each new intent as it is stored, whoever owns the job that it names; undefined: everything stored must be
 * read again.
 *
 * @param wants whether the heads of a device are wanted
 */
export const followHeads = async function* (
  store: Store,
  signal: AbortSignal,
  wants: (device: string) => boolean,
  pace: Pace = {},
): AsyncGenerator<IntentHead | undefined> {
  const told = subjects.stored(store.site, 'configure', '*');
  for await (const news of follow(store, streams.intent(store.site), told, signal, pace)) {
    if (news.kind === 'look') yield undefined;
    else {
      const device = deviceOf(news.subject);
      if (!wants(device)) continue;
      const { stream, seq, headers: meta } = news;
      yield { device, stream, seq, at: await timeOf(store, news), meta: readMeta(meta) };
    }
  }
};
