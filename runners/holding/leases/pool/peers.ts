import type { Pool } from '../../../../core/bus.ts';
import type { LeaseView } from '../view.ts';
import { lastRank, score } from './order.ts';

/** What a runner is for, as it says at its start. */
export type Terms = Omit<Pool, 'asks'>;

/** A runner as far as it is about who gets a device. */
export type Peer = {
  readonly runner: string;
  /** Its own: of two that have one slot, the younger has another one while both are there. */
  readonly slot: string;
  readonly terms: Terms;
  readonly hasRoom: boolean;
};

/** Whether a runner of these terms may have a device. */
export type Takes = (terms: Terms, device: string) => boolean;

const classOf = ({ names, select }: Terms): number => (names ? 2 : select === undefined ? 0 : 1);

/** The runners that share the devices, as the bucket has them, and who of them comes first for which device. */
export class Peers {
  readonly #takes: Takes;
  #all = new Map<string, Peer>();
  me: Peer;

  constructor(runner: string, terms: Terms, takes: Takes) {
    this.#takes = takes;
    this.me = { runner, slot: terms.slot, terms, hasRoom: true };
  }

  /** Those that beat and are not about to leave; changes whenever one of them does, or has room or none. */
  get print(): string {
    return [...this.#all.values()].map(({ runner, slot, hasRoom }) => `${runner} ${slot} ${hasRoom}`).join('\n');
  }

  /** @param held how many devices we hold */
  look(view: LeaseView, held: number): void {
    const { runner: name, terms: own } = this.me;
    const terms = new Map<string, Terms>([[name, own]]);
    for (const runner of view.live()) {
      const pool = view.pools.get(runner)?.value;
      if (runner !== name && pool && !view.isDraining(runner)) terms.set(runner, pool);
    }
    const counts = [...terms.values()].some(({ max }) => max !== undefined)
      ? countsOf(view)
      : new Map<string, number>();
    const oldestFirst = [...terms].sort(
      ([one, a], [other, b]) => (a.since < b.since ? -1 : a.since > b.since ? 1 : 0) || (one < other ? -1 : 1),
    );
    const seen = new Map<string, number>();
    this.#all = new Map();
    for (const [runner, each] of oldestFirst) {
      const nth = (seen.get(each.slot) ?? 0) + 1;
      seen.set(each.slot, nth);
      const has = runner === name ? held : (counts.get(runner) ?? 0);
      const hasRoom = each.max === undefined || has < each.max;
      const peer = { runner, slot: nth === 1 ? each.slot : `${each.slot}~${nth}`, terms: each, hasRoom };
      this.#all.set(runner, peer);
      if (runner === name) this.me = peer;
    }
  }

  get hasOthers(): boolean {
    return this.#all.size > 1;
  }

  get(runner: string): Peer | undefined {
    return this.#all.get(runner);
  }

  takes({ terms }: Peer, device: string): boolean {
    return this.#takes(terms, device);
  }

  /** Whether a device is rather for one of two that may both have it. */
  isBefore(one: Peer, other: Peer, device: string): boolean {
    const classes = classOf(one.terms) - classOf(other.terms);
    if (classes !== 0) return classes > 0;
    const scores = score(one.slot, one.terms.weight, device) - score(other.slot, other.terms.weight, device);
    return scores === 0 ? one.runner < other.runner : scores > 0;
  }

  /** How many of those that may have a device, and have room, come before us. */
  rank(device: string): number {
    let rank = 0;
    for (const peer of this.#all.values()) {
      if (peer === this.me || !peer.hasRoom || !this.isBefore(peer, this.me, device)) continue;
      if (this.takes(peer, device) && ++rank === lastRank) break;
    }
    return rank;
  }
}

const countsOf = (view: LeaseView): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const { value } of view.devices.values())
    if (value?.runner) counts.set(value.runner, (counts.get(value.runner) ?? 0) + 1);
  return counts;
};
