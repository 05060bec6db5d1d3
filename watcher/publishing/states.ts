import { DeviceState } from '../../core/bus.ts';
import { type Entry, followBucket } from '../../core/store/follow.ts';
import { listStored, parseRecord } from '../../core/store/records.ts';
import type { Store } from '../../core/store/store.ts';
import { blockOf } from '../../core/wanted/held.ts';
import { listen } from './listen.ts';

type Known = { blocked: DeviceState['blocked']; tried: DeviceState['attempt'] | undefined; seq: number };
/** What the runners' records say that a publisher must know: what people took back, and what was tried last. */
export class States {
  readonly #store: Store;
  readonly #blocked: (device: string) => void;
  readonly #stale: () => void;
  readonly #stop = new AbortController();
  readonly #known = new Map<string, Known>();
  #listening: Promise<void> | undefined;

  /**
   * @param blocked called when someone took a text back
   * @param stale called when all of them are to be looked at afresh
   */
  constructor(store: Store, blocked: (device: string) => void, stale: () => void) {
    this.#store = store;
    this.#blocked = blocked;
    this.#stale = stale;
  }

  of(device: string): Omit<Known, 'seq'> {
    return this.#known.get(device) ?? { blocked: [], tried: undefined };
  }

  /** Looks at all of them afresh. */
  async look(): Promise<void> {
    await this.#listen();
    for (const known of this.#known.values()) known.seq = 0; // of another bucket, perhaps
    const found = await listStored(this.#store.state, DeviceState);
    for (const [device, { seq }] of this.#known) if (seq === 0 && !found.has(device)) this.#known.delete(device);
    for (const [device, { value, revision }] of found) this.#take(device, value, revision);
  }

  stop(): void {
    this.#stop.abort();
  }

  #listen(): Promise<void> {
    const heard = ({ kind, key, seq, data }: Entry) =>
      this.#take(key, kind === 'put' ? parseRecord(DeviceState, data) : undefined, seq);
    const news = () => followBucket(this.#store, 'state', this.#stop.signal);
    this.#listening ??= listen(news(), heard, this.#stale).catch((error: unknown) => {
      this.#listening = undefined;
      throw error;
    });
    return this.#listening;
  }

  #take(device: string, state: DeviceState | undefined, seq: number): void {
    const before = this.#known.get(device);
    if (before && before.seq > seq) return;
    const blocked = state?.blocked ?? [];
    this.#known.set(device, { blocked, tried: state?.attempt, seq });
    if (blocked.some(({ sha256 }) => !blockOf(before ?? { blocked: [] }, sha256))) this.#blocked(device);
  }
}
