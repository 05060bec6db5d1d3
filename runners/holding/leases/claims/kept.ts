import type { Clock } from '../bucket.ts';
import { isBefore, type Moment, never, type Right } from '../right.ts';

/** A device that this runner has claimed. */
export type Kept = {
  epoch: number;
  /** Of our claim; Infinity: not known to be stored. */
  seq: number;
  /** A beat of ours was stored after the claim, and we heard of both: nobody else can have it by that log. */
  counts: boolean;
  /** It is to be written again: the store lost it, or its epoch became another one. */
  again: boolean;
  /** What counts is not acted on before that time (of the clock that nobody sets). */
  fromMs: number;
  /** What is left of the right of before the store went back. */
  grace: Moment;
  /** Somebody works on it. */
  told: boolean;
};

/** Whether nobody else can have it by the store that we know, nor by one that we did not. */
export const isProven = ({ counts, fromMs }: Kept, clock: Clock): boolean => counts && clock.now() >= fromMs;

/** Whether the device may be written to now. */
export const mayWrite = (kept: Kept, right: Right, clock: Clock): boolean =>
  isBefore(clock, kept.grace) || (isProven(kept, clock) && right.holds);

/** The store is not the one that took our last beat: what we had lives as long as it would have, and on nothing newer. */
export const losesItsClaim = (kept: Kept, right: Right, clock: Clock): void => {
  if (isProven(kept, clock)) kept.grace = right.until;
  kept.counts = false;
  kept.seq = Infinity;
  kept.again = true;
};

/**
 * Work on it ends, and the claim stays ours. It is written anew before anybody works on it again, under an epoch of its own:
 * what was left half done on the device is then told from what is done next.
 */
export const pauses = (kept: Kept): void => {
  kept.told = false;
  kept.grace = never;
  kept.counts = false;
  kept.seq = Infinity;
  kept.again = true;
  kept.epoch += 1;
};
