import { isFree } from '../burial.ts';
import { rankOf } from '../order.ts';
import type { Ground } from './ground.ts';

/** What is had or asked for, and the way to more of it. */
export type Claiming = {
  has(device: string): boolean;
  readonly underWay: number;
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
    const { view, name, clock, timing, knownMs, work } = this.#on;
    const nowMs = clock.now();
    if (nowMs - knownMs < timing.claimAfterMs) return;
    const live = view.live();
    for (const device of wanted) {
      if (this.#claims.underWay >= mostAtOnce) return;
      if (this.#claims.has(device) || work.busy(device)) continue;
      if (!isFree(view, device, nowMs, timing)) continue;
      const seq = view.devices.get(device)?.seq ?? 0;
      const free = this.#freeSince.get(device);
      if (free?.seq !== seq) this.#freeSince.set(device, { seq, ms: nowMs });
      const sinceMs = free?.seq === seq ? free.ms : nowMs;
      if (nowMs - sinceMs >= rankOf(name, live, device) * timing.rankMs) this.#claims.claim(device);
    }
  }
}
