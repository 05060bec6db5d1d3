import { InventoryEntry } from '../../core/bus.ts';
import { getRecord } from '../../core/store/records.ts';
import type { Source } from '../../core/wanted/held.ts';
import type { DeviceContext } from '../holding/device-context.ts';
import { underPolicyOf } from './policy.ts';

/** What the source says of one device, as it was read last. */
export class SourceEntry {
  readonly #context: () => DeviceContext;
  /** undefined: it is not known. */
  value: InventoryEntry | undefined;

  constructor(context: () => DeviceContext) {
    this.#context = context;
  }

  /** What the source holds, as it is right now. */
  async read(): Promise<Source> {
    const { store, device } = this.#context();
    this.value = (await getRecord(store.inventory, InventoryEntry, device.name))?.value;
    return this.value && (this.value.intended?.sha256 ?? null);
  }

  /** The device under our policy, and that which was published with the text: what both allow. */
  get context(): DeviceContext {
    return underPolicyOf(this.#context(), this.value);
  }
}
