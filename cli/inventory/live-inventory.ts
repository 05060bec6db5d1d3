import { setInterval, setTimeout as wait } from 'node:timers/promises';
import { explain } from '../../core/errors.ts';
import type { Inventory } from '../../core/inventory/schema.ts';
import type { Log } from '../../core/log.ts';
import { oneAtATime } from '../../core/one-at-a-time.ts';

type From = {
  /** The name of the source in messages. */
  path: string;
  /** Changes whenever the source has changed; cheap. */
  print: () => Promise<string>;
  load: () => Promise<Inventory>;
  log: Pick<Log, 'info' | 'error'>;
};

/** How long a writer may take to finish writing. */
const quietMs = 100;
const pollMs = 1_000;

/**
 * An inventory that changes: read again when it has changed; an invalid one is reported, and the last good one stays.
 */
export class LiveInventory {
  readonly #from: From;
  #value: Inventory;
  #print = '';
  readonly #inTurn = oneAtATime();

  constructor(from: From, first: Inventory) {
    this.#from = from;
    this.#value = first;
  }

  /** As it is right now. */
  now(): Promise<Inventory> {
    return this.#inTurn(() => this.#look());
  }

  /** Hands on each one that is found, until the signal aborts. */
  async follow(changed: (inventory: Inventory) => void, signal: AbortSignal): Promise<void> {
    let before = this.#value;
    const ticks = setInterval(pollMs, undefined, { signal, ref: false });
    try {
      for await (const _ of ticks) {
        const now = await this.now();
        if (now !== before && !signal.aborted) changed(now);
        before = now;
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  async #look(): Promise<Inventory> {
    const { path, load, log } = this.#from;
    const print = await this.#stable();
    if (print === this.#print) return this.#value;
    try {
      const first = this.#print === '';
      this.#print = print;
      this.#value = await load();
      if (!first) log.info(`${path}: loaded`);
    } catch (error) {
      log.error(`${path}: not loaded, the last good one stays in use: ${explain(error)}`);
    }
    return this.#value;
  }

  /** Just after a change, someone may still be writing: half an inventory may be a valid one. */
  async #stable(): Promise<string> {
    const { print } = this.#from;
    const told = () => print().catch((error: unknown) => explain(error));
    let last = await told();
    while (last !== this.#print && this.#print !== '') {
      await wait(quietMs);
      const now = await told();
      if (now === last) break;
      last = now;
    }
    return last;
  }
}
