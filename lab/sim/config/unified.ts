import { diffLines } from '../../../core/diff/diff.ts';

const range = (start: number, count: number) => `${count === 0 ? start : start + 1}${count === 1 ? '' : `,${count}`}`;

/** The hunks of a unified diff with three lines around each change; '' when nothing differs. Line ends: LF. */
export const unifiedHunks = (before: string, after: string): string => {
  const diff = diffLines(before, after);
  const hunks: (typeof diff.edits)[] = [];
  for (const edit of diff.edits) {
    const last = hunks.at(-1);
    const end = last?.at(-1)?.before.end ?? Number.NEGATIVE_INFINITY;
    if (last && edit.before.start - end <= 6) last.push(edit);
    else hunks.push([edit]);
  }
  return hunks
    .map((edits) => {
      const first = edits[0];
      const last = edits.at(-1);
      if (!first || !last) return '';
      const lead = Math.min(3, first.before.start);
      const tail = Math.min(3, diff.before.length - last.before.end);
      const [from, to] = [first.before.start - lead, last.before.end + tail];
      const shift = first.after.start - first.before.start;
      const length = last.after.end + tail - (from + shift);
      const lines: string[] = [];
      let at = from;
      for (const { before, after } of edits) {
        lines.push(...diff.before.slice(at, before.start).map((line) => ` ${line}`));
        lines.push(...diff.before.slice(before.start, before.end).map((line) => `-${line}`));
        lines.push(...diff.after.slice(after.start, after.end).map((line) => `+${line}`));
        at = before.end;
      }
      lines.push(...diff.before.slice(at, to).map((line) => ` ${line}`));
      return `@@ -${range(from, to - from)} +${range(from + shift, length)} @@\n${lines.join('')}`;
    })
    .join('');
};
