import { setTimeout as wait } from 'node:timers/promises';
import { DeviceState } from '../core/bus.ts';
import { parseRecord } from '../core/records.ts';
import type { Store } from '../core/store.ts';

type Known = { released: string | undefined; tried: DeviceState['attempt'] | undefined };
type Watch = Awaited<ReturnType<Store['state']['watch']>>;

/** Entries that are deleted while they are listed never come. */
const firstMs = 10_000;

/** What the runners' records say that a publisher must know: what was given up, and what was tried last. */
export class States {
  readonly #store: Store;
  readonly #released: (device: string) => void;
  readonly #known = new Map<string, Known>();
  #watch: Watch | undefined;

  /** @param released called when someone gave a hand-made text up */
  constructor(store: Store, released: (device: string) => void) {
    this.#store = store;
    this.#released = released;
  }

  of(device: string): Known {
    return this.#known.get(device) ?? { released: undefined, tried: undefined };
  }

  /** Watches afresh; a watch that is stuck or belongs to a deleted bucket is left. Resolves once all is known. */
  async look(): Promise<void> {
    const { state } = this.#store;
    const watch = await state.watch();
    this.#watch?.stop();
    this.#watch = watch;
    const { values } = await state.status();
    const first = new Promise<void>((resolve) => void this.#follow(watch, resolve));
    if (values > 0) await Promise.race([first, wait(firstMs, undefined, { ref: false })]);
  }

  stop(): void {
    this.#watch?.stop();
  }

  async #follow(watch: Watch, first: () => void): Promise<void> {
    try {
      for await (const entry of watch) {
        const value = entry.operation === 'PUT' ? parseRecord(DeviceState, entry.value) : undefined;
        this.#take(entry.key, value);
        if (entry.delta === 0) first();
      }
    } catch {} // the next look makes another watch
    first();
  }

  #take(device: string, state: DeviceState | undefined): void {
    if (!state) {
      this.#known.delete(device);
      return;
    }
    const before = this.#known.get(device)?.released;
    const released = state.released ?? undefined;
    this.#known.set(device, { released, tried: state.attempt });
    if (released !== undefined && released !== before) this.#released(device);
  }
}
