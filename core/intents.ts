import { type ConsumerMessages, DeliverPolicy, JsHeaders, type StoredMsg } from '@nats-io/jetstream';
import { type MsgHdrs, headers as natsHeaders } from '@nats-io/transport-node';
import { dropOldBodies, getBody, putBody } from './bodies.ts';
import { deviceOf, type Generation, headers, isJobId, type Mode, streams, subjects } from './bus.ts';
import { PlumbError } from './errors.ts';
import { decodeBody, encodeBody, sha256 } from './payload.ts';
import type { Store } from './store.ts';

/** What the headers of an intent say; all optional, since anyone's client may publish one. */
export type IntentMeta = {
  job?: string;
  commit?: string;
  author?: string;
  source?: string;
  mode?: Mode;
  confirmSeconds?: number;
  dryRun?: boolean;
  force?: string;
  fromSource?: boolean;
};

/** The newest message on a device's subject, without its text. */
export type IntentHead = {
  device: string;
  stream: string;
  seq: number;
  at: string;
  meta: IntentMeta;
  /** What the headers claim that the text hashes to; anyone may have written them. */
  sha256: string | undefined;
  /** Length of the stored body; undefined where that is not the text itself (gzipped, or in the object store). */
  bytes: number | undefined;
  /** The text is in the object store. */
  apart: boolean;
  /** Heads that were there and are still to come; 0: the first look is complete. */
  pending: number;
};

/** The whole intended configuration of a device and where it came from. */
export type Intent = { device: string; seq: number; generation: Generation; body: Uint8Array; meta: IntentMeta };

/** RFC 3339 with nine decimals, so that timestamps compare as text. */
const exact = (timestamp: string) =>
  timestamp.replace(/(?:\.(\d+))?Z$/, (_, decimals: string | undefined) => `.${(decimals ?? '').padEnd(9, '0')}Z`);

const readMeta = (from: MsgHdrs | undefined): IntentMeta => {
  const meta: IntentMeta = {};
  const get = (name: string) => from?.get(name) || undefined;
  const text = { job: headers.job, commit: headers.commit, author: headers.author, source: headers.source } as const;
  for (const [key, name] of Object.entries(text) as [keyof typeof text, string][]) {
    const value = get(name);
    // a job of another form is ignored: it would become a subject and a name on the device
    if (value && (key !== 'job' || isJobId(value))) meta[key] = value.slice(0, 512);
  }
  const force = get(headers.force);
  if (force) meta.force = force;
  const mode = get(headers.mode);
  if (mode === 'merge' || mode === 'replace') meta.mode = mode;
  const seconds = Number(get(headers.confirm));
  if (Number.isInteger(seconds) && seconds > 0) meta.confirmSeconds = seconds;
  if (/^(1|true|yes)$/i.test(get(headers.dryRun) ?? '')) meta.dryRun = true;
  if (get(headers.origin) === 'source') meta.fromSource = true;
  return meta;
};

const writeMeta = (meta: IntentMeta): MsgHdrs => {
  const to = natsHeaders();
  const set = (name: string, value: string | undefined) => value && to.set(name, value.replace(/[\r\n]+/g, ' '));
  set(headers.job, meta.job);
  set(headers.commit, meta.commit);
  set(headers.author, meta.author);
  set(headers.source, meta.source);
  set(headers.mode, meta.mode);
  set(headers.confirm, meta.confirmSeconds?.toString());
  set(headers.dryRun, meta.dryRun ? 'true' : undefined);
  set(headers.force, meta.force);
  set(headers.origin, meta.fromSource ? 'source' : undefined);
  return to;
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
    // what it replaced costs room alone: the next large intent tidies where this one could not
    if (apart) await dropOldBodies(store, device, apart).catch(() => {});
    return { seq: ack.seq, sha256: hash };
  } catch (cause) {
    if (cause instanceof Error && /wrong last sequence/i.test(cause.message)) {
      throw new PlumbError('conflict', `${device}: someone else published an intent at the same time`, { cause });
    }
    throw cause;
  }
};

/** How long an answer of the server on the stream's identity is believed; core/generation.ts bears an old one. */
const identityMs = 1_000;
const identities = new WeakMap<Store, { atMs: number; created: Promise<string> }>();

/** When the stream of intents was made: another one where it was deleted and made anew. */
const streamIdentity = (store: Store): Promise<string> => {
  const known = identities.get(store);
  if (known && performance.now() - known.atMs < identityMs) return known.created;
  const created = store.jsm.streams.info(streams.intent(store.site)).then((info) => info.created);
  const asked = { atMs: performance.now(), created };
  identities.set(store, asked);
  created.catch(() => identities.get(store) === asked && identities.delete(store));
  return created;
};

const bodyOf = async (store: Store, message: StoredMsg): Promise<Uint8Array> => {
  const object = message.header?.get(headers.object);
  const bytes = object ? await getBody(store, object) : message.data;
  return decodeBody(bytes, message.header?.get(headers.encoding) || undefined);
};

/** The newest intent of a device with its text; the generation is taken from this very reply. */
export const fetchIntent = async (store: Store, device: string): Promise<Intent | undefined> => {
  const stream = await streamIdentity(store);
  const message = await store.jsm.streams.getMessage(streams.intent(store.site), {
    last_by_subj: subjects.intent(store.site, device),
  });
  if (!message) return undefined;
  const body = await bodyOf(store, message);
  return {
    device,
    seq: message.seq,
    generation: { at: exact(message.timestamp), sha256: sha256(body), stream, seq: message.seq },
    body,
    meta: readMeta(message.header),
  };
};

const plainBytes = (from: MsgHdrs | undefined): number | undefined => {
  if (from?.get(headers.encoding) || from?.get(headers.object)) return undefined;
  const bytes = Number(from?.get(JsHeaders.MessageSizeHdr) || Number.NaN);
  return Number.isInteger(bytes) ? bytes : undefined;
};

const consumerLost: ReadonlySet<string> = new Set([
  'consumer_not_found',
  'consumer_deleted',
  'stream_not_found',
  'ordered_consumer_recreated',
  'heartbeats_missed',
]);

/**
 * The heads of all newest intents, then each new one: one ordered, headers-only, last-per-subject consumer.
 * Ends when the consumer does; the caller makes a new one and looks afresh.
 */
export const openHeads = async (
  store: Store,
): Promise<AsyncIterable<IntentHead> & { stop(): void; pending: number }> => {
  const { created: stream } = await store.jsm.streams.info(streams.intent(store.site));
  const consumer = await store.js.consumers.get(streams.intent(store.site), {
    filter_subjects: subjects.intents(store.site),
    deliver_policy: DeliverPolicy.LastPerSubject,
    headers_only: true,
  });
  const { num_pending: pending } = await consumer.info(true);
  const messages: ConsumerMessages = await consumer.consume({ max_messages: 1000, idle_heartbeat: 2_000 });
  // A consumer that goes on by itself goes on from its old cursor, which a stream made anew never reaches.
  void (async () => {
    for await (const { type } of messages.status()) if (consumerLost.has(type)) messages.stop();
  })();
  const heads = async function* () {
    for await (const message of messages) {
      yield {
        device: deviceOf(message.subject),
        stream,
        seq: message.seq,
        at: exact(message.time.toISOString()),
        meta: readMeta(message.headers),
        sha256: message.headers?.get(headers.sha256) || undefined,
        bytes: plainBytes(message.headers),
        apart: Boolean(message.headers?.get(headers.object)),
        pending: message.info.pending,
      };
    }
  };
  return { [Symbol.asyncIterator]: heads, stop: () => messages.stop(), pending };
};
