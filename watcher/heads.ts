import { streams } from '../core/bus.ts';
import { PlumbError } from '../core/errors.ts';
import { fetchIntent, type Intent, type IntentHead, openHeads } from '../core/intents.ts';
import type { Store } from '../core/store.ts';
import type { Head } from './decide.ts';

const lookMs = 30_000;

type Known = Omit<Head, 'sha256'> & { sha256: string | undefined; bytes: number | undefined };
type Consumer = Awaited<ReturnType<typeof openHeads>>;

const sameMessage = (a: Known | undefined, b: Known) =>
  a?.stream === b.stream && a.seq === b.seq && (a.at === '' || a.at.slice(0, 23) === b.at.slice(0, 23));

const toHead = ({ seq, generation: { at, sha256, stream = '' }, meta }: Intent): Head => {
  return { stream, seq, at, sha256, fromSource: meta.fromSource === true, commit: meta.commit };
};

/** Headers are believed where a watcher wrote them; a hash that was found by reading is kept. */
const toKnown = ({ stream, seq, at, meta, sha256, bytes, apart }: IntentHead, before: Known | undefined): Known => {
  const fromSource = meta.fromSource === true;
  const known: Known = { stream, seq, at, fromSource, commit: meta.commit, bytes, sha256: undefined };
  if (apart) return known; // what is stored apart may be lost apart
  if (before?.sha256 !== undefined && before.at !== '' && sameMessage(before, known))
    return { ...known, sha256: before.sha256 };
  return fromSource ? { ...known, sha256 } : known;
};

/** The newest message of each device, kept up to date; texts are fetched only where the headers do not tell enough. */
export class Heads {
  readonly #store: Store;
  readonly #moved: (device: string) => void;
  #known = new Map<string, Known>();
  readonly #seen = new Map<string, Pick<Head, 'stream' | 'seq' | 'at'>>();
  #consumer: Consumer | undefined;
  #created = '';
  #lastSeq = 0;

  /** @param moved called when someone else published for a device */
  constructor(store: Store, moved: (device: string) => void) {
    this.#store = store;
    this.#moved = moved;
  }

  /** Looks at all of them afresh, then goes on listening. */
  async look(): Promise<void> {
    const { jsm, site } = this.#store;
    const { created } = await jsm.streams.info(streams.intent(site));
    const before = this.#known;
    const found = new Map<string, Known>();
    const consumer = await openHeads(this.#store);
    const late = setTimeout(() => consumer.stop(), lookMs);
    const heads = consumer[Symbol.asyncIterator]();
    for (let { pending } = consumer; pending > 0; ) {
      const next = await heads.next();
      if (next.done) throw new Error(`the server did not list all intents within ${lookMs / 1000} s`);
      pending = next.value.pending;
      found.set(next.value.device, toKnown(next.value, before.get(next.value.device)));
    }
    clearTimeout(late);
    this.#consumer?.stop();
    this.#consumer = consumer;
    this.#known = found;
    this.#created = created;
    this.#lastSeq = 0;
    for (const { seq } of found.values()) this.#lastSeq = Math.max(this.#lastSeq, seq);
    void this.#listen(consumer, heads);
  }

  /** Whether the stream is another one than at the last look: deleted, made anew or restored. */
  async replaced(): Promise<boolean> {
    const { jsm, site } = this.#store;
    const { created, state } = await jsm.streams.info(streams.intent(site));
    return created !== this.#created || state.last_seq < this.#lastSeq;
  }

  /** @param content what the caller hopes for; a claim of it is checked as far as headers allow */
  async of(device: string, content: string, bytes: number): Promise<Head | undefined> {
    const head = this.#known.get(device);
    if (!head) return undefined;
    const { sha256 } = head;
    const doubtful = sha256 === content && head.bytes !== undefined && head.bytes !== bytes;
    return sha256 === undefined || doubtful ? this.fetch(device) : { ...head, sha256 };
  }

  /** The newest message with its text looked at. */
  async fetch(device: string): Promise<Head | undefined> {
    try {
      const intent = await fetchIntent(this.#store, device);
      if (intent) return this.#note(device, toHead(intent));
      this.#known.delete(device);
      return undefined;
    } catch (error) {
      const known = this.#known.get(device);
      if (!known || !(error instanceof PlumbError)) throw error;
      return { ...known, sha256: '' }; // its text is gone, or not what the headers say
    }
  }

  #note(device: string, head: Head): Head {
    this.#known.set(device, { ...head, bytes: undefined });
    this.#lastSeq = Math.max(this.#lastSeq, head.seq);
    return head;
  }

  /** Notes what we published ourselves; the server's timestamp follows. */
  published(device: string, seq: number, sha256: string, commit: string | undefined): void {
    const newer = this.#known.get(device);
    this.#lastSeq = Math.max(this.#lastSeq, seq);
    if (newer && newer.seq >= seq) return;
    this.#known.set(device, { stream: this.#created, seq, at: '', sha256, fromSource: true, commit, bytes: undefined });
  }

  /** The newest message on a device's subject that was dealt with. */
  seen(device: string): Pick<Head, 'stream' | 'seq' | 'at'> | undefined {
    return this.#seen.get(device);
  }

  /** Called once the device was dealt with: what is on its subject now is what time has come to. */
  settled(device: string): void {
    const known = this.#known.get(device);
    if (known?.at) this.#seen.set(device, known);
  }

  stop(): void {
    this.#consumer?.stop();
  }

  async #listen(consumer: Consumer, heads: AsyncIterator<IntentHead>): Promise<void> {
    try {
      for (let next = await heads.next(); !next.done; next = await heads.next()) {
        if (this.#consumer !== consumer) return;
        const before = this.#known.get(next.value.device);
        const head = toKnown(next.value, before);
        if (before && before.seq > head.seq) continue;
        this.#known.set(next.value.device, head);
        this.#lastSeq = Math.max(this.#lastSeq, head.seq);
        if (sameMessage(before, head)) this.settled(next.value.device);
        else this.#moved(next.value.device);
      }
    } catch {} // the next look makes another consumer
  }
}
