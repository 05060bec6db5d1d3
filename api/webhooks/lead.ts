import { randomBytes } from 'node:crypto';
import { HookLead } from '../../core/config/webhooks.ts';
import { isOutcome } from '../../core/errors.ts';
import { casRecord, getRecord } from '../../core/store/records.ts';
import type { Store } from '../../core/store/store.ts';

const entry = 'hooks.lead';
/** Another one leads after that time without a word, by its own clock. */
const goneMs = 10_000;
/** Whoever could not say so for that part of it leads no more. */
const valid = 0.7;

/** Which of several instances sends: one at a time. */
export class Lead {
  readonly #store: Store;
  readonly #by = randomBytes(8).toString('hex');
  #n = 0;
  #revision = 0;
  #saidMs = Number.NEGATIVE_INFINITY;
  #heard = { revision: -1, atMs: 0 };

  constructor(store: Store) {
    this.#store = store;
  }

  /** Whether this instance leads now. */
  get holds(): boolean {
    return performance.now() - this.#saidMs < goneMs * valid;
  }

  /** Takes the lead where nobody has it, or says that it goes on; to be called every 2 s or so. */
  async renew(): Promise<void> {
    const now = performance.now();
    const found = await getRecord(this.#store.api, HookLead, entry);
    const revision = found?.revision ?? 0;
    if (found && found.value.by !== '' && found.value.by !== this.#by) {
      this.#saidMs = Number.NEGATIVE_INFINITY;
      if (this.#heard.revision !== revision) this.#heard = { revision, atMs: now };
      if (now - this.#heard.atMs < goneMs) return;
    }
    await this.#say(this.#by, revision, now);
  }

  /** Lets another one lead at once. */
  async leave(): Promise<void> {
    if (!this.holds) return;
    this.#saidMs = Number.NEGATIVE_INFINITY;
    await this.#say('', this.#revision, Number.NEGATIVE_INFINITY);
  }

  async #say(by: string, revision: number, atMs: number): Promise<void> {
    this.#n += 1;
    try {
      this.#revision = await casRecord(this.#store.api, entry, { by, n: this.#n }, revision);
      this.#saidMs = atMs;
    } catch (error) {
      if (!isOutcome(error, 'conflict')) throw error;
      this.#saidMs = Number.NEGATIVE_INFINITY;
    }
  }
}
