import type { Job } from '../../core/bus.ts';
import { clearLine } from './terminal.ts';
import { oneLine } from './text.ts';

const words: Record<Job['state'], string> = {
  queued: 'queued',
  guarding: 'guarding',
  connecting: 'connecting',
  loading: 'loading',
  diffing: 'diffing',
  awaiting: 'awaiting approval',
  committing: 'committing',
  checking: 'checking',
  confirming: 'confirming',
  reading_back: 'reading back',
  running: 'running',
  finished: 'finished',
};

/** A step in words. */
export const stepWord = (state: Job['state']): string => words[state];

/**
 * What jobs are doing, on stderr, while someone waits: one line that is overwritten on a terminal, a line for each step
 * elsewhere. Work that is over within 300 ms is not shown.
 */
export class Progress implements Disposable {
  readonly #err: (text: string) => void;
  readonly #columns: number;
  readonly #overwrite: boolean;
  readonly #doing = new Map<string, { step: string; since: number }>();
  readonly #timer: NodeJS.Timeout | undefined;
  #shown = false;

  constructor(err: (text: string) => void, terminal: { isTTY?: boolean; columns?: number }) {
    this.#err = err;
    this.#overwrite = Boolean(terminal.isTTY);
    this.#columns = terminal.columns ?? 80;
    this.#timer = this.#overwrite ? setInterval(() => this.#draw(), 300) : undefined;
    this.#timer?.unref();
  }

  /** @param step what the device's job is doing now; undefined: it is over */
  set(device: string, step: string | undefined): void {
    const before = this.#doing.get(device)?.step;
    if (step === before) return;
    if (step === undefined) this.#doing.delete(device);
    else this.#doing.set(device, { step, since: Date.now() });
    if (!this.#overwrite && step) this.#err(`${device}: ${step}\n`);
  }

  /** Clears the line, so that something else can be printed; it comes back by itself. */
  clear(): void {
    if (this.#shown) this.#err(clearLine);
    this.#shown = false;
  }

  #draw(): void {
    const parts = [...this.#doing].map(
      ([device, { step, since }]) => `${device} ${step} ${Math.floor((Date.now() - since) / 1000)}s`,
    );
    if (parts.length === 0) {
      this.clear();
      return;
    }
    const line = oneLine(parts.join(' · '));
    this.#err(`${clearLine}${line.length < this.#columns ? line : `${line.slice(0, this.#columns - 2)}…`}`);
    this.#shown = true;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.clear();
  }
}
