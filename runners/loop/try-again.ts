import { failureOf } from '../../core/errors.ts';

// When the loop of a device looks again, and after what.

/** The newest message is looked at this often even when nothing is heard. */
export const lookEveryMs = 60_000;
/** How long to wait at first for a device that is away, and for NATS, which chooses another leader within moments. */
const firstMs = { device: 2_000, nats: 250 } as const;
const backOffMs = (tries: number, why: keyof typeof firstMs) => Math.min(300_000, firstMs[why] * 2 ** tries);

/** How often something was tried in a row that did not work. */
export class Tries {
  #count = 0;

  /** One more. @returns how long to wait before the next, in milliseconds */
  again(why: keyof typeof firstMs = 'device'): number {
    return backOffMs(this.#count++, why);
  }

  over(): void {
    this.#count = 0;
  }
}

/** Whether another try may end otherwise without new content, by itself or since someone mends the way to the device. */
export const isTransient = (outcome: string): boolean => ['soon', 'mended'].includes(failureOf(outcome)?.again ?? '');
