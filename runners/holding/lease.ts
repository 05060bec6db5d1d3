import { setInterval } from 'node:timers/promises';
import { DeviceState, Lease, limits } from '../../core/bus.ts';
import { explain, isOutcome, PlumbError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { followBucket } from '../../core/store/follow.ts';
import { casRecord, getRecord } from '../../core/store/records.ts';
import type { Store } from '../../core/store/store.ts';

/** The right to work on one device, for as long as it is renewed. */
export type HeldLease = {
  readonly device: string;
  readonly runner: string;
  readonly epoch: number;
  /** Aborts when the lease is lost. */
  readonly signal: AbortSignal;
  /** To be called before each write, to the device or to its records. @throws PlumbError `lease_lost` */
  readonly assert: () => void;
  /**
   * Gives it up without a word to the bucket: someone else is found to hold the device.
   *
   * @param to the epoch that was found; the next lease of this device goes beyond it
   */
  readonly lose: (why: string, to?: number) => void;
};

/** Whether what was found was written under a lease that came after ours, or beside it. */
export const isAhead = (
  { runner, epoch = 0 }: { runner?: string | undefined; epoch?: number | undefined },
  ours: Pick<HeldLease, 'runner' | 'epoch'>,
): boolean => epoch > ours.epoch || (epoch === ours.epoch && runner !== ours.runner);

type Held = HeldLease & { revision: number; deadlineMs: number };

/** Stop this long before the bucket may give the lease to someone else. */
const marginMs = 1_500;
const takenAtOnce = 32;

/**
 * Decides which runner holds a device. The bucket's expiry is the clock; a monotonic deadline of our own stops us
 * before it. The bucket may be deleted, so the epoch comes from the device's record and the clock, not from a revision.
 */
export class Leases {
  readonly #store: Store;
  readonly #runner: string;
  readonly #log: Log;
  readonly #held = new Map<string, Held>();
  /** Of our own takes, so that no two are alike even without the store. */
  readonly #epochs = new Map<string, number>();
  /** When each device that others hold was last seen renewed (monotonic). */
  readonly #seen = new Map<string, number>();

  constructor(store: Store, runner: string, log: Log) {
    this.#store = store;
    this.#runner = runner;
    this.#log = log;
  }

  /** Renews what is held and takes what is free, until the signal aborts. */
  async run(devices: () => Iterable<string>, taken: (lease: HeldLease) => void, signal: AbortSignal): Promise<void> {
    void this.#watch(signal);
    const round = async () => {
      await Promise.all([...this.#held.values()].map((held) => this.#renew(held)));
      const nowMs = performance.now();
      const free = [...devices()].filter(
        (device) => !this.#held.has(device) && nowMs - (this.#seen.get(device) ?? -Infinity) >= limits.leaseMs,
      );
      // a round ends when the leases that are held are due again, however many are free
      for (let at = 0; at < free.length && performance.now() - nowMs < limits.leaseRenewMs / 2; at += takenAtOnce) {
        await Promise.all(
          free.slice(at, at + takenAtOnce).map(async (device) => {
            const lease = await this.#take(device).catch((error: unknown) => {
              this.#log.warn({ device }, `cannot take the lease: ${explain(error)}`);
              return undefined;
            });
            if (lease) taken(lease);
          }),
        );
      }
    };
    await round();
    for await (const _ of setInterval(limits.leaseRenewMs, undefined, { signal })) await round();
  }

  /** Gives a lease back, so that the next runner need not wait for its expiry. */
  async release({ device, epoch }: HeldLease): Promise<void> {
    const held = this.#held.get(device);
    if (held?.epoch !== epoch) return; // it was lost, and may have been taken anew
    this.#held.delete(device);
    held.lose('released');
    await this.#store.lease.delete(device, { previousSeq: held.revision }).catch(() => {}); // else it expires
  }

  get devices(): string[] {
    return [...this.#held.keys()];
  }

  /** Renewals of others put off our next try; expiry tells nobody, so silence for a lease's length means: try. */
  async #watch(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        for await (const news of followBucket(this.#store, 'lease', signal)) {
          if (news.kind === 'put') this.#seen.set(news.key, performance.now());
          else if (news.kind === 'deleted') this.#seen.delete(news.key);
        }
      } catch (error) {
        this.#log.warn(`cannot watch the leases: ${explain(error)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, signal.aborted ? 0 : 1_000));
    }
  }

  async #take(device: string): Promise<HeldLease | undefined> {
    const state = await getRecord(this.#store.state, DeviceState, device);
    const epoch = Math.max(
      (state?.value.epoch ?? 0) + 1,
      (this.#epochs.get(device) ?? 0) + 1,
      Math.floor(Date.now() / 1000),
    );
    this.#epochs.set(device, epoch);
    const startedMs = performance.now();
    let revision: number;
    try {
      revision = await casRecord(this.#store.lease, device, { runner: this.#runner, epoch } satisfies Lease, 0);
    } catch (error) {
      if (!isOutcome(error, 'conflict')) throw error;
      this.#seen.set(device, performance.now() - limits.leaseMs + limits.leaseRenewMs); // held: ask again soon
      return undefined;
    }
    const abort = new AbortController();
    const held: Held = {
      device,
      runner: this.#runner,
      epoch,
      revision,
      deadlineMs: startedMs + limits.leaseMs - marginMs,
      signal: abort.signal,
      assert: () => {
        if (performance.now() > held.deadlineMs) held.lose('it could not be renewed in time');
        abort.signal.throwIfAborted();
      },
      lose: (why, to = 0) => {
        this.#epochs.set(device, Math.max(to, this.#epochs.get(device) ?? 0));
        if (this.#held.get(device) === held) this.#held.delete(device);
        abort.abort(new PlumbError('lease_lost', `${device}: the lease was lost: ${why}`));
      },
    };
    this.#held.set(device, held);
    return held;
  }

  async #renew(held: Held): Promise<void> {
    const startedMs = performance.now();
    if (startedMs > held.deadlineMs) return held.lose('it lapsed');
    const mine = { runner: this.#runner, epoch: held.epoch } satisfies Lease;
    try {
      held.revision = await casRecord(this.#store.lease, held.device, mine, held.revision);
      held.deadlineMs = startedMs + limits.leaseMs - marginMs;
    } catch (error) {
      if (isOutcome(error, 'conflict')) await this.#dispute(held, mine);
      else this.#log.warn({ device: held.device }, `cannot renew the lease: ${explain(error)}`);
      if (performance.now() > held.deadlineMs) held.lose('it could not be renewed in time');
    }
  }

  /** The revision is not ours any more: an answer that we did not get, a bucket made anew, or another holder. */
  async #dispute(held: Held, mine: Lease): Promise<void> {
    const entry = await getRecord(this.#store.lease, Lease, held.device).catch(() => undefined);
    if (entry && (entry.value.runner !== mine.runner || entry.value.epoch !== mine.epoch)) {
      held.lose(`${entry.value.runner} holds it`, entry.value.epoch);
      return;
    }
    const startedMs = performance.now();
    const revision = await casRecord(this.#store.lease, held.device, mine, entry?.revision ?? 0).catch(() => undefined);
    if (revision === undefined) return; // the next round, or the deadline, decides
    held.revision = revision;
    held.deadlineMs = startedMs + limits.leaseMs - marginMs;
  }
}
