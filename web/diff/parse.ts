import { sectionFinder } from '../../core/diff/section.ts';

/** A line of a device's own difference. `before`, `after`: its numbers, where the device tells them. */
export type Line = { kind: 'same' | 'add' | 'del'; text: string; before?: number; after?: number };
/** Lines that stand together, below the section that they are in. */
export type Hunk = { section: string; lines: Line[] };

const range = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@ ?(.*)$/;
const heading = /^\[edit(?: ([^\]]*))?\]$/;

/** The section that the first changed line of some lines is in, by their indentation. */
const sectionOf = (lines: readonly Line[]): string => {
  const at = lines.findIndex(({ kind }) => kind !== 'same');
  const found = sectionFinder(lines.map(({ text }) => text));
  return at < 0 ? '' : found(at, lines[at]?.text ?? '');
};

/**
 * Reads what a device says of a difference: a unified diff, `[edit …]` as Junos has it, or lines with `+` and `-` alone.
 * What is none of these is shown as it is.
 */
export const parseDiff = (diff: string): Hunk[] => {
  const hunks: Hunk[] = [];
  let [before, after] = [0, 0];
  let isNumbered = false;
  let told = '';
  let current: Hunk | undefined;
  const open = (section: string) => {
    told = section;
    current = { section, lines: [] };
    hunks.push(current);
    return current;
  };
  for (const raw of diff.replace(/\n$/, '').split('\n')) {
    if (/^(?:--- |\+\+\+ )/.test(raw) && !current) continue;
    const [, startBefore, startAfter, section] = range.exec(raw) ?? [];
    if (startBefore !== undefined) {
      [before, after, isNumbered] = [Number(startBefore), Number(startAfter), true];
      open(section ?? '');
      continue;
    }
    const edit = heading.exec(raw);
    if (edit) {
      isNumbered = false;
      open(edit[1] ?? 'top');
      continue;
    }
    const hunk = current ?? open(told);
    const mark = raw.charAt(0);
    const kind = mark === '+' ? 'add' : mark === '-' ? 'del' : 'same';
    const text = kind !== 'same' || (isNumbered && mark === ' ') ? raw.slice(1) : raw;
    const line: Line = { kind, text };
    if (isNumbered) {
      if (kind !== 'add') line.before = before++;
      if (kind !== 'del') line.after = after++;
    }
    hunk.lines.push(line);
  }
  for (const hunk of hunks) if (hunk.section === '') hunk.section = sectionOf(hunk.lines);
  return hunks.filter(({ lines }) => lines.length > 0);
};

/** How many lines come and go. */
export const sizeOf = (hunks: readonly Hunk[]): { add: number; del: number } => {
  const all = hunks.flatMap(({ lines }) => lines);
  const of = (kind: Line['kind']) => all.filter((line) => line.kind === kind).length;
  return { add: of('add'), del: of('del') };
};
