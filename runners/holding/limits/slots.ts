import { type Limit, letGo, limitText } from './limit.ts';

/** A slot that was kept for a device which does not come for it goes to the next. */
const keptMs = 30_000;

/** Deployments at once. A device that gets no slot is woken when there is one, which is kept for it meanwhile. */
export class Slots {
  readonly #limitsOf: (device: string) => readonly Limit[];
  readonly #wake: (device: string) => void;
  readonly #waiting = new Set<string>();
  /** The limits that each device with a slot counts for. */
  readonly #taken = new Map<string, readonly Limit[]>();
  readonly #count = new Map<string, number>();
  /** Kept for those that were woken and have not come yet. */
  readonly #kept = new Map<string, NodeJS.Timeout>();

  constructor(limitsOf: (device: string) => readonly Limit[], wake: (device: string) => void) {
    this.#limitsOf = limitsOf;
    this.#wake = wake;
  }

  /** @returns why the device must wait; '' where it has a slot, until it gives it back */
  take(device: string): string {
    if (!this.#taken.has(device)) {
      this.#waiting.add(device);
      this.#look(device);
    }
    if (this.#taken.has(device)) {
      clearTimeout(this.#kept.get(device));
      this.#kept.delete(device);
      return '';
    }
    const full = this.#limitsOf(device).find((limit) => !this.#hasRoom(limit));
    return `waiting for a free slot${full ? ` (${limitText(full)})` : ''}`;
  }

  /** It needs none any more, whether it has one, waits for one, or neither. */
  giveBack(device: string): void {
    this.#waiting.delete(device);
    clearTimeout(this.#kept.get(device));
    this.#kept.delete(device);
    for (const { of } of this.#taken.get(device) ?? []) this.#count.set(of, (this.#count.get(of) ?? 1) - 1);
    if (this.#taken.delete(device)) this.#look();
  }

  #hasRoom({ of, share }: Limit): boolean {
    return (this.#count.get(of) ?? 0) < share;
  }

  /** @param asks the one that is here and need not be woken */
  #look(asks?: string): void {
    letGo(
      this.#waiting,
      this.#limitsOf,
      (limit) => this.#hasRoom(limit),
      (device, limits) => {
        this.#taken.set(device, limits);
        for (const { of } of limits) this.#count.set(of, (this.#count.get(of) ?? 0) + 1);
        if (device === asks) return;
        this.#kept.set(device, setTimeout(() => this.giveBack(device), keptMs).unref());
        this.#wake(device);
      },
    );
  }
}
