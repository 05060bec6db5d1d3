import type { Claim, Heartbeat, Pool } from '../../../core/bus.ts';

/** Time as one runner has it. */
export type Clock = {
  /** Milliseconds that grow evenly, whatever is set. */
  now(): number;
  /** Milliseconds since 1970. A machine that was suspended finds here what it slept through. */
  wall(): number;
  /** @param ms from now */
  after(ms: number, work: () => void): void;
};

/** `conflict`: the entry is another one than was said. `failed`: nobody knows whether it was stored. */
export type Answer = { kind: 'stored'; seq: number } | { kind: 'conflict' } | { kind: 'failed'; why: string };

/** An entry of the bucket as it is stored. */
export type Stored = { seq: number; value: unknown };

/**
 * The bucket of leases, as far as decisions need it. Answers come by calls, so that the very code that decides also runs where
 * time is a number. What the bucket holds comes by `Tenure.loaded` and `Tenure.heard`, in the order of its log.
 */
export type LeaseBucket = {
  /** Compare-and-set. @param over sequence of the entry that is replaced; 0: there is none */
  write(key: string, value: Claim | Heartbeat | Pool, over: number, done: (answer: Answer) => void): void;
  /** The same for a claim whose epoch is beyond the one in the device's record, too. @param least it is at least this one */
  claim(
    device: string,
    runner: string,
    least: number,
    over: number,
    done: (answer: Answer, epoch: number) => void,
  ): void;
  /** Loads everything anew and goes on from there. @param afresh what is being loaded already is not new enough */
  watch(options?: { afresh: boolean }): void;
  /** The connection seems to be a dead one. */
  reconnect(): void;
};
