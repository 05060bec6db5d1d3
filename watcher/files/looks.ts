import { setTimeout as wait } from 'node:timers/promises';
import { PlumbError } from '../../core/errors.ts';

/** A look that takes longer stands still: a network mount that does not answer. */
const patienceMs = 10_000;

/**
 * Looks at one place of the file system, a few at a time. One that never ends (a network mount that hangs) keeps a thread of
 * the process, which has four for all its files and names: the others wait here and not there.
 */
export class Looks {
  readonly #place: string;
  readonly #most: number;
  /** Told when the place stops answering, and when it answers again. */
  changed = (): void => {};
  readonly #patienceMs: number;
  readonly #waiting: (() => void)[] = [];
  readonly #late = new Set<object>();
  #open = 0;

  /** @param most that may be under way */
  constructor(place: string, most: number, ms = patienceMs) {
    this.#place = place;
    this.#most = most;
    this.#patienceMs = ms;
  }

  /** Waits for some looks, and no longer than the place is given to answer: they go on by themselves. */
  async patiently(looks: Promise<unknown>): Promise<void> {
    const over = new AbortController();
    const enough = wait(this.#patienceMs, undefined, { signal: over.signal, ref: false }).catch(() => {});
    await Promise.race([looks, enough]).finally(() => over.abort());
  }

  /** Why nothing new is known of the place; undefined while it answers. */
  get problem(): PlumbError | undefined {
    if (this.#late.size === 0) return undefined;
    const what = `${this.#place}: the file system has not answered for ${this.#patienceMs / 1000} s; what was read before stays`;
    return new PlumbError('source_failed', what, {
      hint: `a network mount that hangs? \`ls ${this.#place}\` waits for it, too; the watcher goes on by itself once it answers`,
    });
  }

  /** @throws whatever `look` throws */
  async at<T>(look: () => Promise<T>): Promise<T> {
    if (this.#open >= this.#most) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#open += 1;
    const one = {};
    const timer = setTimeout(() => this.#tell(() => this.#late.add(one)), this.#patienceMs).unref();
    try {
      return await look();
    } finally {
      clearTimeout(timer);
      this.#tell(() => this.#late.delete(one));
      const next = this.#waiting.shift();
      if (next) next();
      else this.#open -= 1;
    }
  }

  #tell(change: () => void): void {
    const before = this.#late.size > 0;
    change();
    if (this.#late.size > 0 !== before) this.changed();
  }
}

/** One look at a time; who asks meanwhile shares one that begins when it has ended, so that nothing new is missed. */
export const shared = (look: () => Promise<void>): (() => Promise<void>) => {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const begin = (): Promise<void> => {
    next = undefined;
    running = look().finally(() => {
      running = undefined;
    });
    return running;
  };
  return () => {
    if (!running) return begin();
    next ??= running.then(begin, begin);
    return next;
  };
};
