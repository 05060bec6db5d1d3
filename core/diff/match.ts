import { diffArrays } from 'diff';
import { finder, type Lines, type Pairs } from './anchors.ts';

/** Which lines of two texts have no counterpart: 1 for removed (in `before`) and added (in `after`), else 0. */
type Changed = { before: Uint8Array; after: Uint8Array };

/** Two texts whose lines are numbered from 0 to `kinds - 1`. */
type Numbered = Lines & { kinds: number };

/**
 * How many steps Myers may take in all gaps together, counted rather than timed, so that a diff is the same on any
 * machine.
 */
const maxSteps = 120_000;
/** Patience inside patience inside …; each level reads every line at most once. */
const maxDepth = 12;
/** How far the last resort looks for the next common line. */
const lookAhead = 24;

/** Lines by numbers, so that they are compared and counted without reading them again. */
export const numberLines = (before: readonly string[], after: readonly string[]): Numbered => {
  const known = new Map<string, number>();
  const toNumbers = (lines: readonly string[]) => {
    const numbers = new Int32Array(lines.length);
    for (let i = 0; i < lines.length; i++) {
      const line = lines[i] ?? '';
      let number = known.get(line);
      if (number === undefined) {
        number = known.size;
        known.set(line, number);
      }
      numbers[i] = number;
    }
    return numbers;
  };
  return { before: toNumbers(before), after: toNumbers(after), kinds: known.size };
};

/** Compares two texts in time that grows with their length, whatever is in them. */
export const matchLines = ({ before, after, kinds }: Numbered): Changed => {
  const changed = { before: new Uint8Array(before.length).fill(1), after: new Uint8Array(after.length).fill(1) };
  const { anchors, common } = finder({ before, after }, kinds);
  let stepsLeft = maxSteps;
  const same = (i: number, j: number) => {
    changed.before[i] = 0;
    changed.after[j] = 0;
  };

  /** Myers, on the lines that could match at all; past its share of steps, the next common line in reach is taken. */
  const matchGap = ({ mine, theirs }: Pairs) => {
    const a = mine.map((i) => before[i]);
    const b = theirs.map((j) => after[j]);
    const parts = diffArrays(a, b, { maxEditLength: Math.floor(Math.sqrt(stepsLeft)) });
    let i = 0;
    let j = 0;
    if (parts) {
      let edits = 0;
      for (const { added, removed, count } of parts) {
        if (added || removed) edits += count;
        else for (let k = 0; k < count; k++) same(mine[i + k] ?? 0, theirs[j + k] ?? 0);
        if (!added) i += count;
        if (!removed) j += count;
      }
      stepsLeft -= Math.min(stepsLeft, edits * edits + 1);
      return;
    }
    stepsLeft >>= 1; // it took them all; leave some to the gaps that follow
    while (i < a.length && j < b.length) {
      let skip = 0;
      while (skip < lookAhead && a[i + skip] !== b[j] && a[i] !== b[j + skip]) skip++;
      if (skip < lookAhead && a[i + skip] === b[j]) i += skip;
      else if (skip < lookAhead) j += skip;
      else {
        i++;
        j++;
        continue;
      }
      same(mine[i++] ?? 0, theirs[j++] ?? 0);
    }
  };

  const match = (beforeFrom: number, beforeTo: number, afterFrom: number, afterTo: number, depth: number) => {
    let [i, iEnd, j, jEnd] = [beforeFrom, beforeTo, afterFrom, afterTo];
    while (i < iEnd && j < jEnd && before[i] === after[j]) same(i++, j++);
    while (i < iEnd && j < jEnd && before[iEnd - 1] === after[jEnd - 1]) same(--iEnd, --jEnd);
    if (i === iEnd || j === jEnd) return;
    const { mine, theirs } = depth === maxDepth ? { mine: [], theirs: [] } : anchors({ i, iEnd, j, jEnd });
    if (mine.length === 0) {
      const shared = common({ i, iEnd, j, jEnd });
      if (shared.mine.length > 0) matchGap(shared);
      return;
    }
    for (let at = 0; at < mine.length; at++) {
      const [anchor, twin] = [mine[at] ?? 0, theirs[at] ?? 0];
      match(i, anchor, j, twin, depth + 1);
      same(anchor, twin);
      i = anchor + 1;
      j = twin + 1;
    }
    match(i, iEnd, j, jEnd, depth + 1);
  };

  match(0, before.length, 0, after.length, 0);
  return changed;
};
