import { leaseKey, type Pool } from '../../../../core/bus.ts';
import type { Ground } from '../claims/ground.ts';
import type { Peer } from './peers.ts';

/** So many devices are asked for at once: each has to be logged in to. */
const mostAsked = 8;

/** What sharing needs of the claims. */
type Held = {
  /** Whether it is ours, or about to be. */
  has(device: string): boolean;
  /** Whether it is worked on. */
  holds(device: string): boolean;
  readonly count: number;
  /** Once it is let go, it is given up for that runner. */
  keepFor(device: string, runner: string): void;
};

/**
 * How devices come to the runner that should have them: it asks, in its own entry of the bucket, and whoever holds one lets
 * it go where nothing is under way on it. What is asked for is written, not sent, so that nothing gets lost, and both read it in
 * one order with the claims. A runner that is ill does not ask, so nothing is pushed onto it.
 */
export class Sharing {
  readonly #on: Ground;
  readonly #held: Held;
  #asks: string[] = [];
  #askedMs = -Infinity;
  /** Devices of others that are rather ours, as of the last look at all of them. */
  #due: string[] = [];
  #dueOf = '';
  #dueMs = -Infinity;
  #writing = false;
  /** When devices were given, and to whom. */
  readonly #given = new Map<string, { runner: string; ms: number }>();

  constructor(on: Ground, held: Held) {
    this.#on = on;
    this.#held = held;
  }

  /** Says what we are for, asks for what we should have, and gives what others should. */
  step(wanted: ReadonlySet<string>): void {
    this.#ask(wanted);
    this.#announce();
    this.yield();
  }

  /** Lets go of what others ask for, and should have. */
  yield(): void {
    const { view, peers, isDraining } = this.#on;
    for (const [runner, { value }] of view.pools) {
      const peer = peers.get(runner);
      if (!peer || peer === peers.me || !value) continue;
      for (const device of value.asks) {
        if (!this.#held.holds(device) || !peers.takes(peer, device)) continue;
        if (isDraining || peers.isBefore(peer, peers.me, device)) this.#give(device, peer);
      }
    }
  }

  #give(device: string, { runner }: Peer): void {
    const { clock, timing, work } = this.#on;
    const nowMs = clock.now();
    const last = this.#given.get(device);
    if (last?.runner === runner && nowMs - last.ms < timing.giveAgainMs) return;
    if (!work.yields(device)) return;
    this.#given.set(device, { runner, ms: nowMs });
    this.#held.keepFor(device, runner);
  }

  #announce(): void {
    const { view, peers, name, bucket } = this.#on;
    const pool: Pool = { ...peers.me.terms, asks: this.#asks };
    const seen = view.pools.get(name);
    if (this.#writing || JSON.stringify(seen?.value) === JSON.stringify(pool)) return;
    this.#writing = true;
    const { clock, timing } = this.#on;
    const over = () => {
      this.#writing = false;
    };
    clock.after(timing.answerMs, over);
    bucket.write(leaseKey.pool(name), pool, seen?.seq ?? 0, (answer) => {
      over();
      if (answer.kind === 'conflict') bucket.watch();
    });
  }

  #ask(wanted: ReadonlySet<string>): void {
    const { clock, timing, settledMs, isDraining } = this.#on;
    const nowMs = clock.now();
    if (isDraining || nowMs < settledMs) {
      this.#asks = [];
      return;
    }
    this.#look(wanted, nowMs);
    const room = (this.#on.peers.me.terms.max ?? Infinity) - this.#held.count;
    const most = Math.max(0, Math.min(mostAsked, room));
    const open = this.#asks.filter((device) => this.#isDue(device)).slice(0, most);
    if (open.length > 0 && nowMs - this.#askedMs >= timing.askedMs && this.#due.length > most) {
      this.#due = [...this.#due.filter((device) => !open.includes(device)), ...open];
      open.length = 0;
    }
    while (open.length < most) {
      const next = this.#due.find((device) => !open.includes(device) && this.#isDue(device));
      if (next === undefined) break;
      open.push(next);
    }
    if (open.join() !== this.#asks.join()) this.#askedMs = nowMs;
    this.#asks = open;
  }

  /** Ten thousand devices are not compared with each runner twice a second: only when one of those comes, goes or fills up. */
  #look(wanted: ReadonlySet<string>, nowMs: number): void {
    const { view, peers, timing } = this.#on;
    const draining = view.live().filter((runner) => view.isDraining(runner));
    const print = `${peers.print}\n${draining.join()}\n${this.#mayAsk(nowMs)}`;
    if (print === this.#dueOf && nowMs - this.#dueMs < timing.askedMs) return;
    this.#dueOf = print;
    this.#dueMs = nowMs;
    this.#due = [...wanted].filter((device) => this.#isDue(device));
  }

  #mayAsk(nowMs: number): boolean {
    return nowMs - this.#on.startedMs >= this.#on.timing.askAfterMs;
  }

  /** Whether somebody holds it that comes after us, or is about to leave, and nobody comes before us. */
  #isDue(device: string): boolean {
    const { view, peers, name, clock } = this.#on;
    const holder = view.devices.get(device)?.value?.runner;
    if (!holder || holder === name || this.#held.has(device) || view.isGone(holder)) return false;
    if (view.isDraining(holder)) return peers.rank(device) === 0;
    const other = peers.get(holder);
    if (!other || !this.#mayAsk(clock.now())) return false;
    return peers.isBefore(peers.me, other, device) && peers.rank(device) === 0;
  }
}
