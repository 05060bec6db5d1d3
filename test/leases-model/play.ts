import type { Draft } from './drafts.ts';
import { type Kind, World } from './world.ts';

/** Plays schedules. @returns what was wrong, with the seed that plays it again, how long take-overs took, and how much a joining runner got */
export const playAll = (count: number, kind: Kind, draft: Draft = {}, from = 1) => {
  const wrong: string[] = [];
  const takeOversMs: number[] = [];
  let joined = 0;
  for (let seed = from; seed < from + count; seed++) {
    const world = new World(seed, kind, draft);
    wrong.push(...world.play().map((what) => `seed ${seed}: ${what}`));
    takeOversMs.push(...world.takeOversMs);
    joined += world.joined;
  }
  return { wrong, takeOversMs, joined };
};
