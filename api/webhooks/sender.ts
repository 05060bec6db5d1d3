import type { Delivery } from '../../core/config/webhooks.ts';
import { explain, isOutcome } from '../../core/errors.ts';
import { log } from '../../core/log.ts';
import type { Stored } from '../../core/store/records.ts';
import type { Store } from '../../core/store/store.ts';
import type { Hook } from './hooks.ts';
import { dropOut, isOver, listOut, putTried, waitsMs } from './outbox.ts';
import { type Posted, post } from './post.ts';

/** To one receiver at the same time. */
const together = 4;

/** What a delivery is after a try. */
const afterTry = (delivery: Delivery, { kind, said, retryAfterMs = 0 }: Posted, back: readonly number[]): Delivery => {
  const tries = delivery.tries + 1;
  const last = { at: new Date().toISOString(), said };
  const waitMs = back[tries - 1];
  if (kind === 'sent') return { ...delivery, state: 'sent', tries, next: null, last };
  if (kind === 'never' || waitMs === undefined) return { ...delivery, state: 'dead', tries, next: null, last };
  const next = new Date(Date.now() + Math.max(waitMs * (0.9 + Math.random() / 5), retryAfterMs)).toISOString();
  return { ...delivery, tries, next, last };
};

/** Sends what is on its way, each receiver's by itself: one that is down keeps no other one waiting. */
export class Sender {
  readonly #store: Store;
  readonly #hooks: ReadonlyMap<string, Hook>;
  readonly #back: readonly number[];
  readonly #signal: AbortSignal;
  readonly #busy = new Map<string, Promise<void>>();
  #out = new Map<string, Stored<Delivery>>();

  /** @param back waits between tries, in ms */
  constructor(store: Store, hooks: readonly Hook[], signal: AbortSignal, back: readonly number[] = waitsMs) {
    this.#store = store;
    this.#hooks = new Map(hooks.map((hook) => [hook.name, hook]));
    this.#back = back;
    this.#signal = signal;
  }

  /** Looks afresh at what is on its way: events that were made, and those that somebody sends again. */
  async look(): Promise<void> {
    const found = await listOut(this.#store);
    const before = this.#out;
    this.#out = found;
    for (const [id, { revision }] of this.#out) {
      const ours = before.get(id);
      if (ours && ours.revision > revision) this.#out.set(id, ours); // written while the list was made
    }
    for (const [id, { value }] of this.#out) {
      if (!isOver(value)) continue;
      await dropOut(this.#store, id);
      this.#out.delete(id);
    }
  }

  /** Begins to send what is due. @param holds whether we still may */
  send(holds: () => boolean): void {
    const now = new Date().toISOString();
    for (const [id, stored] of this.#out) {
      const { hook: name, state, next } = stored.value;
      const hook = this.#hooks.get(name);
      if (!hook || state !== 'waiting' || (next ?? '') > now || this.#busy.has(id)) continue;
      const ofHook = [...this.#busy.keys()].filter((each) => each.startsWith(`${name}.`));
      if (ofHook.length >= together || !holds()) continue;
      const work = this.#try(id, hook, stored).finally(() => this.#busy.delete(id));
      this.#busy.set(id, work);
    }
  }

  /** What was begun has come to its end. */
  async settled(): Promise<void> {
    await Promise.all(this.#busy.values());
  }

  async #try(id: string, hook: Hook, { value, revision, at }: Stored<Delivery>): Promise<void> {
    const posted = await post(hook, value.event, this.#signal);
    if (this.#signal.aborted && posted.kind === 'later') return; // cut off by ourselves: the next one sends it
    const after = afterTry(value, posted, this.#back);
    if (after.state !== 'sent')
      log.warn(
        `webhook "${hook.name}": ${value.event.id} was not taken: ${posted.said}${after.state === 'dead' ? '; it is a dead letter now' : ''}`,
      );
    try {
      this.#out.set(id, { value: after, revision: await putTried(this.#store, after, revision), at });
    } catch (error) {
      this.#out.delete(id); // the next look tells
      if (!isOutcome(error, 'conflict'))
        log.warn(`webhook "${hook.name}": what came of ${id} is not kept: ${explain(error)}`);
    }
  }
}
