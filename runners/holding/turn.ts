import { PlumbError } from '../../core/errors.ts';

/** What a piece of work on a session says of itself. */
export type Turn = {
  /** In words, for whoever waits behind it. */
  what: string;
  /** When whoever asked for it stops waiting, by `performance.now()`; undefined: nobody does. */
  untilMs?: number;
  /** It must wait. @param behind what is done meanwhile */
  waits?: (behind: string) => void;
  /** Something of ours may be on trial, or is to be taken back: a login for it waits for no limit. */
  urgent?: boolean;
  /** From now on something may be sent. */
  begins?: () => void;
};

/** Of work that was dropped before anything was sent: nobody waits for it any more. */
export const dropped = (device: string, queuedMs: number, behind: string): PlumbError => {
  const waited = `queued for ${(queuedMs / 1000).toFixed(1)} s behind ${behind}`;
  const hint = 'try again, or wait longer: `plumb run` has `--timeout`';
  return new PlumbError('timeout', `${device}: ${waited}; gave up, nothing was sent`, { hint });
};

/** One place in the queue of a session, given up as soon as whoever asked stops waiting. */
export class Place {
  readonly #turn: Turn;
  readonly #giveUp: () => void;
  readonly #tooLate: Promise<never>;
  #late: NodeJS.Timeout | undefined;
  #error: PlumbError | undefined;

  /** @param behind what is done meanwhile, as of when it is called */
  constructor(device: string, turn: Turn, behind: () => string) {
    this.#turn = turn;
    const queuedMs = performance.now();
    let reject = (_: PlumbError) => {};
    this.#tooLate = new Promise<never>((_, no) => {
      reject = no;
    });
    this.#tooLate.catch(() => {});
    this.#giveUp = () => {
      this.#error ??= dropped(device, performance.now() - queuedMs, behind());
      reject(this.#error);
    };
    if (turn.untilMs !== undefined) this.#late = setTimeout(this.#giveUp, turn.untilMs - queuedMs);
  }

  /** @throws PlumbError `timeout` where the place was given up */
  check(): void {
    if (!this.#late) return;
    if (performance.now() >= (this.#turn.untilMs ?? Number.POSITIVE_INFINITY)) this.#giveUp();
    if (this.#error) throw this.#error;
  }

  /** The same; from now on it is not given up any more. */
  begin(): void {
    this.check();
    clearTimeout(this.#late);
    this.#turn.begins?.();
  }

  /** The result of the work, or `timeout` where that did not begin in time. */
  wait<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#tooLate]).finally(() => clearTimeout(this.#late));
  }
}
