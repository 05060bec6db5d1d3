/** Wakes one waiter; a nudge that comes while nobody waits is kept. */
export class Nudge {
  #kept = false;
  #resolve: (() => void) | undefined;

  nudge(): void {
    this.#kept = true;
    this.#resolve?.();
  }

  /** Resolves at the next nudge, after `ms`, or when the signal aborts. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    if (!this.#kept && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        const done = () => resolve();
        signal.addEventListener('abort', done, { once: true });
        this.#resolve = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', done);
          resolve();
        };
        // whichever way it ends, nothing of it stays
        if (signal.aborted) resolve();
      });
    }
    this.#resolve = undefined;
    this.#kept = false;
  }
}
