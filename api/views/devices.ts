import { DeviceState, InventoryEntry } from '../../core/bus.ts';
import { HoldersView } from '../../core/store/leases/holders-view.ts';
import { Mirror } from '../../core/store/mirror/mirror.ts';
import { type Change, mirrorOf } from '../../core/store/mirror/mirrored.ts';
import { parseRecord } from '../../core/store/records.ts';
import type { Store } from '../../core/store/store.ts';
import { ageOf, type StillView, toView } from './device-view.ts';

/** A device that may have changed, or all of them. */
type DeviceNews = (device: string | undefined) => void;

/** Answers that are asked for again and again are of few kinds. */
const mostWays = 6;

/** All devices of the inventory as they are, from what NATS tells. */
export class Devices {
  readonly inventory: Mirror<InventoryEntry>;
  readonly state: Mirror<DeviceState>;
  readonly lease: HoldersView;
  readonly #news: DeviceNews;
  #version = 0;
  /** In the order of their names; made when it is asked for. */
  #sorted: InventoryEntry[] | undefined;
  /** Of each way in which views are asked for the JSON of each device. */
  readonly #texts = new Map<string, Map<string, string>>();

  /** @param news called after each change */
  constructor(store: Store, news: DeviceNews) {
    this.#news = news;
    const mirror = <T>(what: Parameters<typeof mirrorOf>[1], more: Parameters<typeof mirrorOf<T>>[2]) =>
      new Mirror<T>(store, mirrorOf(store.site, what, more), (change) => this.#changed(change, what));
    this.inventory = mirror('inventory', { parse: (data) => parseRecord(InventoryEntry, data) });
    this.state = mirror('state', { parse: (data) => parseRecord(DeviceState, data) });
    this.lease = new HoldersView(store, (change) => this.#changed(change, 'lease'));
  }

  get mirrors(): readonly [Mirror<InventoryEntry>, Mirror<DeviceState>, HoldersView] {
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
  text(entry: InventoryEntry): string {
    const still = this.#text(entry, '', (view) => view).slice(0, -1);
    return `${still},"ageSeconds":${ageOf(this.state.get(entry.device))}}`;
  }

  /**
   * Some fields of a device as JSON.
   *
   * @param fields as the caller named them
   * @param pick what they leave of a view
   */
  part(entry: InventoryEntry, fields: string, pick: (view: object) => object): string {
    if (!fields.includes('ageSeconds')) return this.#text(entry, fields, pick);
    return JSON.stringify(pick({ ...this.view(entry), ageSeconds: ageOf(this.state.get(entry.device)) }));
  }

  #text(entry: InventoryEntry, way: string, pick: (view: StillView) => object): string {
    const { device } = entry;
    const texts = this.#texts.get(way) ?? new Map<string, string>();
    this.#texts.delete(way);
    this.#texts.set(way, texts); // the latest last
    const [oldest = ''] = this.#texts.size > mostWays ? this.#texts.keys() : [];
    if (oldest !== '') this.#texts.delete(oldest);
    const found = texts.get(device);
    if (found !== undefined) return found;
    const text = JSON.stringify(pick(toView(entry, this.state.get(device), this.lease.get(device))));
    texts.set(device, text);
    return text;
  }

  #changed(change: Change<unknown>, what: 'inventory' | 'state' | 'lease'): void {
    this.#version += 1;
    if (what === 'inventory') this.#sorted = undefined;
    if (change.kind === 'read') this.#texts.clear();
    else for (const texts of this.#texts.values()) texts.delete(change.key);
    this.#news(change.kind === 'read' ? undefined : change.key);
  }
}
