import type { Clock } from './bucket.ts';

/** A moment by both clocks: it is over when either says so. */
export type Moment = { ms: number; wallMs: number };

export const never: Moment = { ms: -Infinity, wallMs: -Infinity };

/** @param ms to add to both */
const later = ({ ms, wallMs }: Moment, by: number): Moment => ({ ms: ms + by, wallMs: wallMs + by });

const momentNow = (clock: Clock): Moment => ({ ms: clock.now(), wallMs: clock.wall() });

export const isBefore = (clock: Clock, until: Moment): boolean => clock.now() < until.ms && clock.wall() < until.wallMs;

/**
 * Until when a runner may write to what it holds: so long from before a heartbeat was sent that came back to it by its own
 * watch. Whoever hears its own beat has heard every claim and burial before it; an acknowledgement proves nothing of the kind.
 */
export class Right {
  readonly #clock: Clock;
  readonly #rightMs: number;
  readonly #sent = new Map<number, Moment>();
  #until = never;
  #waiting: (() => void)[] = [];
  /** When the newest beat was sent that came back. */
  provenMs = -Infinity;

  constructor(clock: Clock, rightMs: number) {
    this.#clock = clock;
    this.#rightMs = rightMs;
  }

  get until(): Moment {
    return this.#until;
  }

  get holds(): boolean {
    return isBefore(this.#clock, this.#until);
  }

  /** It was there once, and is over. */
  get lapsed(): boolean {
    return this.#until !== never && !this.holds;
  }

  /** Before beat `n` is sent. */
  sending(n: number): void {
    this.#sent.set(n, momentNow(this.#clock));
  }

  /** Nothing that was sent counts any more. */
  forget(): void {
    this.#sent.clear();
  }

  /** Beat `n` came back. @returns whether it was one that counts */
  cameBack(n: number): boolean {
    const sent = this.#sent.get(n);
    if (!sent) return false;
    for (const each of this.#sent.keys()) if (each <= n) this.#sent.delete(each);
    this.provenMs = Math.max(this.provenMs, sent.ms);
    const until = later(sent, this.#rightMs);
    if (until.ms > this.#until.ms) this.#until = until;
    for (const tell of this.#waiting.splice(0)) tell();
    return true;
  }

  /** Resolves when the next beat comes back. */
  nextBack(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
