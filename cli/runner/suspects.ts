/** Once may be chance, since other devices were talked to as well. */
const incidents = 2;

/**
 * Which devices processes were talking to when they had to be killed: one that was there each time is left alone for a
 * while, so that it does not take down one process after another.
 */
export class Suspects {
  readonly #times = new Map<string, number[]>();
  readonly #avoidMs: number;

  /** @param avoidMs how long a device is suspected, and left alone */
  constructor(avoidMs: number) {
    this.#avoidMs = avoidMs;
  }

  /** A process was killed while it talked to these. */
  add(devices: Iterable<string>, nowMs: number): void {
    for (const device of devices) this.#times.set(device, [...this.#recent(device, nowMs), nowMs]);
  }

  /** Those that are to be left alone. */
  avoided(nowMs: number): string[] {
    return [...this.#times.keys()].filter((device) => this.#recent(device, nowMs).length >= incidents).sort();
  }

  #recent(device: string, nowMs: number): number[] {
    return (this.#times.get(device) ?? []).filter((ms) => nowMs - ms < this.#avoidMs);
  }
}
