import type { Answer } from '../bucket.ts';
import type { Ground } from './ground.ts';

/** What was written of devices and is not answered yet. */
export class Asked {
  readonly #on: Ground;
  readonly #asked = new Map<string, symbol>();

  constructor(on: Ground) {
    this.#on = on;
  }

  has(device: string): boolean {
    return this.#asked.has(device);
  }

  get size(): number {
    return this.#asked.size;
  }

  /** Answers to what was asked before mean nothing any more. */
  forget(): void {
    this.#asked.clear();
  }

  /** @returns what takes the answer, as long as it is waited for */
  about(device: string, stored: (seq: number, epoch: number) => void): (answer: Answer, epoch?: number) => void {
    const { bucket, clock, timing } = this.#on;
    const asked = Symbol();
    this.#asked.set(device, asked);
    clock.after(timing.claimAnswerMs, () => {
      if (this.#asked.get(device) !== asked) return;
      this.#asked.delete(device);
      bucket.watch();
    });
    return (answer, epoch = 0) => {
      if (this.#asked.get(device) !== asked) return; // too late: the watch tells what became of it
      this.#asked.delete(device);
      if (answer.kind === 'stored') stored(answer.seq, epoch);
      else bucket.watch();
    };
  }
}
