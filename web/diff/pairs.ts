import type { Line } from './parse.ts';

/** A line with the part of it that was changed; `from` = `to` where the whole line is new or gone. */
export type Marked = Line & { from: number; to: number };
/** What stands beside each other. */
export type Pair = { before?: Marked | undefined; after?: Marked | undefined };

const leastAlike = 0.3;

/** The part in the middle where two lines differ; undefined where they are hardly the same line. */
const changedPart = (one: string, other: string) => {
  const shorter = Math.min(one.length, other.length);
  let head = 0;
  while (head < shorter && one[head] === other[head]) head++;
  let tail = 0;
  while (tail < shorter - head && one.at(-1 - tail) === other.at(-1 - tail)) tail++;
  // whole words are easier to compare than their middles
  while (head > 0 && /[\w.:/-]/.test(one[head - 1] ?? '')) head--;
  while (tail > 0 && /[\w.:/-]/.test(one.at(-tail) ?? '')) tail--;
  const alike = one.slice(0, head).trim().length + one.slice(one.length - tail).trim().length;
  return alike >= leastAlike * Math.min(one.trim().length, other.trim().length) ? { head, tail } : undefined;
};

const whole = (line: Line): Marked => ({ ...line, from: 0, to: 0 });

const marked = (before: Line, after: Line): Pair => {
  const part = changedPart(before.text, after.text);
  if (!part) return { before: whole(before), after: whole(after) };
  const mark = (line: Line): Marked => ({ ...line, from: part.head, to: line.text.length - part.tail });
  return { before: mark(before), after: mark(after) };
};

/** Lines beside each other: a line that went beside the one that came in its place. */
export const pairsOf = (lines: readonly Line[]): Pair[] => {
  const pairs: Pair[] = [];
  for (let at = 0; at < lines.length; ) {
    const line = lines[at];
    if (!line) break;
    if (line.kind === 'same') {
      pairs.push({ before: whole(line), after: whole(line) });
      at++;
      continue;
    }
    const run = (kind: Line['kind']) => {
      const from = at;
      while (lines[at]?.kind === kind) at++;
      return lines.slice(from, at);
    };
    const gone = run('del');
    const come = run('add');
    for (let i = 0; i < Math.max(gone.length, come.length); i++) {
      const [before, after] = [gone[i], come[i]];
      if (before && after) pairs.push(marked(before, after));
      else pairs.push({ before: before && whole(before), after: after && whole(after) });
    }
  }
  return pairs;
};

/** The same, one below the other: of each run of changes first what went, then what came. */
export const stacked = (pairs: readonly Pair[]): Marked[] => {
  const lines: Marked[] = [];
  let come: Marked[] = [];
  for (const { before, after } of pairs) {
    if (before?.kind === 'same') {
      lines.push(...come, before);
      come = [];
      continue;
    }
    if (before) lines.push(before);
    if (after) come.push(after);
  }
  return [...lines, ...come];
};
