import { type Limit, letGo, limitText } from './limit.ts';

type Waiter = { readonly device: string; go: () => void };

/** Who waits longer is told why. */
const toldAfterMs = 2_000;
/** Limits may be others by now, and so may the number of runners. */
const lookMs = 1_000;

/** Logins a second: as many at once as may be made in a second, from then on one after the other. */
export class Pace {
  readonly #limitsOf: (device: string) => readonly Limit[];
  readonly #waiting = new Set<Waiter>();
  /** What is left of each limit, as of when. */
  readonly #left = new Map<string, { logins: number; atMs: number }>();
  #timer: NodeJS.Timeout | undefined;

  constructor(limitsOf: (device: string) => readonly Limit[]) {
    this.#limitsOf = limitsOf;
  }

  /**
   * Resolves when a login may be made on the device.
   *
   * @param waits told why that is not soon, and '' when it is no longer so
   * @throws the reason of `signal`
   */
  async turn(device: string, signal: AbortSignal, waits: (why: string) => void): Promise<void> {
    signal.throwIfAborted();
    const waiter: Waiter = { device, go: () => {} };
    let stopped = () => {};
    const turn = new Promise<void>((resolve, reject) => {
      waiter.go = resolve;
      stopped = () => reject(signal.reason);
    });
    signal.addEventListener('abort', stopped);
    let isTold = false;
    const tell = () => {
      isTold = true;
      waits(this.#why(device));
    };
    const told = setTimeout(tell, toldAfterMs).unref();
    this.#waiting.add(waiter);
    this.#look();
    try {
      await turn;
    } finally {
      clearTimeout(told);
      if (isTold) waits('');
      signal.removeEventListener('abort', stopped); // it outlives many logins
      this.#waiting.delete(waiter);
    }
  }

  #why(device: string): string {
    const [slowest] = [...this.#limitsOf(device)].sort((one, other) => one.share - other.share);
    return `waiting for its turn to log in${slowest ? ` (${limitText(slowest, ' a second')})` : ''}`;
  }

  /** What is left now: it grows with time, up to what one second brings. */
  #of({ of, share }: Limit): { logins: number; atMs: number } {
    const nowMs = performance.now();
    const most = Math.max(1, share);
    const { logins, atMs } = this.#left.get(of) ?? { logins: most, atMs: nowMs };
    const left = { logins: Math.min(most, logins + ((nowMs - atMs) / 1000) * share), atMs: nowMs };
    this.#left.set(of, left);
    return left;
  }

  #look(): void {
    let againMs = Number.POSITIVE_INFINITY;
    letGo(
      this.#waiting,
      ({ device }) => this.#limitsOf(device),
      (limit) => {
        if (!Number.isFinite(limit.share)) return true;
        const { logins } = this.#of(limit);
        if (logins < 1) againMs = Math.min(againMs, ((1 - logins) / limit.share) * 1000);
        return logins >= 1;
      },
      ({ go }, limits) => {
        for (const limit of limits.filter(({ share }) => Number.isFinite(share))) this.#of(limit).logins--;
        go();
      },
    );
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.size > 0 && Number.isFinite(againMs))
      this.#timer = setTimeout(() => this.#look(), Math.min(lookMs, Math.ceil(againMs))).unref();
  }
}
