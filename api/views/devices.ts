import { DeviceState, InventoryEntry, Lease } from '../../core/bus.ts';
import { Mirror } from '../../core/store/mirror/mirror.ts';
import { type Change, mirrorOf } from '../../core/store/mirror/mirrored.ts';
import { parseRecord } from '../../core/store/records.ts';
import type { Store } from '../../core/store/store.ts';
import { ageOf, type StillView, toView } from './device-view.ts';

/** A device that may have changed, or all of them. */
export type DeviceNews = (device: string | undefined) => void;

const isSameLease = (one: Lease, other: Lease): boolean => one.runner === other.runner && one.epoch === other.epoch;

/** All devices of the inventory as they are, from what NATS tells. */
export class Devices {
  readonly inventory: Mirror<InventoryEntry>;
  readonly state: Mirror<DeviceState>;
  readonly lease: Mirror<Lease>;
  readonly #news: DeviceNews;
  #version = 0;
  /** In the order of their names; made when it is asked for. */
  #sorted: InventoryEntry[] | undefined;
  /** Views as JSON without the end, where the age of the state is put. */
  readonly #texts = new Map<string, string>();

  /** @param news called after each change */
  constructor(store: Store, news: DeviceNews) {
    this.#news = news;
    const mirror = <T>(what: Parameters<typeof mirrorOf>[1], more: Parameters<typeof mirrorOf<T>>[2]) =>
      new Mirror<T>(store, mirrorOf(store.site, what, more), (change) => this.#changed(change, what));
    this.inventory = mirror('inventory', { parse: (data) => parseRecord(InventoryEntry, data) });
    this.state = mirror('state', { parse: (data) => parseRecord(DeviceState, data) });
    this.lease = mirror('lease', { parse: (data) => parseRecord(Lease, data), same: isSameLease });
  }

  get mirrors(): readonly [Mirror<InventoryEntry>, Mirror<DeviceState>, Mirror<Lease>] {
    return [this.inventory, this.state, this.lease];
  }

  /** Another one after each change; of this process alone. */
  get version(): number {
    return this.#version;
  }

  /** The inventory, in the order of the names. */
  entries(): readonly InventoryEntry[] {
    this.#sorted ??= [...this.inventory.values()].sort((a, b) => (a.device < b.device ? -1 : 1));
    return this.#sorted;
  }

  view({ device }: Pick<InventoryEntry, 'device'>): StillView | undefined {
    const entry = this.inventory.get(device);
    return entry && toView(entry, this.state.get(device), this.lease.get(device));
  }

  /** A device of the inventory as JSON. */
  text(entry: InventoryEntry, nowMs = Date.now()): string {
    const { device } = entry;
    const state = this.state.get(device);
    let text = this.#texts.get(device);
    if (text === undefined) {
      text = JSON.stringify(toView(entry, state, this.lease.get(device))).slice(0, -1);
      this.#texts.set(device, text);
    }
    return `${text},"ageSeconds":${ageOf(state, nowMs)}}`;
  }

  #changed(change: Change<unknown>, what: 'inventory' | 'state' | 'lease'): void {
    this.#version += 1;
    if (what === 'inventory') this.#sorted = undefined;
    if (change.kind === 'read') this.#texts.clear();
    else this.#texts.delete(change.key);
    this.#news(change.kind === 'read' ? undefined : change.key);
  }
}
