/** The right to work on one device, for as long as its runner's heartbeat is written. */
export type HeldLease = {
  readonly device: string;
  readonly runner: string;
  readonly epoch: number;
  /** Aborts when the lease is lost. */
  readonly signal: AbortSignal;
  /** To be called before each write, to the device or to its records. @throws PlumbError `lease_lost` */
  readonly assert: () => void;
  /** The same, by a heartbeat that is not older than a second where one can be had: before a commit and before a confirm. */
  readonly sure: () => Promise<void>;
  /**
   * To be called before anything is begun that may not be cut off: no store vouches any more for what is left of a right after
   * the lease store went back, and it ends within seconds. Ends the lease then, so that it is made anew.
   *
   * @throws PlumbError `lease_lost`
   */
  readonly lasts: () => void;
  /**
   * Ends the work on the device: someone else is found to hold it, or to have held it. Where the bucket still says that it is
   * ours, it is claimed anew.
   *
   * @param to the epoch that was found; the next lease of this device goes beyond it
   */
  readonly lose: (why: string, to?: number) => void;
};

/** Whether what was found was written under a lease that came after ours, or beside it. */
export const isAhead = (
  { runner, epoch = 0 }: { runner?: string | undefined; epoch?: number | undefined },
  ours: Pick<HeldLease, 'runner' | 'epoch'>,
): boolean => epoch > ours.epoch || (epoch === ours.epoch && runner !== ours.runner);
