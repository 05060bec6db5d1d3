import { buckets } from '../../core/bus.ts';
import { explain } from '../../core/errors.ts';
import { log } from '../../core/log.ts';
import type { Reach } from './needs.ts';
import type { Caller } from './roles.ts';

/** By what a caller is known, and a way to ask whether he still is. */
export type Known = { id: string; again: () => Promise<Caller | undefined> };

type Watched = { known: Known; grants: string; end: () => void };

/** How often NATS is asked whether anything changed of keys, users and sessions. */
const lookMs = 1_000;
/** What expires changes nothing there. */
const expiryMs = 10_000;

const grantsOf = (caller: Caller | undefined): string => JSON.stringify(caller?.grants ?? null);

/** What goes on after its request was let in: it ends once the caller is no longer let in, or may do other things. */
export class Lasting {
  readonly #reach: Reach;
  readonly #watched = new Set<Watched>();
  #mark = '';
  #lookedMs = Number.NEGATIVE_INFINITY;

  /** @param signal ends the watch */
  constructor(reach: Reach, signal: AbortSignal) {
    this.#reach = reach;
    let looking = false;
    const timer = setInterval(async () => {
      if (looking || this.#watched.size === 0) return;
      looking = true;
      // while NATS is away nobody can be asked: what is told then says so itself
      await this.#look().catch((error: unknown) => {
        this.#mark = '';
        log.debug(`whether those who listen may still do so is not known: ${explain(error)}`);
      });
      looking = false;
    }, lookMs);
    signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  }

  /** @returns what ends the watch */
  watch(caller: Caller, known: Known, end: () => void): () => void {
    const watched = { known, grants: grantsOf(caller), end };
    this.#watched.add(watched);
    this.#mark = ''; // revoked between its request and this
    return () => this.#watched.delete(watched);
  }

  async #look(): Promise<void> {
    const { store, bus } = this.#reach;
    const now = performance.now();
    const marks = await bus.reach(() =>
      Promise.all(
        [buckets.api(store.site), buckets.sessions(store.site)].map(async (bucket) => {
          const { created, state } = await store.jsm.streams.info(`KV_${bucket}`);
          return `${created} ${state.last_seq}`;
        }),
      ),
    );
    const mark = marks.join(' ');
    if (mark === this.#mark && now - this.#lookedMs < expiryMs) return;
    this.#mark = mark; // before anybody is asked: who joins meanwhile is asked the next time
    this.#lookedMs = now;
    const asked = [...this.#watched];
    const known = new Map(asked.map((each) => [each.known.id, each.known]));
    const grants = new Map<string, string>();
    for (const { id, again } of known.values()) grants.set(id, grantsOf(await again()));
    for (const { known, grants: before, end } of asked) if (grants.get(known.id) !== before) end();
  }
}
