import type { Clock, LeaseBucket } from '../bucket.ts';
import type { Right } from '../right.ts';
import type { Timing } from '../timing.ts';
import type { LeaseView } from '../view.ts';

/** Who works on the devices, and which ones. */
export type Work = {
  /** Those that this runner is for. */
  wanted(): Iterable<string>;
  /** What was begun on it under an earlier claim has not ended yet. */
  busy(device: string): boolean;
  /** It may be worked on. */
  held(device: string, epoch: number): void;
  /** It may not be written to any more, from this moment on. */
  lost(device: string, why: string): void;
};

/** What claims stand on: who we are, and what we know. */
export type Ground = {
  readonly name: string;
  readonly view: LeaseView;
  readonly right: Right;
  readonly bucket: LeaseBucket;
  readonly clock: Clock;
  readonly timing: Timing;
  readonly work: Work;
  /** Nothing that was not ours before is written to until then. */
  readonly settledMs: number;
  /** Since when we have known this store. */
  readonly knownMs: number;
  /** A beat is to follow what was written. */
  beat(): void;
  /** The store is not the one that we knew. */
  broken(why: string): void;
};
