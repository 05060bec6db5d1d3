import { deviceOf, type Job, streams, subjects } from '../../core/bus.ts';
import { follow, type Stored } from '../../core/store/follow.ts';
import { fetchMessage } from '../../core/store/intents.ts';
import { jobOf } from '../../core/store/publish.ts';
import type { Store } from '../../core/store/store.ts';
import { listen } from './listen.ts';
import type { Head } from './what-wins.ts';

/** How many texts are fetched side by side. */
const together = 64;

/** `sha256`: undefined until the text was looked at. */
type Known = Omit<Head, 'sha256'> & { sha256: string | undefined };

/**
 * The newest message of each device, kept up to date by what the stream tells. What counts is the text, never what its
 * headers claim; it is fetched once, as long as every message was heard of.
 */
export class Heads {
  readonly #store: Store;
  readonly #moved: (device: string) => void;
  readonly #stale: () => void;
  readonly #stop = new AbortController();
  readonly #known = new Map<string, Known>();
  readonly #seen = new Map<string, Pick<Head, 'stream' | 'seq' | 'at'>>();
  #listening: Promise<void> | undefined;
  #stream = '';
  /** All messages up to this sequence were heard of; those beyond it wait for the gap to close. */
  #heardTo = 0;
  readonly #beyond = new Set<number>();
  /** Of the look before: a restored store may have come back to the same sequence. */
  #last = { seq: 0, ts: '' };

  /**
   * @param moved called when someone else published for a device
   * @param stale called when all of them are to be looked at afresh
   */
  constructor(store: Store, moved: (device: string) => void, stale: () => void) {
    this.#store = store;
    this.#moved = moved;
    this.#stale = stale;
  }

  /** Looks at all of them afresh, unless it is certain that none has changed. */
  async look(): Promise<void> {
    await this.#listen();
    const { jsm, site } = this.#store;
    const name = streams.intent(site);
    const { created, state } = await jsm.streams.info(name, { subjects_filter: subjects.intents(site) });
    const devices = new Set(Object.keys(state.subjects ?? {}).map(deviceOf));
    for (const device of this.#known.keys()) if (!devices.has(device)) this.#known.delete(device);
    const heardOfAll =
      created === this.#stream && state.last_seq === this.#heardTo && devices.size === this.#known.size;
    const last = this.#last;
    this.#last = { seq: state.last_seq, ts: state.last_ts };
    if (heardOfAll && (last.seq !== state.last_seq || last.ts === state.last_ts)) return;
    // what is heard from now on is newer than what is fetched; what was heard before may be of another stream
    this.#known.clear();
    this.#beyond.clear();
    this.#stream = created;
    this.#heardTo = state.last_seq;
    const queue = devices[Symbol.iterator]();
    const work = async () => {
      for (const device of queue) await this.fetch(device);
    };
    await Promise.all(Array.from({ length: together }, work));
  }

  /** The newest message, its text looked at. */
  async of(device: string): Promise<Head | undefined> {
    const known = this.#known.get(device);
    if (!known) return undefined;
    const { sha256 } = known;
    return sha256 === undefined || known.at === '' ? this.fetch(device) : { ...known, sha256 };
  }

  /** The newest message, fetched. */
  async fetch(device: string): Promise<Head | undefined> {
    const message = await fetchMessage(this.#store, device);
    if (!message) {
      this.#known.delete(device);
      return undefined;
    }
    const { stream, seq, at, meta, hash } = message;
    const told = { fromSource: meta.fromSource === true, commit: meta.commit, job: jobOf(message) };
    const head = { stream, seq, at, sha256: await hash(), ...told };
    const known = this.#known.get(device);
    if (!known || known.stream !== stream || known.seq <= seq) this.#known.set(device, head);
    return head;
  }

  /** Notes what we published ourselves; the server's timestamp follows. */
  published(device: string, seq: number, sha256: string, { commit, id }: Job): void {
    const known = this.#known.get(device);
    if (known && known.seq > seq) return;
    const at = known?.seq === seq ? known.at : '';
    this.#known.set(device, { stream: this.#stream, seq, at, sha256, fromSource: true, commit, job: id });
  }

  /** The newest message that was ever dealt with on a device's subject. */
  seen(device: string): Pick<Head, 'stream' | 'seq' | 'at'> | undefined {
    return this.#seen.get(device);
  }

  /** Called once the device was dealt with: what is on its subject now is what time has come to. */
  settled(device: string): void {
    const known = this.#known.get(device);
    if (known?.at) this.#seen.set(device, known);
  }

  stop(): void {
    this.#stop.abort();
  }

  #listen(): Promise<void> {
    const { site } = this.#store;
    const told = subjects.stored(site, 'configure', '*');
    const news = () => follow(this.#store, streams.intent(site), told, this.#stop.signal);
    this.#listening ??= listen(news(), (stored) => this.#heard(stored), this.#stale).catch((error: unknown) => {
      this.#listening = undefined;
      throw error;
    });
    return this.#listening;
  }

  #heard({ subject, stream, seq, at = '' }: Stored): void {
    if (seq > this.#heardTo) this.#beyond.add(seq);
    this.#closeGap();
    const device = deviceOf(subject);
    const known = this.#known.get(device);
    if (known && known.seq > seq) return;
    if (known?.seq === seq && known.sha256 !== undefined) {
      this.#known.set(device, { ...known, at: known.at || at });
      this.settled(device);
    } else {
      this.#known.set(device, { stream, seq, at, sha256: undefined, fromSource: false, commit: undefined, job: '' });
      this.#moved(device);
    }
  }

  #closeGap(): void {
    while (this.#beyond.delete(this.#heardTo + 1)) this.#heardTo += 1;
  }
}
