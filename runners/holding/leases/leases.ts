import { setInterval, setTimeout as wait } from 'node:timers/promises';
import { explain, isBug, PlumbError } from '../../../core/errors.ts';
import type { Log } from '../../../core/log.ts';
import { processName } from '../../../core/logs/process-name.ts';
import { eventsOf } from '../../../core/store/follow.ts';
import type { Store } from '../../../core/store/store.ts';
import type { HeldLease } from '../lease.ts';
import type { Clock } from './bucket.ts';
import type { Work } from './claims/ground.ts';
import { NatsLeaseBucket } from './nats-bucket.ts';
import type { Terms } from './pool/peers.ts';
import { Tenure } from './tenure.ts';
import { type Timing, timing as usual } from './timing.ts';

const clock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  after: (ms, work) => void setTimeout(work, ms).unref(),
};

/** The last word is waited for so long. */
const leaveMs = 2_000;

type LeasesOptions = {
  store: Store;
  /** What the runner is called, and nobody else was; where others take it for dead it gets another one. */
  name: string;
  log: Log;
  /** What it is for, and its share. */
  terms: Terms;
  timing?: Partial<Timing>;
  /** The store is new: nobody can hold a device by it, so nothing needs to be waited for. */
  settled?: boolean;
};

/** What a runner does with the devices that it may hold. */
type Holder = Pick<Work, 'wanted' | 'takes' | 'busy' | 'yields'> & { taken: (lease: HeldLease) => void };

/**
 * Which devices a runner holds: one heartbeat for all of them, and a claim for each that is written when it is taken and when
 * it is given up. The decisions are those of `Tenure`.
 */
export class Leases {
  readonly #options: LeasesOptions;
  readonly #timing: Timing;
  readonly #held = new Map<string, { lease: HeldLease; end: (why: string) => void }>();
  readonly #name: string;
  #tenure: Tenure | undefined;

  constructor(options: LeasesOptions) {
    this.#options = options;
    this.#timing = { ...usual, ...options.timing };
    this.#name = options.name.replace(/[^-\w]+/g, '-').slice(0, 100);
  }

  /** Of the runner; another one once others took it for dead. */
  get name(): string {
    return this.#tenure?.name ?? this.#name;
  }

  get devices(): string[] {
    return [...this.#held.keys()];
  }

  /** Beats, takes what is free and hands it on, until the signal aborts. */
  async run({ taken, ...holder }: Holder, signal: AbortSignal): Promise<void> {
    const { store, log, terms, settled = false } = this.#options;
    const bucket = new NatsLeaseBucket(store, this.#timing, signal);
    const work: Work = {
      ...holder,
      held: (device, epoch) => taken(this.#hold(device, epoch)),
      lost: (device, why) => this.#held.get(device)?.end(why),
    };
    let isFirst = true;
    const newName = () => {
      if (!isFirst) return processName(this.#name);
      isFirst = false;
      return this.#name;
    };
    const note = (what: string) => log.warn(what);
    /** A fault of ours must not end the heartbeat of all: what it leaves undone, the next look does. */
    const safely = (work: () => void) => {
      try {
        work();
      } catch (error) {
        log.error(isBug(error) ? `a bug: ${error.stack}` : explain(error));
      }
    };
    const tenure = new Tenure({ bucket, clock, timing: this.#timing, work, terms, newName, settled, note });
    this.#tenure = tenure;
    const connection = eventsOf(store.nc);
    const reconnected = () => safely(() => tenure.reconnected());
    const disconnected = () => safely(() => tenure.disconnected());
    connection.on('disconnect', disconnected).on('reconnect', reconnected);
    const listening = bucket.run({
      loaded: (entries) => safely(() => tenure.loaded(entries)),
      heard: (key, entry) => safely(() => tenure.heard(key, entry)),
      broken: (why) => safely(() => tenure.broken(why)),
      warn: note,
    });
    try {
      for await (const _ of setInterval(this.#timing.lookMs, undefined, { signal })) safely(() => tenure.step());
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      connection.off('disconnect', disconnected).off('reconnect', reconnected);
      for (const { end } of this.#held.values()) end('the runner has stopped');
      await listening;
    }
  }

  /** Gives a device up, so that the next runner need not wait. */
  release(lease: HeldLease): void {
    if (this.#held.get(lease.device)?.lease !== lease) return; // it was lost
    this.#held.get(lease.device)?.end('released');
    this.#tenure?.claims.giveUp(lease.device);
  }

  /** Takes nothing more, and has others ask for what is held. */
  drain(): void {
    this.#tenure?.drain();
  }

  /** How many runners beat, this one included. */
  get runners(): number {
    return Math.max(1, this.#tenure?.view.live().length ?? 1);
  }

  /** Whether another runner is there that could take something over. */
  get hasOthers(): boolean {
    return this.#tenure?.peers.hasOthers === true;
  }

  /** Says that nothing is held any more. */
  async leave(): Promise<void> {
    await new Promise<void>((resolve) => {
      const late = setTimeout(resolve, leaveMs);
      this.#tenure?.leave(() => {
        clearTimeout(late);
        resolve();
      });
    });
  }

  #hold(device: string, epoch: number): HeldLease {
    const abort = new AbortController();
    const { claims } = this.#tenure ?? {};
    const end = (why: string) => {
      if (this.#held.get(device)?.lease === lease) this.#held.delete(device);
      abort.abort(new PlumbError('lease_lost', `${device}: the lease was lost: ${why}`));
    };
    const lease: HeldLease = {
      device,
      runner: this.name,
      epoch,
      signal: abort.signal,
      assert: () => {
        if (!abort.signal.aborted && !claims?.mayWrite(device, epoch)) {
          claims?.pause(device);
          end('it lapsed');
        }
        abort.signal.throwIfAborted();
      },
      sure: () => this.#sure(lease),
      lasts: () => {
        lease.assert();
        if (!claims?.lasts(device)) this.#endRest(lease);
        lease.assert();
      },
      lose: (why, to = 0) => {
        if (!abort.signal.aborted) claims?.lose(device, why, to);
        end(why);
      },
    };
    this.#held.set(device, { lease, end });
    return lease;
  }

  /** A process, or a whole machine, may have slept since its last heartbeat: it beats once more before what cannot be taken back. */
  async #sure(lease: HeldLease): Promise<void> {
    lease.assert();
    const tenure = this.#tenure;
    const { sureMs } = this.#timing;
    if (!tenure || clock.now() - tenure.right.provenMs <= sureMs) return;
    tenure.beat();
    const over = new AbortController();
    const until = AbortSignal.any([over.signal, lease.signal]);
    await Promise.race([tenure.right.nextBack(), wait(sureMs, undefined, { signal: until }).catch(() => {})]);
    over.abort();
    if (!lease.signal.aborted && !tenure.claims.counts(lease.device)) this.#endRest(lease);
    lease.assert(); // without an answer the deadline decides
  }

  /** What is left of a right of before the store went back is used up no further. */
  #endRest({ device }: HeldLease): void {
    const why = 'the lease store was restored to an older state';
    this.#tenure?.claims.pause(device, why);
    this.#held.get(device)?.end(why);
  }
}
