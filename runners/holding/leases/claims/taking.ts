import { isFree } from '../burial.ts';
import type { Ground } from './ground.ts';

/** What is had or asked for, and the way to more of it. */
type Claiming = {
  has(device: string): boolean;
  /** Claims that are under way. */
  readonly underWay: number;
  /** These, and those that are ours. */
  readonly count: number;
  claim(device: string): void;
};

/** So many claims are under way at once. */
const mostAtOnce = 512;

/** Which of the devices that are free this runner takes, and when. */
export class Taking {
  readonly #on: Ground;
  readonly #claims: Claiming;
  readonly #freeSince = new Map<string, { seq: number; ms: number }>();

  constructor(on: Ground, claims: Claiming) {
    this.#on = on;
    this.#claims = claims;
  }

  taken(device: string): void {
    this.#freeSince.delete(device);
  }

  step(wanted: ReadonlySet<string>): void {
    const { view, clock, timing, knownMs, work, peers, isDraining } = this.#on;
    const nowMs = clock.now();
    const { max = Number.POSITIVE_INFINITY } = peers.me.terms;
    if (isDraining || nowMs - knownMs < timing.claimAfterMs) return;
    for (const device of wanted) {
      if (this.#claims.underWay >= mostAtOnce || this.#claims.count >= max) return;
      if (this.#claims.has(device) || work.busy(device)) continue;
      if (!isFree(view, device, nowMs, timing)) continue;
      const seq = view.devices.get(device)?.seq ?? 0;
      const free = this.#freeSince.get(device);
      if (free?.seq !== seq) this.#freeSince.set(device, { seq, ms: nowMs });
      const sinceMs = free?.seq === seq ? free.ms : nowMs;
      if (nowMs - sinceMs >= this.#waitMs(device)) this.#claims.claim(device);
    }
  }

  /** Those before us have a chance to be first. */
  #waitMs(device: string): number {
    const { view, name, timing, peers } = this.#on;
    const to = view.devices.get(device)?.value?.to;
    if (to === name) return 0;
    const reservedMs = to !== undefined && peers.get(to) ? timing.reservedMs : 0;
    return reservedMs + peers.rank(device) * timing.rankMs;
  }
}
