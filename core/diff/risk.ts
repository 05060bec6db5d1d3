import { manyLines, riskRules } from './risk-rules.ts';

/** How dangerous a difference looks by its lines: `score` from 0 to 100, and what it is made of, the worst first. */
export type Risk = { score: number; why: string[] };

type Changed = { sign: '+' | '-'; text: string; sections: readonly string[] };

/** Whatever a device prints into a line of a diff, a rule sees no more of it. */
const seenChars = 500;

/** Of `protocols bgp group x` also `bgp group x`, `group x`, `x`: Junos names all levels in one line. */
const suffixes = (path: string): string[] => {
  const levels = path.slice(0, seenChars).split(' ');
  return levels.map((_, index) => levels.slice(index).join(' '));
};

/** The changed lines of a diff, whoever made it: the sign stands first, or, as IOS has it, behind the indentation. */
const changedLines = function* (diff: string): Generator<Changed> {
  const open: { column: number; text: string }[] = [];
  let base: string[] = [];
  for (const line of diff.split('\n')) {
    if (/^(?:---|\+\+\+) /.test(line)) continue;
    const head = /^@@ .*? @@ ?(.*)$|^\[edit ?(.*)\]$/.exec(line);
    if (head) {
      open.length = 0;
      base = head[2] === undefined ? (head[1] ?? '').split(' / ') : suffixes(head[2]);
      continue;
    }
    const [, before = '', sign = '', after = '', rest = ''] =
      /^(\s*)([-+]?)(\s*)(.*)$/.exec(line.slice(0, seenChars)) ?? [];
    const text = rest.trimEnd();
    if (text === '' || /^[!#}]/.test(text)) continue;
    const column = before.length + sign.length + after.length;
    while ((open.at(-1)?.column ?? -1) >= column) open.pop();
    if (sign === '+' || sign === '-') yield { sign, text, sections: [...base, ...open.map((each) => each.text)] };
    open.push({ column, text });
  }
};

/** Of a diff as it is shown: masked secrets do not matter. */
export const riskOf = (diff: string): Risk => {
  const found = new Map<string, number>();
  let lines = 0;
  for (const { sign, text, sections } of changedLines(diff)) {
    lines++;
    for (const { what, points, line, section, sign: only } of riskRules) {
      if (found.has(what) || (only !== undefined && only !== sign)) continue;
      if (line?.test(text) || (section && sections.some((each) => section.test(each)))) found.set(what, points);
    }
  }
  const large = manyLines.find((each) => lines >= each.lines);
  if (large) found.set(`${lines} lines`, large.points);
  const why = [...found].sort(([, a], [, b]) => b - a);
  return {
    score: Math.min(
      100,
      why.reduce((sum, [, points]) => sum + points, 0),
    ),
    why: why.map(([what]) => what),
  };
};
