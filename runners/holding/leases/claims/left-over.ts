import type { Ground } from './ground.ts';

type Claiming = { has(device: string): boolean; claim(device: string): void; giveUp(device: string): void };

/** What the bucket says is ours and we do not keep: a claim whose answer was lost, or one that was let go to be made anew. */
export class LeftOver {
  readonly #on: Ground;
  readonly #claims: Claiming;
  /** To be claimed over our own entry, from that time on. */
  readonly #raising = new Map<string, number>();
  readonly #givenUpMs = new Map<string, number>();

  constructor(on: Ground, claims: Claiming) {
    this.#on = on;
    this.#claims = claims;
  }

  /** It is claimed anew. @param now at once, since it is known what it has to go beyond */
  raise(device: string, now: boolean): void {
    const { clock, timing } = this.#on;
    this.#raising.set(device, clock.now() + (now ? 0 : timing.beatMs));
  }

  taken(device: string): void {
    this.#raising.delete(device);
  }

  givenUp(device: string): void {
    this.#raising.delete(device);
    this.#givenUpMs.set(device, this.#on.clock.now());
  }

  step(wanted: ReadonlySet<string>): void {
    const { view, name, clock, timing, work } = this.#on;
    for (const [device, { value }] of view.devices) {
      if (value?.runner !== name || this.#claims.has(device)) continue;
      const raiseMs = this.#raising.get(device);
      if (raiseMs !== undefined && wanted.has(device)) {
        if (clock.now() >= raiseMs && !work.busy(device)) this.#claims.claim(device);
      } else if (clock.now() - (this.#givenUpMs.get(device) ?? -Infinity) >= timing.answerMs)
        this.#claims.giveUp(device);
    }
  }
}
