import type { Driver, Session } from '../driver.ts';
import { runningHash } from '../lifecycle/trial/context.ts';

/** However still its marker stands, a device is read whole this often. */
const wholeEveryMs = 3_600_000;
/** Markers count in seconds: until so long after one was first seen, a change may not show in it. */
const coarseMs = 2_000;
/** Characters of an answer that may hold a marker: a pattern may take long to find nothing in one that is larger. */
const longest = 16_384;

type Read = {
  session: WeakRef<Session>;
  marker: string | undefined;
  firstSeenMs: number;
  wholeMs: number;
  hash: string;
};

/**
 * What runs on a device, as looks between deployments find it: read whole where its change marker moved, where nothing is
 * known yet on this session, and once an hour in any case, so that a change which a marker misses is seen by then.
 */
export class WhatRuns {
  readonly #driver: Driver;
  readonly #nowMs: () => number;
  #last: Read | undefined;
  /** A session whose device does not tell its marker, or not to us: each refusal may be an alarm somewhere. */
  #untold: WeakRef<Session> | undefined;
  #forgotten = 0;

  /** @param nowMs of a clock that nobody sets */
  constructor(driver: Driver, nowMs: () => number = () => performance.now()) {
    this.#driver = driver;
    this.#nowMs = nowMs;
  }

  /** Something may have been changed by us: the next look reads it whole. */
  forget(): void {
    this.#last = undefined;
    this.#forgotten++;
  }

  /** @returns the hash of the normalised running configuration */
  async look(session: Session): Promise<string> {
    const last = this.#last?.session.deref() === session ? this.#last : undefined;
    const forgotten = this.#forgotten;
    this.#last = undefined; // where the look fails, the next one reads it whole
    const marker = await this.#marker(session); // first: what changes while it is read moves the next one
    const nowMs = this.#nowMs();
    const still = marker !== undefined && last?.marker === marker ? last : undefined;
    const isKnown = still && still.wholeMs - still.firstSeenMs >= coarseMs && nowMs - still.wholeMs < wholeEveryMs;
    if (isKnown && forgotten === this.#forgotten) {
      this.#last = still;
      return still.hash;
    }
    const hash = await runningHash(session, this.#driver);
    const firstSeenMs = still?.firstSeenMs ?? nowMs;
    if (forgotten === this.#forgotten)
      this.#last = { session: new WeakRef(session), marker, firstSeenMs, wholeMs: nowMs, hash };
    return hash;
  }

  async #marker(session: Session): Promise<string | undefined> {
    const { marker } = this.#driver;
    if (!marker || !session.ask || this.#untold?.deref() === session) return undefined;
    const [answer = ''] = await session.ask([marker.request]);
    const [found] = (answer.length > longest ? null : marker.tells.exec(answer)) ?? [];
    if (found === undefined) this.#untold = new WeakRef(session);
    return found;
  }
}
