/** A range of the two texts: lines `i` to `iEnd` of `before`, `j` to `jEnd` of `after`, the ends not included. */
type Range = { i: number; iEnd: number; j: number; jEnd: number };

/** Lines of two texts as numbers: equal numbers, equal lines. */
export type Lines = { before: Int32Array; after: Int32Array };

/** Where lines of one text and their counterparts in the other are: two lists of the same length. */
export type Pairs = { mine: number[]; theirs: number[] };

/** The longest series of pairs whose second numbers rise (patience sorting); the first ones rise already. */
const longestRise = ({ mine, theirs }: Pairs): Pairs => {
  const tops: number[] = []; // index of the pair on top of each pile
  const below = new Int32Array(theirs.length);
  const at = (index: number | undefined) => theirs[index ?? -1] ?? -1;
  for (let index = 0; index < theirs.length; index++) {
    let low = 0;
    let high = tops.length;
    if (at(tops[high - 1]) < at(index)) low = high; // the usual case
    while (low < high) {
      const middle = (low + high) >> 1;
      if (at(tops[middle]) < at(index)) low = middle + 1;
      else high = middle;
    }
    below[index] = tops[low - 1] ?? -1;
    tops[low] = index;
  }
  if (tops.length === theirs.length) return { mine, theirs };
  const rise: Pairs = { mine: [], theirs: [] };
  for (let index = tops.at(-1) ?? -1; index >= 0; index = below[index] ?? -1) {
    rise.mine.push(mine[index] ?? 0);
    rise.theirs.push(theirs[index] ?? 0);
  }
  return { mine: rise.mine.reverse(), theirs: rise.theirs.reverse() };
};

/** Finds lines that two ranges share; it keeps one counter for each kind of line, at rest all 0. */
export const finder = ({ before, after }: Lines, kinds: number) => {
  const mineOf = new Int32Array(kinds);
  const theirsOf = new Int32Array(kinds);
  const placeOf = new Int32Array(kinds);
  const count = (counters: Int32Array, lines: Int32Array, from: number, to: number) => {
    for (let at = from; at < to; at++) {
      const kind = lines[at] ?? 0;
      counters[kind] = (counters[kind] ?? 0) + 1;
    }
  };
  const clear = (counters: Int32Array, lines: Int32Array, from: number, to: number) => {
    for (let at = from; at < to; at++) counters[lines[at] ?? 0] = 0;
  };
  const counted = <T>({ i, iEnd, j, jEnd }: Range, use: () => T): T => {
    count(mineOf, before, i, iEnd);
    count(theirsOf, after, j, jEnd);
    const result = use();
    clear(mineOf, before, i, iEnd);
    clear(theirsOf, after, j, jEnd);
    return result;
  };
  return {
    /** What occurs once in both is the same line: the longest series of such pairs that keeps the order of both. */
    anchors: (range: Range): Pairs =>
      counted(range, () => {
        const found: Pairs = { mine: [], theirs: [] };
        for (let at = range.j; at < range.jEnd; at++) placeOf[after[at] ?? 0] = at;
        for (let at = range.i; at < range.iEnd; at++) {
          const kind = before[at] ?? 0;
          if (mineOf[kind] !== 1 || theirsOf[kind] !== 1) continue;
          found.mine.push(at);
          found.theirs.push(placeOf[kind] ?? 0);
        }
        return longestRise(found);
      }),
    /** The lines of either range that occur in the other as well; the lists are of different lengths. */
    common: (range: Range): Pairs =>
      counted(range, () => {
        const found: Pairs = { mine: [], theirs: [] };
        for (let at = range.i; at < range.iEnd; at++) if (theirsOf[before[at] ?? 0] !== 0) found.mine.push(at);
        for (let at = range.j; at < range.jEnd; at++) if (mineOf[after[at] ?? 0] !== 0) found.theirs.push(at);
        return found;
      }),
  };
};
