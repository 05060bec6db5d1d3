import { isOlder } from '../core/generation.ts';
import type { Intent, IntentHead } from '../core/intents.ts';
import type { Store } from '../core/store.ts';
import { closeSkipped } from './recover.ts';

/** The heads of a device that were heard of and not dealt with yet: what newest-wins skips is reported from here. */
export class SeenHeads {
  readonly #heads: IntentHead[] = [];
  /** The newest message that was dealt with. */
  #dealt: Intent | undefined;

  add(head: IntentHead): void {
    this.#heads.push(head);
  }

  get some(): boolean {
    return this.#heads.length > 0;
  }

  /** Whether a newer intent than this one has come. */
  newerThan({ generation }: Intent): boolean {
    return this.#heads.some((head) => isOlder(generation, head, Date.now()));
  }

  #isDealt({ stream, seq }: IntentHead): boolean {
    const { generation } = this.#dealt ?? {};
    return generation?.stream === stream && seq <= (generation.seq ?? 0);
  }

  /** Takes what was heard before `newest` was fetched, and reports what it skipped. */
  async settle(store: Store, fetch: () => Promise<Intent | undefined>): Promise<Intent | undefined> {
    const count = this.#heads.length;
    const newest = await fetch();
    const skipped = this.#heads.splice(0, count).filter((head) => !this.#isDealt(head));
    this.#dealt = newest;
    await closeSkipped(store, skipped, newest);
    return newest;
  }
}
