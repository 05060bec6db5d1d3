import type { Intent, IntentHead } from '../../../core/store/intents.ts';
import { isOlder, isSameMessage } from '../../../core/wanted/generation.ts';

/** The heads of a device that were heard of and not dealt with yet. */
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

  /** The newer intent than this one, where one has come. */
  newerThan({ generation }: Intent): IntentHead | undefined {
    return this.#heads.findLast((head) => isOlder(generation, head, Date.now()));
  }

  /**
   * Looks at the newest intent and at what was heard of before it was fetched; `dealt` says that all of it is done.
   *
   * @returns the newest, whether it was not dealt with yet, and what was heard of that is older
   */
  async look(fetch: () => Promise<Intent | undefined>): Promise<{
    newest: Intent | undefined;
    isNew: boolean;
    skipped: IntentHead[];
    dealt: () => void;
  }> {
    const count = this.#heads.length;
    const newest = await fetch();
    const before = this.#dealt?.generation;
    const isDealt = ({ stream, seq }: IntentHead) => before?.stream === stream && seq <= (before.seq ?? 0);
    const isSkipped = (head: IntentHead) => !isDealt(head) && newest && isOlder(head, newest.generation, Date.now());
    return {
      newest,
      isNew: newest !== undefined && !(before && isSameMessage(before, newest.generation)),
      skipped: this.#heads.slice(0, count).filter(isSkipped),
      dealt: () => {
        this.#heads.splice(0, count);
        this.#dealt = newest;
      },
    };
  }
}
