import type { PlumbError } from '../core/errors.ts';
import type { Inventory } from '../core/inventory/schema.ts';

/** The final content of one device's file. */
export type Text = {
  readonly kind: 'text';
  /** Relative to the repository, with slashes. */
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly commit?: string;
  readonly author?: string;
  /** Why there is no newer text: this one is the last good one. */
  readonly problem?: PlumbError;
  /** The bytes that `sha256` names; undefined where they are gone, and a newer snapshot is on its way. */
  read(): Promise<Uint8Array | undefined>;
};

/** A file that cannot be an intent; what was published of this device before stays. */
type Refused = { readonly kind: 'refused'; readonly path: string; readonly problem: PlumbError };

export type Item = Text | Refused;

/** Everything that a source holds at one moment. */
export type Snapshot = {
  /** The last good one; undefined: there was none yet, and nothing can be published. */
  readonly inventory: Inventory | undefined;
  /** By device. A device of the inventory that is not in it has no file. */
  readonly items: ReadonlyMap<string, Item>;
  /** Devices whose item differs from the snapshot before; the inventory may have changed besides. */
  readonly changed: ReadonlySet<string>;
  /** What is wrong with the source but belongs to no device, by what it is about. */
  readonly problems: ReadonlyMap<string, PlumbError>;
};

/** Where intents come from. Iterate it once; a snapshot that nobody has taken yet is merged into the next one. */
export interface Source extends AsyncIterable<Snapshot>, AsyncDisposable {
  /** For messages: "commits on main of /srv/net". */
  readonly name: string;
  /** false: there may be newer content that the source could not look at. */
  readonly current: boolean;
  /** The last good one. @throws PlumbError why there is none yet: `invalid_inventory`, `source_failed` */
  inventory(): Inventory;
  /** Looks afresh without waiting for an event; a snapshot follows if there is anything new. */
  refresh(): Promise<void>;
  /** Whether what the source holds comes after this commit; false where that cannot be told. */
  isAfter(commit: string): Promise<boolean>;
}

const merged = (older: Snapshot, newer: Snapshot): Snapshot => ({
  ...newer,
  changed: new Set([...older.changed, ...newer.changed]),
});

/** Hands out the newest snapshot, once; a slow reader skips what was overtaken. */
export class Snapshots implements AsyncIterable<Snapshot> {
  #waiting: Snapshot | undefined;
  #failure: { error: unknown } | undefined;
  #ended = false;
  #wake = () => {};

  put(snapshot: Snapshot): void {
    this.#waiting = this.#waiting ? merged(this.#waiting, snapshot) : snapshot;
    this.#wake();
  }

  /** Ends the iteration with a bug. */
  fail(error: unknown): void {
    this.#failure = { error };
    this.#wake();
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Snapshot> {
    while (!this.#ended) {
      if (this.#failure) throw this.#failure.error;
      const snapshot = this.#waiting;
      this.#waiting = undefined;
      if (snapshot) yield snapshot;
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
    }
  }
}
