import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import { PlumbError } from '../../core/errors.ts';
import type { Store } from '../../core/store/store.ts';
import type { Announce } from '../events.ts';
import type { Snapshot, Source } from '../source.ts';
import { Complaints, storeProblem } from './complaints.ts';
import type { Usable } from './one-device.ts';
import { Publisher } from './publish.ts';

/** After NATS failed, or a file was not what it was a moment ago. */
const retryMs = 1_000;
/** How long a device that another watcher published for waits for a look at the source. */
const refreshMs = 5_000;

/** A request that waits for a server that is gone must not hold up the end. */
const stopMs = 2_000;

const isUsable = (snapshot: Snapshot | undefined): snapshot is Usable => snapshot?.inventory !== undefined;

/** Takes what a source holds to the store: what changed at once, everything on each look. */
export class Work {
  readonly #store: Store;
  readonly #source: Source;
  readonly #announce: Announce;
  readonly #reconcileMs: number;
  readonly #signal: AbortSignal;
  readonly #caughtUp: () => void;
  readonly #complaints: Complaints;
  readonly #publisher: Publisher;
  readonly #dirty = new Set<string>();
  readonly #noticedMs = new Map<string, number>();
  #snapshot: Snapshot | undefined;
  #connected = true;
  #lookAt = 0;
  #wake = () => {};

  /** @param caughtUp called after each look at everything */
  constructor(
    parts: { store: Store; source: Source; announce: Announce; reconcileMs: number; signal: AbortSignal },
    caughtUp: () => void,
  ) {
    this.#store = parts.store;
    this.#source = parts.source;
    this.#announce = parts.announce;
    this.#reconcileMs = parts.reconcileMs;
    this.#signal = parts.signal;
    this.#caughtUp = caughtUp;
    this.#complaints = new Complaints(parts.announce);
    const moved = (device: string) => {
      this.#dirty.add(device);
      this.#wake();
    };
    this.#publisher = new Publisher({ ...parts, complaints: this.#complaints }, moved, () => this.#lookNow());
  }

  /** Works until the signal aborts. @throws PlumbError `nats_unavailable` when the connection is closed for good */
  async run(): Promise<void> {
    const stopped = new Promise<void>((resolve) => {
      if (this.#signal.aborted) resolve();
      this.#signal.addEventListener('abort', () => resolve(), { once: true });
    });
    const closed = this.#store.nc.closed().then((cause) => {
      if (this.#signal.aborted) return;
      throw new PlumbError('nats_unavailable', 'the connection to NATS was closed', cause ? { cause } : {});
    });
    void this.#followConnection();
    const publishing = this.#publish();
    try {
      await Promise.race([stopped, closed, this.#takeSnapshots(), this.#keepLooking(), publishing]);
    } finally {
      this.#publisher.stop();
      this.#wake();
      if (this.#signal.aborted) await Promise.race([publishing, wait(stopMs, undefined, { ref: false })]);
    }
  }

  async #takeSnapshots(): Promise<void> {
    for await (const snapshot of this.#source) {
      const before = this.#snapshot;
      this.#snapshot = snapshot;
      this.#complaints.ofSnapshot(snapshot);
      for (const device of snapshot.changed) {
        this.#dirty.add(device);
        if (before) this.#notice(device, before, snapshot);
      }
      if (before?.inventory !== snapshot.inventory) {
        for (const device of before?.inventory?.devices.keys() ?? []) this.#dirty.add(device);
        for (const device of snapshot.inventory?.devices.keys() ?? []) this.#dirty.add(device);
      }
      this.#wake();
    }
  }

  #notice(device: string, before: Snapshot, { items, inventory }: Snapshot): void {
    const item = items.get(device);
    const old = before.items.get(device);
    if (inventory && !inventory.devices.has(device)) return; // its complaint says so
    if (!item && old && inventory) this.#announce({ kind: 'unmanaged', device });
    if (item?.kind !== 'text' || (old?.kind === 'text' && old.sha256 === item.sha256)) return;
    this.#noticedMs.set(device, performance.now());
    this.#announce({ kind: 'noticed', device, path: item.path, commit: item.commit, author: item.author });
  }

  async #publish(): Promise<void> {
    while (!this.#signal.aborted) {
      const restMs = Math.max(0, this.#lookAt - performance.now());
      const able = this.#connected && isUsable(this.#snapshot);
      if (!able || !isUsable(this.#snapshot) || (this.#dirty.size === 0 && restMs > 0)) {
        await this.#rest(able ? restMs : undefined);
        continue;
      }
      try {
        await this.#pass(this.#snapshot);
        this.#complaints.solved('nats');
      } catch (error) {
        if (this.#signal.aborted) return;
        this.#complaints.tell('nats', storeProblem(this.#store, error));
        this.#lookAt = 0;
        if (this.#connected) await this.#rest(retryMs);
      }
    }
  }

  async #pass(snapshot: Usable): Promise<void> {
    const looking = performance.now() >= this.#lookAt;
    if (looking) {
      this.#lookAt = performance.now() + this.#reconcileMs;
      await this.#publisher.look();
      await this.#publisher.sweep(snapshot.inventory);
      for (const device of snapshot.inventory.devices.keys()) this.#dirty.add(device);
    }
    const devices = [...this.#dirty];
    this.#dirty.clear();
    const { again, overtaken } = await this.#publisher.settle(snapshot, devices, this.#noticedMs, false);
    if (overtaken.length > 0) {
      await Promise.race([this.#source.refresh(), wait(refreshMs, undefined, { ref: false })]);
      await turn(); // what it found is the snapshot now
      const newest = isUsable(this.#snapshot) ? this.#snapshot : snapshot;
      again.push(...(await this.#publisher.settle(newest, overtaken, this.#noticedMs, true)).again);
    }
    for (const device of devices) this.#noticedMs.delete(device);
    if (again.length > 0) void this.#later(again);
    if (looking) this.#caughtUp();
  }

  async #later(devices: readonly string[]): Promise<void> {
    await wait(retryMs, undefined, { ref: false });
    for (const device of devices) this.#dirty.add(device);
    this.#wake();
  }

  /** @param ms undefined: until woken */
  async #rest(ms: number | undefined): Promise<void> {
    const woken = new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    if (ms === undefined) return woken;
    const over = new AbortController();
    await Promise.race([woken, wait(ms, undefined, { signal: over.signal }).catch(() => {})]);
    over.abort();
  }

  #lookNow(): void {
    this.#lookAt = 0;
    this.#wake();
  }

  /** A lost event of a file shows only by looking. */
  async #keepLooking(): Promise<void> {
    while (!this.#signal.aborted) {
      await wait(this.#reconcileMs, undefined, { signal: this.#signal }).catch(() => {});
      if (!this.#signal.aborted) await this.#source.refresh();
    }
  }

  async #followConnection(): Promise<void> {
    for await (const { type } of this.#store.nc.status()) {
      if (this.#signal.aborted) return;
      if (type === 'disconnect') {
        this.#connected = false; // a request would only wait for its timeout
        this.#complaints.tell('nats', storeProblem(this.#store, 'not connected'));
      }
      if (type === 'reconnect') {
        this.#connected = true;
        this.#lookNow();
      }
    }
  }
}
