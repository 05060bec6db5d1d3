import type { Stored } from '../../runners/holding/leases/bucket.ts';
import type { Chance, Events } from './chance.ts';

/** Who hears what the store takes in. */
export type Hearer = { hear(key: string, entry: Stored): void };

/** The bucket of leases as a log of which the newest entry of each key is kept. It can stop, go back, and lose what it had. */
export class ModelStore {
  readonly #events: Events;
  readonly #chance: Chance;
  entries = new Map<string, Stored>();
  #seq = 0;
  #undo: [string, Stored | undefined][] = [];
  readonly #copies: { entries: Map<string, Stored>; seq: number }[] = [];
  readonly hearers = new Set<Hearer>();
  isUp = true;
  /** Changes whenever connections end. */
  boot = 0;
  stoppedMs = 0;
  slowMs = 0;
  claims = 0;
  /** Called at each claim of a runner. */
  onClaim = () => {};

  constructor(events: Events, chance: Chance) {
    this.#events = events;
    this.#chance = chance;
  }

  /** How long anything takes on its way. */
  latencyMs(): number {
    const slow = this.#events.nowMs < this.slowMs ? this.#chance.between(0, 2_000) : 0;
    return this.#chance.between(1, 10) + slow;
  }

  /** Compare-and-set. @returns the sequence, or undefined where another one is there */
  cas(key: string, value: unknown, over: number): number | undefined {
    if ((this.entries.get(key)?.seq ?? 0) !== over) return undefined;
    const entry = { seq: ++this.#seq, value };
    this.#undo.push([key, this.entries.get(key)]);
    if (this.#undo.length > 64) this.#undo.shift();
    this.entries.set(key, entry);
    if (!key.startsWith('runner.')) {
      this.claims++;
      if ((value as { runner: string }).runner !== '') this.onClaim();
    }
    for (const hearer of this.hearers) hearer.hear(key, entry);
    return entry.seq;
  }

  copy(): void {
    this.#copies.push({ entries: new Map(this.entries), seq: this.#seq });
    if (this.#copies.length > 150) this.#copies.shift();
  }

  /** The newest entries were acknowledged and are gone. */
  losePower(count: number): void {
    for (let left = count; left > 0 && this.#undo.length > 0; left--) {
      const [key, before] = this.#undo.pop() ?? ['', undefined];
      if (before) this.entries.set(key, before);
      else this.entries.delete(key);
      this.#seq--;
    }
    this.hearers.clear();
  }

  restore(): void {
    const copy = this.#copies[this.#chance.below(this.#copies.length)];
    if (copy) this.#become(copy.entries, copy.seq);
  }

  empty(keep: (key: string) => boolean = () => false): void {
    this.#become(new Map([...this.entries].filter(([key]) => keep(key))), keep('runner.') ? this.#seq : 0);
  }

  #become(entries: Map<string, Stored>, seq: number): void {
    this.entries = new Map(entries);
    this.#seq = seq;
    this.#undo = [];
    this.hearers.clear(); // who listened hears nothing more
  }
}

/** The records of devices, in a stream of its own: `by` has written it under `epoch`. */
export type ModelRecord = { seq: number; epoch: number; by: string };
