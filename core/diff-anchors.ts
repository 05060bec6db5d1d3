/** A part of the two texts: lines `i` to `iEnd` of `before`, `j` to `jEnd` of `after`, the ends not included. */
export type Range = { i: number; iEnd: number; j: number; jEnd: number };

type Lines = { before: Int32Array; after: Int32Array };

/** What two ranges have in common. */
export type Common = {
  /** Lines that occur once in both, in the order of both: the longest such series. */
  pairs: [before: number, after: number][];
  /** Where the lines of `before` are that occur in `after` as well, and the other way round. */
  mine: number[];
  theirs: number[];
};

/** The longest series of pairs whose second numbers rise (patience sorting); the first ones rise already. */
const longestRise = (pairs: readonly [number, number][]): [number, number][] => {
  const tops: number[] = []; // index of the pair on top of each pile
  const below = new Int32Array(pairs.length).fill(-1);
  const second = (index: number | undefined) => pairs[index ?? -1]?.[1] ?? -1;
  for (let index = 0; index < pairs.length; index++) {
    let low = 0;
    let high = tops.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (second(tops[middle]) < second(index)) low = middle + 1;
      else high = middle;
    }
    below[index] = tops[low - 1] ?? -1;
    tops[low] = index;
  }
  const rise: [number, number][] = [];
  for (let index = tops.at(-1) ?? -1; index >= 0; index = below[index] ?? -1) {
    const pair = pairs[index];
    if (pair) rise.push(pair);
  }
  return rise.reverse();
};

/**
 * The lines that two ranges share, and those that are safe to hold on to: what occurs once in both is the same line.
 *
 * @param counts a counter for each kind of line, all 0, and again all 0 afterwards
 */
export const anchors = ({ before, after }: Lines, counts: Lines, { i, iEnd, j, jEnd }: Range): Common => {
  const count = (counters: Int32Array, kind = 0) => {
    counters[kind] = (counters[kind] ?? 0) + 1;
  };
  for (let at = i; at < iEnd; at++) count(counts.before, before[at]);
  for (let at = j; at < jEnd; at++) count(counts.after, after[at]);
  const mine: number[] = [];
  const theirs: number[] = [];
  const once = new Map<number, number>();
  for (let at = j; at < jEnd; at++) {
    const kind = after[at] ?? 0;
    if (counts.before[kind] === 0) continue;
    theirs.push(at);
    if (counts.before[kind] === 1 && counts.after[kind] === 1) once.set(kind, at);
  }
  const pairs: [number, number][] = [];
  for (let at = i; at < iEnd; at++) {
    const kind = before[at] ?? 0;
    if (counts.after[kind] === 0) continue;
    mine.push(at);
    const twin = once.get(kind);
    if (twin !== undefined) pairs.push([at, twin]);
  }
  for (let at = i; at < iEnd; at++) counts.before[before[at] ?? 0] = 0;
  for (let at = j; at < jEnd; at++) counts.after[after[at] ?? 0] = 0;
  return { pairs: longestRise(pairs), mine, theirs };
};
