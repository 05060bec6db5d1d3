import { Readable } from 'node:stream';
import type { InventoryEntry } from '../../core/bus.ts';

/** Who does not read for so long that this much waits for him is dropped: he comes again and says where he was. */
const maxWaitingBytes = 1024 * 1024;

/** What is told of a device or of a job of it; `entry`: of the device, undefined: the inventory has it no more. */
export type Telling = {
  name: 'device' | 'job' | 'removed';
  device: string;
  entry: InventoryEntry | undefined;
  data: string;
};

/** A server-sent event; the data is one line. */
export const eventText = (name: string, data: string, id?: string): string =>
  `event: ${name}\n${id === undefined ? '' : `id: ${id}\n`}data: ${data}\n\n`;

/** Tells all of them; who breaks off in between goes on from where he was before, so only the last one has the new id. */
export const tellingsText = (tellings: readonly Telling[], before: string, id: string): string =>
  tellings.map(({ name, data }, at) => eventText(name, data, at === tellings.length - 1 ? id : before)).join('');

/** One connection that hears events. */
export class Listener {
  readonly stream = new Readable({ read: () => {} });
  readonly #wants: ((entry: InventoryEntry) => boolean) | undefined;
  /** The devices that it was told of, where it does not hear of all. */
  readonly #shown: Set<string>;

  /** @param wants undefined: it hears of all devices; `entries`: those that there are */
  constructor(wants: ((entry: InventoryEntry) => boolean) | undefined, entries: readonly InventoryEntry[]) {
    this.#wants = wants;
    this.#shown = new Set(wants ? entries.filter(wants).map(({ device }) => device) : []);
  }

  get hearsAll(): boolean {
    return this.#wants === undefined;
  }

  /** What of it is this one's to hear: a device that it must see no more is removed from there. */
  pick(tellings: readonly Telling[]): Telling[] {
    const wants = this.#wants;
    if (!wants) return [...tellings];
    return tellings.flatMap((telling): Telling[] => {
      const { name, device, entry } = telling;
      if (entry && wants(entry)) {
        this.#shown.add(device);
        return [telling];
      }
      const wasShown = this.#shown.has(device);
      if (name === 'job' || !wasShown) return [];
      if (name === 'device' || entry === undefined) this.#shown.delete(device);
      return [name === 'device' ? { ...telling, name: 'removed', data: JSON.stringify({ device }) } : telling];
    });
  }

  send(text: string): void {
    if (text === '' || this.stream.destroyed || this.stream.readableEnded) return;
    this.stream.push(text);
    if (this.stream.readableLength > maxWaitingBytes) this.stream.destroy();
  }

  end(): void {
    if (!this.stream.destroyed) this.stream.push(null);
  }
}
