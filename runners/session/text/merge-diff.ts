import { type ConfigLine, configLines, type LineRules } from './config-lines.ts';

/** A command of an indented configuration: its text (more lines where it is a block) and what it stands under. */
export type Item = {
  lines: readonly ConfigLine[];
  text: string;
  /** The texts of the views that it stands in, outermost first. */
  above: readonly string[];
};

const separator = /^#\s*$/;
const indent = (text: string): number => text.length - text.trimStart().length;
const key = (above: readonly string[], text: string): string => [...above, text].join('\n');

/** The commands of a text. Views are told by the indentation; a `#` at the line's start leaves them all. */
export const items = (config: string, rules: LineRules): Item[] => {
  const out: Item[] = [];
  const drop = new RegExp(`^(?!#\\s*$)(?:${rules.drop.source})`, rules.drop.flags);
  let views: { indent: number; text: string }[] = [];
  let base = Number.POSITIVE_INFINITY; // a top-level command may be indented itself, after a `#`
  let block: ConfigLine[] = [];
  for (const line of configLines(config, { ...rules, drop })) {
    if (block.length === 0 && separator.test(line.text)) {
      views = [];
      base = Number.POSITIVE_INFINITY;
      continue;
    }
    block.push(line);
    if (line.open) continue;
    const lines = block;
    block = [];
    const depth = indent(lines[0]?.text ?? '');
    if (depth <= base) {
      base = depth;
      views = [];
    }
    views = views.filter((view) => view.indent < depth);
    const text = lines
      .map((each) => each.text)
      .join('\n')
      .trim();
    out.push({ lines, text, above: views.map((view) => view.text) });
    views.push({ indent: depth, text });
  }
  return out;
};

/**
 * What a merge would change, told without touching the device: commands that it does not run, and what an `undo` takes away.
 *
 * @param negation the word that takes a command away: `undo`, `no`
 * @returns lines with `+` and `-` under their views; '' when there is nothing to change
 */
export const mergeDiff = (running: string, wanted: string, rules: LineRules, negation: string): string => {
  const has = items(running, rules);
  const wants = items(wanted, rules);
  const known = new Set(has.map(({ above, text }) => key(above, text)));
  const asked = new Set(wants.map(({ above, text }) => key(above, text)));
  const out: string[] = [];
  let shown: readonly string[] = [];
  const show = (sign: string, above: readonly string[], text: string): void => {
    for (const [depth, view] of above.entries()) {
      if (shown[depth] !== view) out.push(` ${' '.repeat(depth)}${view}`);
    }
    out.push(...text.split('\n').map((line) => `${sign}${' '.repeat(above.length)}${line.trimStart()}`));
    shown = [...above, text];
  };
  for (const { above, text } of wants) {
    const at = key(above, text);
    if (known.has(at)) continue;
    const taken = text.startsWith(`${negation} `) ? text.slice(negation.length + 1) : undefined;
    if (taken === undefined) {
      known.add(at); // said twice, shown once
      show('+', above, text);
      continue;
    }
    const gone = has.filter(
      (each) =>
        (each.text === taken || each.text.startsWith(`${taken} `)) &&
        each.above.join('\n') === above.join('\n') &&
        !asked.has(key(each.above, each.text)),
    );
    for (const each of gone) show('-', above, each.text);
  }
  return out.map((line) => `${line}\n`).join('');
};
