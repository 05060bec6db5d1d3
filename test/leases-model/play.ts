import type { Draft } from './drafts.ts';
import { type Kind, World } from './world.ts';

/** Plays schedules. @returns what was wrong, with the seed that plays it again, and how long take-overs took */
export const playAll = (count: number, kind: Kind, draft: Draft = {}, from = 1) => {
  const wrong: string[] = [];
  const takeOversMs: number[] = [];
  for (let seed = from; seed < from + count; seed++) {
    const world = new World(seed, kind, draft);
    wrong.push(...world.play().map((what) => `seed ${seed}: ${what}`));
    takeOversMs.push(...world.takeOversMs);
  }
  return { wrong, takeOversMs };
};
