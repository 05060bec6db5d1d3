import { defined } from '../../core/defined.ts';
import { explain, isOutcome, PlumbError } from '../../core/errors.ts';
import type { IntentMeta } from '../../core/intent/meta.ts';
import type { Device, Inventory } from '../../core/inventory/schema.ts';
import { publishIntent } from '../../core/store/intents.ts';
import type { Store } from '../../core/store/store.ts';
import type { Announce } from '../events.ts';
import { configsFolder } from '../file-names.ts';
import type { Snapshot, Source, Text } from '../source.ts';
import type { Complaints } from './complaints.ts';
import { type Entries, problemOf, publicEntry } from './entries.ts';
import type { Heads } from './heads.ts';
import { QueuedJobs } from './queued-jobs.ts';
import type { States } from './states.ts';
import { type Head, whatWins } from './what-wins.ts';

const conflictTries = 5;

/** A snapshot with the inventory that publishing needs. */
export type Usable = Snapshot & { inventory: Inventory };

/** What became of one device: `again` needs another try, `overtaken` a look at the source first. */
type Settled = 'done' | 'again' | 'overtaken';

type Parts = {
  store: Store;
  source: Source;
  complaints: Complaints;
  announce: Announce;
  heads: Heads;
  states: States;
  entries: Entries;
};

/** Brings one device after the other to what the source holds; remembers what was settled before. */
export class DeviceSettling {
  /** Devices that were in the inventory while we looked: their entries are ours to remove. */
  readonly everKnown = new Set<string>();
  readonly #store: Store;
  readonly #source: Source;
  readonly #complaints: Complaints;
  readonly #announce: Announce;
  readonly #heads: Heads;
  readonly #states: States;
  readonly #entries: Entries;
  readonly #agreed = new Map<string, string>();
  readonly #held = new Map<string, string>();
  readonly #jobs: QueuedJobs;

  constructor(parts: Parts) {
    this.#store = parts.store;
    this.#source = parts.source;
    this.#complaints = parts.complaints;
    this.#announce = parts.announce;
    this.#heads = parts.heads;
    this.#states = parts.states;
    this.#entries = parts.entries;
    this.#jobs = new QueuedJobs(parts);
  }

  /**
   * @param noticedMs when the change was noticed, by `performance.now()`; undefined where it is found by comparing
   * @param final false: what another watcher published is not judged before the source was looked at again
   */
  async settle(snapshot: Usable, name: string, noticedMs: number | undefined, final: boolean): Promise<Settled> {
    const device = snapshot.inventory.devices.get(name);
    const item = snapshot.items.get(name);
    if (!device) {
      if (this.everKnown.has(name)) await this.remove(name);
      return 'done'; // a file of it is named among the complaints
    }
    this.everKnown.add(name);
    const recorded = this.#entries.intended(name);
    if (item?.kind !== 'text') {
      // what cannot be read leaves what was recorded; only a file that is gone makes the device unmanaged
      const gone = !item && !snapshot.problems.has(configsFolder);
      await this.#entries.put(publicEntry(device, gone ? null : (recorded ?? null), problemOf(item)));
      if (gone) await this.#jobs.end(name, 'the source has dropped it');
      return 'done';
    }
    for (let tries = 0; tries < conflictTries; tries++) {
      const head = tries === 0 ? await this.#heads.of(name) : await this.#heads.fetch(name);
      const agreed = this.#agreed.get(name);
      const view = {
        content: item.sha256,
        head,
        recorded: recorded === null ? null : recorded?.sha256,
        agreed,
        seen: this.#heads.seen(name),
        ...this.#states.of(name),
      };
      let decision = whatWins(view);
      if (decision === 'overtaken' && !final) return 'overtaken';
      if (decision === 'overtaken' && head?.commit && (await this.#source.isAfter(head.commit))) decision = 'publish';
      switch (decision) {
        case 'agree':
          this.#agreed.set(name, item.sha256);
          await this.#entries.record(device, item);
          return this.#done(name);
        case 'hold':
          await this.#hold(device, item, head);
          return this.#done(name);
        case 'overtaken':
          this.#sayHeld(name, head, 'another watcher published other content; this one waits for its own to change');
          return this.#done(name);
        case 'publish': {
          const published = await this.#publish(device, item, head, noticedMs);
          if (published === 'conflict') continue;
          return published;
        }
        default:
          return decision satisfies never;
      }
    }
    return 'again';
  }

  /** The device is no longer in the inventory; its jobs end first, since without its entry nobody looks for them again. */
  async remove(name: string): Promise<void> {
    await this.#jobs.removed(name, this.#states.of(name).tried?.job);
    await this.#entries.remove(name);
    this.everKnown.delete(name);
  }

  async #publish(
    device: Device,
    item: Text,
    head: Head | undefined,
    noticedMs: number | undefined,
  ): Promise<Settled | 'conflict'> {
    const { name } = device;
    const { path, commit, author } = item;
    const body = await this.#read(name, item);
    if (!body) return 'again';
    const from = { source: path, ...defined({ commit, author }) };
    const job = await this.#jobs.queue(name, item.sha256, { ...from, ...defined({ replaces: head?.job }) });
    const meta: IntentMeta = { ...from, fromSource: true, job: job.id };
    let seq: number;
    let sha256: string;
    const recorded = this.#entries.intended(name);
    // whoever begins the text finds the policy that came with it
    if (recorded !== undefined) await this.#entries.put(publicEntry(device, recorded, problemOf(item)));
    try {
      ({ seq, sha256 } = await publishIntent(this.#store, name, body, meta, head?.seq ?? 0));
    } catch (error) {
      if (isOutcome(error, 'conflict')) return 'conflict';
      throw error;
    }
    this.#jobs.published(name);
    this.#heads.published(name, seq, sha256, job);
    this.#agreed.set(name, sha256);
    this.#held.delete(name);
    const elapsedMs = noticedMs === undefined ? undefined : performance.now() - noticedMs;
    this.#announce({ kind: 'published', device: name, path, sha256, commit, author, elapsedMs });
    await this.#entries.record(device, item);
    return 'done';
  }

  async #read(device: string, item: Text): Promise<Uint8Array | undefined> {
    try {
      return await item.read();
    } catch (error) {
      const problem =
        error instanceof PlumbError
          ? error
          : new PlumbError('source_failed', `${item.path}: cannot be read: ${explain(error)}`, { cause: error });
      this.#complaints.tell(item.path, problem, device);
      return undefined;
    }
  }

  async #hold(device: Device, item: Text, head: Head | undefined): Promise<void> {
    this.#agreed.set(device.name, item.sha256);
    await this.#entries.keep(device, item);
    const how = `\`plumb resume ${device.name}\``;
    this.#sayHeld(
      device.name,
      head,
      `a text published by hand stays until ${item.path} changes or someone says ${how}`,
    );
  }

  #sayHeld(device: string, head: Head | undefined, detail: string): void {
    const by = head?.sha256 ?? '';
    if (this.#held.get(device) === by) return;
    this.#held.set(device, by);
    this.#announce({ kind: 'held', device, detail });
  }

  async #done(device: string): Promise<Settled> {
    await this.#jobs.end(device);
    this.#heads.settled(device);
    return 'done';
  }
}
