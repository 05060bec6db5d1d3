import { setTimeout as wait } from 'node:timers/promises';
import type { StreamInfo } from '@nats-io/jetstream';
import type { Subscription } from '@nats-io/transport-node';
import { buckets, type Claim, DeviceState, type Heartbeat, type Pool, subjects } from '../../../core/bus.ts';
import { explain } from '../../../core/errors.ts';
import { readStored } from '../../../core/store/follow.ts';
import { lastOf, readMany } from '../../../core/store/mirror/read-many.ts';
import { getRecord } from '../../../core/store/records.ts';
import type { Store } from '../../../core/store/store.ts';
import type { Answer, LeaseBucket, Stored } from './bucket.ts';
import type { Timing } from './timing.ts';

/** Who is told what the bucket holds. */
type Listener = {
  loaded(entries: ReadonlyMap<string, Stored>): void;
  heard(key: string, entry: Stored): void;
  broken(why: string): void;
  warn(what: string): void;
};

type Heard = Stored & { key: string };

/** A load that took longer has failed. */
const loadMs = 5_000;
/** How often the bucket's own settings are looked at: claims that expire vanish without a word. */
const settingsMs = 60_000;

const parse = (data: Uint8Array, deleted: boolean): unknown => {
  if (deleted) return undefined;
  try {
    return JSON.parse(Buffer.from(data).toString());
  } catch {
    return undefined; // nobody's claim, and in the way of a new one no longer than any other
  }
};

/**
 * The bucket of leases as nats-server has it. It tells of each entry that it takes in, with sequences that follow on each
 * other: a gap, or a sequence that was used before, means that something was missed, and all of it is read anew.
 */
export class NatsLeaseBucket implements LeaseBucket {
  readonly #store: Store;
  readonly #timing: Timing;
  readonly #signal: AbortSignal;
  readonly #name: string;
  readonly #prefix: string;
  #listener: Listener | undefined;
  #subscription: Subscription | undefined;
  /** Of the load under way, or of the watch that followed it. */
  #turn: symbol | undefined;
  #loadingMs = -Infinity;
  #last = 0;
  #keys = new Set<string>();

  constructor(store: Store, timing: Timing, signal: AbortSignal) {
    this.#store = store;
    this.#timing = timing;
    this.#signal = signal;
    const bucket = buckets.lease(store.site);
    this.#name = `KV_${bucket}`;
    this.#prefix = `$KV.${bucket}.`;
  }

  /** Begins to listen, and goes on until the signal aborts. */
  async run(listener: Listener): Promise<void> {
    this.#listener = listener;
    this.watch();
    while (!this.#signal.aborted) {
      await wait(settingsMs, undefined, { signal: this.#signal }).catch(() => {});
      if (!this.#signal.aborted) await this.#lookAtSettings();
    }
    this.#turn = undefined;
    this.#subscription?.unsubscribe();
  }

  write(key: string, value: Claim | Heartbeat | Pool, over: number, done: (answer: Answer) => void): void {
    const options = { expect: { lastSubjectSequence: over }, timeout: this.#timing.claimAnswerMs };
    this.#store.js.publish(`${this.#prefix}${key}`, JSON.stringify(value), options).then(
      ({ seq }) => done({ kind: 'stored', seq }),
      (error: unknown) =>
        done(
          /wrong last sequence/i.test(explain(error)) ? { kind: 'conflict' } : { kind: 'failed', why: explain(error) },
        ),
    );
  }

  claim(
    device: string,
    runner: string,
    least: number,
    over: number,
    done: (answer: Answer, epoch: number) => void,
  ): void {
    getRecord(this.#store.state, DeviceState, device).then(
      (state) => {
        const epoch = Math.max(least, (state?.value.epoch ?? 0) + 1);
        const claim = { runner, epoch, at: new Date().toISOString() };
        this.write(device, claim, over, (answer) => done(answer, epoch));
      },
      (error: unknown) => done({ kind: 'failed', why: explain(error) }, 0),
    );
  }

  reconnect(): void {
    void this.#store.nc.reconnect();
  }

  watch({ afresh } = { afresh: false }): void {
    if (!this.#listener || this.#signal.aborted) return;
    if (!afresh && performance.now() - this.#loadingMs < loadMs) return; // what is being read is new enough, or the next try tells
    this.#loadingMs = performance.now();
    const turn = Symbol();
    this.#turn = turn;
    this.#load(turn).catch(async (error: unknown) => {
      if (turn !== this.#turn || this.#signal.aborted) return;
      this.#listener?.warn(`cannot read the leases: ${explain(error)}`);
      await this.#store.ensure().catch(() => {}); // the bucket may have been deleted
      await wait(this.#timing.lookMs, undefined, { signal: this.#signal }).catch(() => {});
      this.#loadingMs = -Infinity;
      if (turn === this.#turn) this.watch();
    });
  }

  async #load(turn: symbol): Promise<void> {
    const { nc, jsm, site } = this.#store;
    this.#subscription?.unsubscribe();
    let early: Heard[] | undefined = [];
    this.#subscription = nc.subscribe(subjects.stored(site, 'lease', '>'), {
      callback: (error, message) => {
        if (error) {
          this.#listener?.warn(`cannot follow the leases: ${explain(error)}`);
          return;
        }
        const { subject, seq, headers, data } = readStored(message, '');
        if (turn !== this.#turn || !(seq > 0) || !subject.startsWith(this.#prefix)) return;
        const key = subject.slice(this.#prefix.length);
        const heard = { key, seq, value: parse(data, headers?.has('KV-Operation') ?? false) };
        if (early) early.push(heard);
        else this.#heard(heard);
      },
    });
    await nc.flush(); // from here on everything that is stored is heard
    const info = await jsm.streams.info(this.#name, { subjects_filter: '>' });
    const expired = info.config.max_age > 0 ? await this.#neverExpire(info) : undefined;
    const entries = await this.#readAll(Object.keys(info.state.subjects ?? {}));
    const last = await this.#asOfOneMoment(entries, early, info.state.last_seq);
    if (turn !== this.#turn || this.#signal.aborted) return;
    early = undefined;
    this.#loadingMs = -Infinity;
    this.#last = last;
    this.#keys = new Set(entries.keys());
    this.#listener?.loaded(entries);
    if (expired) this.#listener?.broken(expired);
  }

  /**
   * The entries were read one after the other: with what was told meanwhile they become those of one moment, so that nothing
   * in them is newer than something that is missing.
   *
   * @returns the sequence of that moment
   * @throws Error where not all was told
   */
  async #asOfOneMoment(entries: Map<string, Stored>, told: readonly Heard[], first: number): Promise<number> {
    let newest = first;
    for (const { seq } of entries.values()) newest = Math.max(newest, seq);
    const lastTold = () => Math.max(first, told.at(-1)?.seq ?? 0);
    const lateMs = performance.now() + this.#timing.answerMs;
    while (lastTold() < newest && performance.now() < lateMs) await this.#store.nc.flush();
    let last = first;
    for (const { key, ...entry } of told) {
      if (entry.seq <= first) continue;
      if (entry.seq !== ++last) throw new Error(`entry ${last} was not received, ${entry.seq} was`);
      if (entry.seq > (entries.get(key)?.seq ?? 0)) entries.set(key, entry);
    }
    if (last < newest) throw new Error(`entry ${newest} was not received`);
    return last;
  }

  async #readAll(names: readonly string[]): Promise<Map<string, Stored>> {
    const found = new Map<string, Stored>();
    await readMany(this.#store.js, this.#name, lastOf(names), ({ subject, seq, deleted, data }) => {
      found.set(subject.slice(this.#prefix.length), { seq, value: parse(data, deleted) });
    });
    return found;
  }

  #heard({ key, ...entry }: Heard): void {
    if (entry.seq !== this.#last + 1) {
      this.watch();
      return;
    }
    this.#last = entry.seq;
    this.#keys.add(key);
    this.#listener?.heard(key, entry);
  }

  /** An older release keeps entries for 10 s, since it renews them. @returns what that means @throws where we may not change it */
  async #neverExpire({ config }: StreamInfo): Promise<string> {
    await this.#store.jsm.streams.update(this.#name, { ...config, max_age: 0 }).catch((cause: unknown) => {
      throw new Error(
        `stream "${this.#name}" drops claims after ${config.max_age / 1e9} s, as an older release created it, and our user may not change it: run any plumb verb once as NATS's operator (docs/subjects.md): ${explain(cause)}`,
      );
    });
    return 'an older release made its entries expire';
  }

  async #lookAtSettings(): Promise<void> {
    const info = await this.#store.jsm.streams.info(this.#name).catch(() => undefined);
    if (info && (info.config.max_age > 0 || info.state.messages < this.#keys.size)) this.watch();
  }
}
