import type { Clock, LeaseBucket } from '../bucket.ts';
import type { Peers, Takes } from '../pool/peers.ts';
import type { Right } from '../right.ts';
import type { Timing } from '../timing.ts';
import type { LeaseView } from '../view.ts';

/** Who works on the devices, and which ones. */
export type Work = {
  /** Those that this runner is for. */
  wanted(): Iterable<string>;
  /** What was begun on it under an earlier claim has not ended yet. */
  busy(device: string): boolean;
  takes: Takes;
  /** Lets go of it for another runner, where nothing is under way on it. @returns whether it does */
  yields(device: string): boolean;
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
  /** Who else is there. */
  readonly peers: Peers;
  /** We are about to leave: nothing more is taken. */
  readonly isDraining: boolean;
  readonly startedMs: number;
  /** Nothing that was not ours before is written to until then. */
  readonly settledMs: number;
  /** Since when we have known this store. */
  readonly knownMs: number;
  /** A beat is to follow what was written. */
  beat(): void;
  /** The store is not the one that we knew. */
  broken(why: string): void;
};
