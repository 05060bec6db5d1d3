/** How far a run may be moved; what could slide further is the same line repeated. */
const maxSlide = 200;

const indentOf = (line: string) => line.length - line.trimStart().length;
/** Lines that end a section or stand between two; a change reads badly when it begins with one. */
const closing = /^(?:[!#]|[}\]];?|end|exit\S*|quit)?$/;

/** How bad this line is as the start of a change: a section's first line is best. */
const badness = (line: string) => indentOf(line) * 2 + (closing.test(line.trim()) ? 1 : 0);

/** For each place between two unchanged lines, whether lines changed there: `gaps[2]` is after two unchanged ones. */
const changedGaps = (changed: Uint8Array): Uint8Array => {
  const gaps = new Uint8Array(changed.length + 2);
  let unchanged = 0;
  for (const flag of changed) {
    if (flag) gaps[unchanged] = 1;
    else unchanged++;
  }
  return gaps;
};

/**
 * Moves each run of added (or removed) lines among equal lines to where a section begins, as a person would show it:
 * not ` mtu 9000`, `!`, `interface eth2` but `interface eth2`, ` mtu 9000`, `!`.
 *
 * @param numbers the lines as numbers
 * @param changed 1 where a line was added (or removed); changed in place
 * @param others the same of the other text; a run that replaces others stays where it is
 */
export const slide = (lines: readonly string[], numbers: Int32Array, changed: Uint8Array, others: Uint8Array): void => {
  const taken = changedGaps(others);
  let gap = 0;
  let from = 0;
  while (from < lines.length) {
    if (!changed[from]) {
      gap++;
      from++;
      continue;
    }
    let to = from;
    while (changed[to]) to++;
    let [up, down] = [0, 0];
    if (!taken[gap]) {
      const isFree = (shift: number, last: number) =>
        !changed[last] && !taken[gap + shift] && Math.abs(shift) < maxSlide;
      while (numbers[from - up - 1] === numbers[to - up - 1] && from > up && isFree(-up - 1, from - up - 1)) up++;
      while (numbers[from + down] === numbers[to + down] && isFree(down + 1, to + down)) down++;
    }
    let best = -up;
    for (let shift = -up; shift <= down; shift++) {
      if (badness(lines[from + shift] ?? '') <= badness(lines[from + best] ?? '')) best = shift;
    }
    changed.fill(0, from, to).fill(1, from + best, to + best);
    from = to + best;
    gap += best;
  }
};
