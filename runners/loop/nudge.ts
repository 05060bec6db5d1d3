/** Wakes one waiter; a nudge that comes while nobody waits is kept. */
export class Nudge {
  #kept = false;
  #wake: () => void = () => {};

  nudge(): void {
    this.#kept = true;
    this.#wake();
  }

  /** Resolves at the next nudge, after `ms`, or when the signal aborts. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    if (!this.#kept && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(() => this.#wake(), ms);
        const wake = () => this.#wake();
        this.#wake = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        signal.addEventListener('abort', wake);
      });
      this.#wake = () => {};
    }
    this.#kept = false;
  }
}
