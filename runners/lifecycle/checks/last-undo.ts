import { setTimeout as wait } from 'node:timers/promises';
import type { Policy } from '../../../core/inventory/schema.ts';
import type { Bgp } from '../../shapes.ts';
import type { Before } from './checks.ts';
import type { Health, Told } from './health.ts';
import { judgeHealth } from './health-check.ts';
import { takenAway } from './taken-away.ts';

/** How long a network may take to be as good again as before an undone attempt: FRR tries a lost session of BGP again after 120 s. */
const patienceMs = 150_000;
const pollMs = 1_000;
const nothing = { taken: takenAway('', ''), prefixes: 0 };

const peersOf = (bgp: Bgp) =>
  Object.entries(bgp).flatMap(([vrf, { peers }]) =>
    Object.entries(peers).map(([address, peer]) => ({ key: `${vrf} ${address}`, address, peer })),
  );

/** Timers count for a neighbour that must be heard after a commit; here it is enough that it is there. */
const withoutTimers = (health: Health): Health =>
  Object.fromEntries(
    Object.entries(health).map(([name, told]: [string, Told]) => [
      name,
      'vitals' in told
        ? {
            vitals: Object.fromEntries(
              Object.entries(told.vitals).map(([key, one]) => [key, { ...one, expires: null }]),
            ),
          }
        : told,
    ]),
  );

/** What is not as good as it was; where nobody knows how it was, the sessions of BGP that should be up and are not. */
const missing = (before: Before | undefined, now: Before, policy: Policy): string[] => {
  const peers = new Map(peersOf(now.bgp).map(({ key, peer }) => [key, peer]));
  if (!before)
    return peersOf(now.bgp)
      .filter(({ peer }) => peer.is_enabled && !peer.is_up && !peer.dynamic)
      .map(({ address }) => `bgp ${address}`);
  const down = peersOf(before.bgp)
    .filter(({ key, peer }) => peer.is_up && !peer.dynamic && !peers.get(key)?.is_up)
    .map(({ address }) => `bgp ${address}`);
  const sample = { atMs: 0, health: withoutTimers(now.health) };
  const { checks } = judgeHealth(withoutTimers(before.health), [sample], policy.checks, nothing);
  return [...down, ...checks.filter(({ ok }) => ok === false).map(({ name, on, detail }) => `${name} ${on} ${detail}`)];
};

/**
 * The last attempt on a device that was undone. Until the network is as good again as it was before that attempt, a
 * picture of it would be one of the damage, and the next change be compared with that.
 */
export class LastUndo {
  #undone: { before: Before | undefined; atMs: number } | undefined;

  /** There is one that the network may not have come back from. */
  get isOpen(): boolean {
    return this.#undone !== undefined;
  }

  /** @param before undefined: the runner that knew it is gone */
  note(before: Before | undefined): void {
    this.#undone = { before: this.#undone?.before ?? before, atMs: performance.now() };
  }

  /**
   * Waits until the network is as good again, for a while.
   *
   * @param look what is there now
   * @param waiting called with what is missing; what it throws ends the wait
   * @returns what is missing still
   */
  async over(
    look: () => Promise<Before>,
    policy: Policy,
    waiting: (missing: readonly string[]) => void,
  ): Promise<string[]> {
    while (this.#undone) {
      const { before, atMs } = this.#undone;
      const left = missing(before, await look(), policy);
      if (left.length > 0 && performance.now() - atMs < patienceMs) {
        waiting(left);
        await wait(pollMs);
        continue;
      }
      this.#undone = undefined;
      return left;
    }
    return [];
  }
}
