import { EventEmitter, on } from 'node:events';
import type { Msg, MsgHdrs, NatsConnection } from '@nats-io/transport-node';
import { buckets, subjects } from '../bus.ts';
import type { Store } from './store.ts';

/** What a stream or bucket has stored, as nats-server announces it on `subjects.stored`. */
export type Stored = {
  kind: 'stored';
  /** When the stream was created: different after it was deleted and recreated. */
  stream: string;
  subject: string;
  seq: number;
  /** RFC 3339 with nine decimals; undefined on a server before 2.10. */
  at: string | undefined;
  headers: MsgHdrs | undefined;
  /** Empty if only headers are announced. */
  data: Uint8Array;
};

/** `look`: everything in the stream must be read again. */
type News = Stored | { kind: 'look' };

/** `pulseMs`: how often the stream is asked whether it is still the same one; `alive`: called when it says so. */
export type Pace = { pulseMs?: number; lookMs?: number; alive?: () => void };

const connections = new WeakMap<NatsConnection, EventEmitter>();

/**
 * Emits `disconnect`, `reconnect`, and `end` when the connection is closed for good: one listener for all followers.
 */
export const eventsOf = (nc: NatsConnection): EventEmitter => {
  const known = connections.get(nc);
  if (known) return known;
  const events = new EventEmitter().setMaxListeners(0);
  connections.set(nc, events);
  void (async () => {
    for await (const { type } of nc.status()) if (type === 'disconnect' || type === 'reconnect') events.emit(type);
    events.emit('end');
  })();
  return events;
};

/** RFC 3339 with nine decimals, so that timestamps compare as text. */
export const exact = (timestamp: string): string =>
  timestamp.replace(/(?:\.(\d+))?Z$/, (_, decimals: string | undefined) => `.${(decimals ?? '').padEnd(9, '0')}Z`);

/** @param stream when it was created */
export const readStored = ({ headers, data }: Msg, stream: string): Stored => ({
  kind: 'stored',
  stream,
  subject: headers?.get('Nats-Subject') ?? '',
  seq: Number(headers?.get('Nats-Sequence')),
  at: headers?.has('Nats-Time-Stamp') ? exact(headers.get('Nats-Time-Stamp')) : undefined,
  headers,
  data,
});

/**
 * What a stream holds and stores, until the signal aborts or the connection is closed. The first item is `look`, sent
 * once nothing can be missed any more; it is repeated after a lost connection, when the stream is a different one
 * (deleted and recreated, or restored, which is not announced), and from time to time. No consumer is created, so none
 * can die silently.
 *
 * @param told the subject of `subjects.stored` on which it announces what it stores
 * @throws what NATS answers where our user may not listen
 */
export const follow = async function* (
  { nc, jsm }: Store,
  name: string,
  told: string,
  signal: AbortSignal,
  { pulseMs = 5_000, lookMs = 60_000, alive }: Pace = {},
): AsyncGenerator<News> {
  if (signal.aborted) return;
  const found = new EventEmitter().on('error', () => {}); // also when nobody iterates any more
  const heard = on(found, 'news', { signal, close: ['end'] }) as AsyncIterable<[News]>;
  const tell = (news: News) => void found.emit('news', news);
  const look = () => tell({ kind: 'look' });
  let created = '';
  let leader: string | undefined;
  let seq = 0;
  let asking = false;

  /**
   * @returns whether the stream is a different one, is gone, went back to an earlier state, or has a different leader:
   *   what the old leader stored last may not have been announced
   */
  const isAnother = async (): Promise<boolean> => {
    const before = { created, leader, seq };
    const info = await jsm.streams.info(name).catch((error: unknown) => {
      if (error instanceof Error && /not found/i.test(error.message)) return undefined;
      throw error;
    });
    created = info?.created ?? '';
    const last = info?.state.last_seq ?? 0;
    leader = info?.cluster?.leader;
    if (created === before.created && leader === before.leader && last >= before.seq) return false;
    seq = Math.min(seq, last);
    return true;
  };
  const pulse = async () => {
    if (asking) return;
    asking = true;
    // while NATS does not answer there is nothing to check; the reconnect, or the next check, will
    const another = await isAnother().catch(() => undefined);
    if (another) look();
    else if (another === false) alive?.();
    asking = false;
  };
  const start = async () => {
    await nc.flush(); // from here on everything that is stored is received
    await isAnother().catch(() => {});
    look();
  };

  const subscription = nc.subscribe(told, {
    callback: (error, message) => {
      if (error) return void found.emit('error', error);
      const stored = readStored(message, created);
      if (!(stored.seq > 0)) return; // not from nats-server
      if (stored.seq <= seq) {
        look(); // sequences that are used again are those of another stream
        void pulse();
      }
      seq = stored.seq;
      tell(stored);
    },
  });
  const connection = eventsOf(nc);
  const end = () => void found.emit('end');
  connection.on('reconnect', look).on('end', end);
  const timers = [setInterval(pulse, pulseMs), setInterval(look, lookMs)];
  start().catch((error: unknown) => found.emit('error', error));
  try {
    for await (const [news] of heard) yield news;
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    for (const timer of timers) clearInterval(timer);
    connection.off('reconnect', look).off('end', end);
    subscription.unsubscribe();
  }
};

/** A key of a bucket that was written or deleted. */
export type Entry = Omit<Stored, 'kind'> & { kind: 'put' | 'deleted'; key: string };

/** `follow` for a bucket of the site. */
export const followBucket = async function* (
  store: Store,
  what: 'state' | 'inventory' | 'lease',
  signal: AbortSignal,
  pace: Pace = {},
): AsyncGenerator<Entry | { kind: 'look' }> {
  const bucket = buckets[what](store.site);
  for await (const news of follow(store, `KV_${bucket}`, subjects.stored(store.site, what, '>'), signal, pace)) {
    if (news.kind === 'look') yield news;
    else {
      const kind = news.headers?.has('KV-Operation') ? 'deleted' : 'put';
      yield { ...news, kind, key: news.subject.slice(`$KV.${bucket}.`.length) };
    }
  }
};
