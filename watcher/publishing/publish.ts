import type { Inventory } from '../../core/inventory/schema.ts';
import type { Store } from '../../core/store/store.ts';
import type { Announce } from '../events.ts';
import type { Source } from '../source.ts';
import type { Complaints } from './complaints.ts';
import { Entries } from './entries.ts';
import { Heads } from './heads.ts';
import { DeviceSettling, type Usable } from './one-device.ts';
import { States } from './states.ts';

const atOnce = 64;
const failuresAtOnce = 3;

/** Brings the stream and the inventory bucket to what a source holds; everything may be done twice. */
export class Publisher {
  readonly #store: Store;
  readonly #heads: Heads;
  readonly #states: States;
  readonly #entries: Entries;
  readonly #device: DeviceSettling;
  #looked = false;

  /**
   * @param moved called with a device that must be settled again: someone published, or resumed it
   * @param stale called when everything in the store is to be looked at afresh: it is another one, or was away
   */
  constructor(
    parts: { store: Store; source: Source; complaints: Complaints; announce: Announce },
    moved: (device: string) => void,
    stale: () => void,
  ) {
    this.#store = parts.store;
    this.#heads = new Heads(parts.store, moved, stale);
    this.#states = new States(parts.store, moved, stale);
    this.#entries = new Entries(parts.store);
    this.#device = new DeviceSettling({ ...parts, heads: this.#heads, states: this.#states, entries: this.#entries });
  }

  /** Sees afresh what is in the store; makes what is missing. */
  async look(): Promise<void> {
    await this.#store.ensure();
    await Promise.all([this.#heads.look(), this.#states.look(), this.#entries.look()]);
  }

  /**
   * Settles these devices, many at once.
   *
   * @param final false: what another watcher published is looked at again after the source was
   * @returns those that are not settled yet
   */
  async settle(
    snapshot: Usable,
    devices: Iterable<string>,
    noticedMs: ReadonlyMap<string, number>,
    final: boolean,
  ): Promise<{ again: string[]; overtaken: string[] }> {
    const left = { again: [] as string[], overtaken: [] as string[] };
    const queue = new Set(devices)[Symbol.iterator]();
    const failures: unknown[] = [];
    const work = async () => {
      for (const device of queue) {
        if (failures.length > failuresAtOnce) return; // not one device, but the connection
        try {
          const settled = await this.#device.settle(snapshot, device, noticedMs.get(device), final);
          if (settled !== 'done') left[settled].push(device);
        } catch (error) {
          failures.push(error);
        }
      }
    };
    // all of them end before the next pass begins: none may publish an older snapshot after it
    await Promise.all(Array.from({ length: atOnce }, work));
    if (failures.length > 0) throw failures[0];
    return left;
  }

  /** Takes entries away that belong to no device of the inventory: all on the first call, then those of ours. */
  async sweep({ devices }: Inventory): Promise<void> {
    for (const device of [...this.#entries.devices()]) {
      if (devices.has(device) || (this.#looked && !this.#device.everKnown.has(device))) continue;
      await this.#device.remove(device);
    }
    this.#looked = true;
  }

  stop(): void {
    this.#heads.stop();
    this.#states.stop();
  }
}
