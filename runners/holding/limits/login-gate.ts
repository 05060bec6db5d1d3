import { explain, failures, isOutcome, PlumbError } from '../../../core/errors.ts';
import type { Pace } from './pace.ts';

/** So many failures in a row are waited out as each piece of work likes; from then on all wait together. */
const failuresInRow = 5;
const longestMs = 300_000;

type GateOptions = {
  device: string;
  /** How often the device is looked at: the first pause is twice as long. */
  pollSeconds: number;
  pace: Pace;
  /** Ends all waiting. */
  stop: AbortSignal;
  /** What is on trial waits for nothing. */
  isOnTrial: () => boolean;
  /** Told why a login is not made yet. */
  waits: (why: string) => void;
};

/**
 * When a login may be made on a device: in turn with those of other devices, and not while they fail one after the other. Then
 * one is tried after a pause that doubles up to five minutes, by whoever needs it first.
 */
export class LoginGate {
  readonly #options: GateOptions;
  #failed = 0;
  #closed: { untilMs: number; error: PlumbError } | undefined;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  /** @throws PlumbError of the last login while none is tried; the reason of `signal` */
  async turn(signal: AbortSignal): Promise<void> {
    const { device, pace, stop, isOnTrial, waits } = this.#options;
    if (isOnTrial()) return;
    if (this.#closed && performance.now() < this.#closed.untilMs) throw this.#closed.error;
    await pace.turn(device, AbortSignal.any([signal, stop]), waits);
  }

  /** A login did not work. @returns why, and when the next one is tried where that is not soon */
  failed(error: unknown): string {
    if (!isOutcome(error) || failures[error.code].connection !== 'lost') return explain(error);
    this.#failed++;
    if (this.#failed < failuresInRow) return explain(error);
    const { device, pollSeconds } = this.#options;
    const pauseMs = Math.min(longestMs, pollSeconds * 1000 * 2 ** (this.#failed - failuresInRow + 1));
    const at = `${new Date(Date.now() + pauseMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
    const why = `${explain(error)}; ${this.#failed} logins failed in a row, and none is tried before ${at}`;
    const hint = `\`plumb retry ${device}\` tries at once`;
    this.#closed = {
      untilMs: performance.now() + pauseMs,
      error: new PlumbError(error.code, why, { hint: [error.hint, hint].filter(Boolean).join('; ') }),
    };
    return `${why}; ${hint}`;
  }

  /** One worked. */
  worked(): void {
    this.#failed = 0;
    this.#closed = undefined;
  }

  /** The next one is tried at once, whatever came of those before. */
  tryNow(): void {
    this.#closed = undefined;
  }
}
