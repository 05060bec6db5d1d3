import { isStopped } from '../../../../core/wanted/held.ts';
import { type Act, acts, after, atRest, begin, isTold, keyOf, type World } from './world.ts';

/** Whatever happened before, a person is told, and gets with each word what the word means. */
const wordsMean = (world: World): string[] => {
  const rest = atRest(world);
  const { source, state, head } = rest;
  if (rest.running !== source && !isTold(rest)) return ['it does not run what the source holds, and nobody is told'];
  const newest = head?.generation.sha256;
  const broken: string[] = [];
  // it ends a hold; where the source's text failed and nothing is held, `retry` is the word
  const held = newest !== source || state.blocked.some(({ sha256 }) => sha256 === source);
  const resumed = atRest(after(rest, 'resume'));
  if (held && resumed.running !== source) broken.push(`after resume it runs ${resumed.running}, not ${source}`);
  if (isStopped(resumed.state)) broken.push('after resume it is still held');
  const tried = atRest(after(rest, 'retry'));
  // what is held is refused: first someone ends the hold
  if (!isStopped(rest.state) && tried.running !== newest)
    broken.push(`after retry it runs ${tried.running}, not ${newest}`);
  return [...broken, ...resumed.broken, ...tried.broken];
};

type Played = { world: World; sequence: readonly Act[] };

/**
 * Plays every sequence of acts up to a length. Worlds that differ in nothing but names and times go on alike, so each is
 * gone on from once, by the shortest way to it.
 *
 * @returns the shortest sequences that break a rule, and how many worlds there are
 */
export const playAll = (manual: boolean, length: number): { broken: string[]; worlds: number } => {
  const broken: string[] = [];
  let played: Played[] = [{ world: begin(manual), sequence: [] }];
  const known = new Set(played.map(({ world }) => keyOf(world)));
  for (let acted = 0; acted < length; acted++) {
    const found: Played[] = [];
    for (const { world, sequence } of played) {
      for (const act of acts) {
        const then = after(world, act);
        const key = keyOf(then);
        const so = [...sequence, act];
        const problems = [...then.broken, ...(known.has(key) ? [] : wordsMean(then))];
        if (problems.length > 0) broken.push(`${so.join(', ')}: ${problems.join('; ')}`);
        if (!known.has(key)) found.push({ world: then, sequence: so });
        known.add(key);
      }
    }
    played = found;
  }
  return { broken: broken.slice(0, 5), worlds: known.size };
};
