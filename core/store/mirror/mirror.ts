import { setTimeout as wait } from 'node:timers/promises';
import type { StreamInfo } from '@nats-io/jetstream';
import { explain } from '../../errors.ts';
import { log } from '../../log.ts';
import { follow, type Pace } from '../follow.ts';
import type { Store } from '../store.ts';
import type { Change, Mirrored } from './mirrored.ts';
import { between, type Held, lastOf, readMany } from './read-many.ts';

type Kept<T> = { value: T | undefined; seq: number; expiresMs: number };

/** The delay before a retry after a failure. */
const againMs = 1_000;
/** How often expiry is checked, if entries expire within seconds. */
const sweepMs = 500;
const shortMs = 3600_000;

/**
 * The last message of each subject of a stream, in memory and kept up to date: across lost connections, missed
 * messages, expiry, and a stream that was emptied, deleted and recreated, or restored.
 */
export class Mirror<T> {
  readonly #store: Store;
  readonly #what: Mirrored<T>;
  readonly #tell: (change: Change<T>) => void;
  #kept = new Map<string, Kept<T>>();
  #created = '';
  #maxAgeMs = 0;
  /** All messages up to this one are in here. */
  #seq = 0;
  /** At the last check: a restored stream may have come back to the same sequence. */
  #last = { seq: 0, ts: '' };
  #confirmedMs = Number.NEGATIVE_INFINITY;
  #current = false;

  /** @param tell called with each change, once it is in here; a key that is gone has no value */
  constructor(store: Store, what: Mirrored<T>, tell: (change: Change<T>) => void = () => {}) {
    this.#store = store;
    this.#what = what;
    this.#tell = tell;
  }

  /** False while it is being read, or cannot be: what was written meanwhile may be missing. */
  get current(): boolean {
    return this.#current;
  }

  get loaded(): boolean {
    return this.#created !== '';
  }

  /** Since NATS last confirmed that this is what the stream holds. */
  get ageMs(): number {
    return performance.now() - this.#confirmedMs;
  }

  /** When the stream was created: different after it was deleted. */
  get created(): string {
    return this.#created;
  }

  get seq(): number {
    return this.#seq;
  }

  get(key: string): T | undefined {
    return this.#kept.get(key)?.value;
  }

  *values(): Generator<T> {
    for (const { value } of this.#kept.values()) if (value !== undefined) yield value;
  }

  keys(): Iterable<string> {
    return this.#kept.keys();
  }

  /** The keys that were written or deleted after that message. */
  *since(seq: number): Generator<string> {
    for (const [key, kept] of this.#kept) if (kept.seq > seq) yield key;
  }

  /** Keeps it up to date until the signal aborts. */
  async run(signal: AbortSignal, pace: Omit<Pace, 'alive'> = {}): Promise<void> {
    const sweep = setInterval(() => this.#expire(), sweepMs);
    try {
      while (!signal.aborted) {
        await this.#follow(signal, pace).catch((error: unknown) => {
          this.#current = false;
          if (!signal.aborted) log.warn(`${this.#what.stream} is read anew: ${explain(error)}`);
        });
        await wait(againMs, undefined, { signal }).catch(() => {});
      }
    } finally {
      clearInterval(sweep);
    }
  }

  async #follow(signal: AbortSignal, pace: Pace): Promise<void> {
    const { stream, told } = this.#what;
    const alive = () => this.#confirm();
    for await (const news of follow(this.#store, stream, told, signal, { ...pace, alive })) {
      // what was read already is older; a message of another stream is preceded by a look
      if (news.kind === 'stored' && news.seq <= this.#seq) continue;
      if (news.kind === 'look' || news.seq > this.#seq + 1) {
        this.#current = false;
        await this.#look();
        this.#current = true;
      } else {
        const { subject, seq, headers, data } = news;
        this.#seq = seq;
        this.#confirm();
        this.#take({ subject, seq, deleted: headers?.has('KV-Operation') ?? false, data });
      }
    }
  }

  #confirm(): void {
    if (this.loaded) this.#confirmedMs = performance.now();
  }

  async #info(): Promise<StreamInfo> {
    const { jsm } = this.#store;
    return jsm.streams.info(this.#what.stream).catch(async (error: unknown) => {
      if (!/not found/i.test(explain(error))) throw error;
      await this.#store.ensure(); // someone deleted it: create what is missing, as everyone does
      return jsm.streams.info(this.#what.stream);
    });
  }

  /** Compares with the stream's own information, and reads what is missing. */
  async #look(): Promise<void> {
    const info = await this.#info();
    const { last_seq: last, messages } = info.state;
    this.#maxAgeMs = (info.config.max_age ?? 0) / 1e6;
    if (this.#isAnother(info) || last - this.#seq > this.#kept.size) await this.#readAll();
    else {
      const take = (held: Held) => this.#take(held);
      await readMany(this.#store.js, this.#what.stream, between(this.#seq + 1, last), take);
      this.#seq = last;
      if (this.#kept.size > messages) await this.#dropMissing();
    }
    this.#last = { seq: last, ts: info.state.last_ts };
    this.#confirm();
  }

  #isAnother({ created, state: { last_seq: seq, last_ts: ts } }: StreamInfo): boolean {
    return created !== this.#created || seq < this.#seq || (seq === this.#last.seq && ts !== this.#last.ts);
  }

  async #list(): Promise<StreamInfo & { keys: Map<string, string> }> {
    const { stream, subjects, keyOf } = this.#what;
    const info = await this.#store.jsm.streams.info(stream, { subjects_filter: subjects });
    return {
      ...info,
      keys: new Map(Object.keys(info.state.subjects ?? {}).map((subject) => [keyOf(subject), subject])),
    };
  }

  /** Someone purged it, or single messages. */
  async #dropMissing(): Promise<void> {
    const { keys, state } = await this.#list();
    for (const [key, { seq }] of this.#kept) if (seq <= state.last_seq && !keys.has(key)) this.#drop(key);
  }

  async #readAll(): Promise<void> {
    const { keys, state, created } = await this.#list();
    const kept = new Map<string, Kept<T>>();
    await readMany(this.#store.js, this.#what.stream, lastOf(keys.values()), (held) => {
      const age = Date.parse(state.last_ts) - Date.parse(held.at); // both by the server's clock
      kept.set(this.#what.keyOf(held.subject), this.#keep(held, Math.max(0, age)));
    });
    const isAnother = created !== this.#created || state.last_seq < this.#seq;
    const before = this.#kept;
    this.#kept = kept;
    this.#seq = state.last_seq;
    this.#created = created;
    if (isAnother) return this.#tell({ kind: 'read' });
    for (const key of before.keys()) if (!kept.has(key)) this.#changed(key, undefined, before.get(key)?.value);
    for (const [key, { value, seq }] of kept)
      if (seq !== before.get(key)?.seq) this.#changed(key, value, before.get(key)?.value);
  }

  #keep({ subject, seq, deleted, data }: Omit<Held, 'at'>, ageMs = 0): Kept<T> {
    const value = deleted ? undefined : this.#what.parse(data, this.#what.keyOf(subject));
    const lives = this.#maxAgeMs > 0 ? this.#maxAgeMs - ageMs : Number.POSITIVE_INFINITY;
    return { value, seq, expiresMs: performance.now() + lives };
  }

  #take(held: Omit<Held, 'at'>): void {
    const key = this.#what.keyOf(held.subject);
    const before = this.#kept.get(key);
    if (before && before.seq >= held.seq) return;
    const kept = this.#keep(held);
    this.#kept.set(key, kept);
    this.#changed(key, kept.value, before?.value);
  }

  #drop(key: string): void {
    const before = this.#kept.get(key)?.value;
    this.#kept.delete(key);
    this.#changed(key, undefined, before);
  }

  #changed(key: string, value: T | undefined, before: T | undefined): void {
    if (value === before || (value && before && this.#what.same?.(value, before))) return;
    this.#tell({ kind: 'changed', key, value, before });
  }

  /** The server does not announce what has expired. */
  #expire(): void {
    if (this.#maxAgeMs === 0 || this.#maxAgeMs > shortMs) return; // a check drops it
    const now = performance.now();
    for (const [key, { expiresMs }] of this.#kept) if (expiresMs <= now) this.#drop(key);
  }
}
