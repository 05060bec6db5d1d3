import { InventoryEntry } from '../../core/bus.ts';
import { defined } from '../../core/defined.ts';
import { explain } from '../../core/errors.ts';
import type { Device } from '../../core/inventory/schema.ts';
import { labelsOf } from '../../core/inventory/select/labels.ts';
import { listStored, putRecord } from '../../core/store/records.ts';
import type { Store } from '../../core/store/store.ts';
import type { Item, Text } from '../source.ts';

type Intended = NonNullable<InventoryEntry['intended']>;

/** What everyone may know of a device, from its inventory entry. Never a secret. */
export const publicEntry = (device: Device, intended: Intended | null, problem: string | undefined): InventoryEntry => {
  const { name, host, platform, groups, policy } = device;
  const entry = { device: name, host, platform, groups: [...groups], labels: labelsOf(device), policy, intended };
  return problem === undefined ? entry : { ...entry, problem };
};

const intendedOf = ({ sha256, path, commit }: Text): Intended => ({ sha256, path, ...defined({ commit }) });

/** Why the device's newest text is not what is published, in a line. */
export const problemOf = (item: Item | undefined): string | undefined => item?.problem && explain(item.problem);

/** The site's inventory bucket, as this watcher keeps it. */
export class Entries {
  readonly #store: Store;
  #found = new Map<string, { text: string; value: InventoryEntry; revision: number }>();
  readonly #wrote = new Map<string, { text: string; revision: number }>();

  constructor(store: Store) {
    this.#store = store;
  }

  async look(): Promise<void> {
    const found = await listStored(this.#store.inventory, InventoryEntry);
    this.#found = new Map(
      [...found].map(([device, { value, revision }]) => [device, { text: JSON.stringify(value), value, revision }]),
    );
    for (const [device, { revision }] of this.#wrote) {
      const now = this.#found.get(device);
      if (!now || now.revision < revision) this.#wrote.delete(device); // deleted, or a restored bucket
    }
  }

  /** What was last recorded as the source's text of this device. */
  intended(device: string): Intended | null | undefined {
    return this.#found.get(device)?.value.intended;
  }

  devices(): Iterable<string> {
    return this.#found.keys();
  }

  /** The stream holds this text now. A crash before this is healed by the next look, which finds that both agree. */
  async record(device: Device, item: Text): Promise<void> {
    const recorded = this.intended(device.name);
    // also where the commit is another; a text that was adopted or published by hand gets the one that took it up
    const same = recorded?.sha256 === item.sha256 && recorded.path === item.path && (recorded.commit || !item.commit);
    await this.put(publicEntry(device, same ? recorded : intendedOf(item), problemOf(item)));
  }

  /** The stream holds something else, on purpose. */
  async keep(device: Device, item: Text): Promise<void> {
    const recorded = this.intended(device.name);
    await this.put(publicEntry(device, recorded ?? intendedOf(item), problemOf(item)));
  }

  /** Writes the entry where it differs; one that another watcher wrote after ours is left to it. */
  async put(entry: InventoryEntry): Promise<void> {
    const text = JSON.stringify(entry);
    const found = this.#found.get(entry.device);
    if (found?.text === text) return;
    const wrote = this.#wrote.get(entry.device);
    if (wrote && found && wrote.text === text && found.revision > wrote.revision) return;
    const revision = await putRecord(this.#store.inventory, entry.device, entry);
    this.#found.set(entry.device, { text, value: entry, revision });
    this.#wrote.set(entry.device, { text, revision });
  }

  /** The device is no longer in the inventory. */
  async remove(device: string): Promise<void> {
    if (!this.#found.has(device)) return;
    await this.#store.inventory.delete(device);
    this.#found.delete(device);
    this.#wrote.delete(device);
  }
}
