import { Claim, Heartbeat, type Lease, leaseKey } from '../../bus.ts';
import { Mirror } from '../mirror/mirror.ts';
import { type Change, mirrorOf } from '../mirror/mirrored.ts';
import { parseRecord } from '../records.ts';
import type { Store } from '../store.ts';
import { beatMs, quietMs, silentMs } from './holders.ts';

type Entry = { claim: Claim } | { beat: Heartbeat };

const parse = (data: Uint8Array, key: string): Entry | undefined => {
  if (leaseKey.runnerOf(key) !== undefined) {
    const beat = parseRecord(Heartbeat, data);
    return beat && { beat };
  }
  const claim = leaseKey.isDevice(key) ? parseRecord(Claim, data) : undefined;
  return claim && { claim };
};

const sweepMs = 500;

/** Who holds each device, in memory and kept up to date: claims, and which of their runners are alive. */
export class HoldersView {
  readonly #mirror: Mirror<Entry>;
  readonly #news: (change: Change<Lease>) => void;
  /** When each runner, or a lease of an older release, was last heard from, by our own clock; by key. */
  readonly #heardMs = new Map<string, number>();
  /** Those not heard from since everything was read. */
  readonly #unheard = new Set<string>();
  /** As last reported. */
  readonly #told = new Map<string, Lease>();

  /** @param news called with each device whose holder has changed */
  constructor(store: Store, news: (change: Change<Lease>) => void) {
    this.#news = news;
    this.#mirror = new Mirror<Entry>(store, mirrorOf(store.site, 'lease', { parse }), (change) =>
      this.#changed(change),
    );
  }

  get loaded(): boolean {
    return this.#mirror.loaded;
  }

  get current(): boolean {
    return this.#mirror.current;
  }

  get ageMs(): number {
    return this.#mirror.ageMs;
  }

  get(device: string): Lease | undefined {
    return this.#told.get(device);
  }

  /**
   * Whether a runner that holds something was heard from within its last two heartbeats, so that what it says of a
   * connection counts.
   */
  isHeard(runner: string): boolean {
    const key = leaseKey.runner(runner);
    if (!this.#mirror.get(key)) return true; // of an older release: its leases are renewed, and it has no heartbeat
    return !this.#unheard.has(key) && this.#isHeard(key, quietMs);
  }

  /** Keeps it up to date until the signal aborts. */
  async run(signal: AbortSignal, pace: Parameters<Mirror<Entry>['run']>[1] = {}): Promise<void> {
    const sweep = setInterval(() => this.#lookAtAll(), sweepMs); // nobody announces silence
    try {
      await this.#mirror.run(signal, pace);
    } finally {
      clearInterval(sweep);
    }
  }

  #changed(change: Change<Entry>): void {
    const nowMs = performance.now();
    if (change.kind === 'read') {
      // how old they are is not known: whoever is alive beats soon
      this.#heardMs.clear();
      this.#unheard.clear();
      for (const key of this.#mirror.keys()) {
        this.#heardMs.set(key, nowMs - silentMs + beatMs);
        this.#unheard.add(key);
      }
      this.#told.clear();
      for (const device of this.#mirror.keys()) this.#look(device, () => {});
      this.#news(change);
      return;
    }
    const { key, value } = change;
    const wasAlive = this.#isAlive(key);
    this.#heardMs.set(key, nowMs);
    this.#unheard.delete(key);
    if (value && 'claim' in value) this.#look(key);
    else if (!wasAlive || !this.#isAlive(key)) this.#lookAtAll();
  }

  #isHeard(key: string, ms = silentMs): boolean {
    return performance.now() - (this.#heardMs.get(key) ?? Number.NEGATIVE_INFINITY) < ms;
  }

  #isAlive(key: string): boolean {
    const entry = this.#mirror.get(key);
    return entry !== undefined && 'beat' in entry && 'n' in entry.beat && this.#isHeard(key);
  }

  #holderOf(device: string): Lease | undefined {
    const entry = this.#mirror.get(device);
    if (!entry || !('claim' in entry) || entry.claim.runner === '') return undefined;
    const { runner, epoch, at } = entry.claim;
    const isHeld = at === undefined ? this.#isHeard(device) : this.#isAlive(leaseKey.runner(runner));
    return isHeld ? { runner, epoch } : undefined;
  }

  #look(device: string, tell = this.#news): void {
    const value = this.#holderOf(device);
    const before = this.#told.get(device);
    if (value?.runner === before?.runner && value?.epoch === before?.epoch) return;
    if (value) this.#told.set(device, value);
    else this.#told.delete(device);
    tell({ kind: 'changed', key: device, value, before });
  }

  #lookAtAll(): void {
    for (const device of new Set([...this.#told.keys(), ...this.#mirror.keys()])) this.#look(device);
  }
}
