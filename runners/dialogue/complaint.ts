// A longer output is a text, a configuration with its banners say, and what is said in its midst is not said against us.
const lines = { most: 10, head: 4, tail: 2 };

const isText = (output: string): boolean => {
  let ends = 0;
  for (let at = output.indexOf('\n'); at !== -1; at = output.indexOf('\n', at + 1))
    if (++ends >= lines.most) return true;
  return false;
};

/** The beginning and the end of a text. */
const edges = (output: string): string => {
  const all = output.trimEnd().split('\n');
  return [...all.slice(0, lines.head), '', ...all.slice(-lines.tail)].join('\n');
};

/** What a device says first: a line, or the ones that a caret points into. */
const beginning = (output: string): string => {
  const all = output.split('\n');
  const first = all.findIndex((line) => line.trim() !== '');
  const caret = all.slice(first, first + 3).findIndex((line) => line.trim() === '^');
  return all.slice(0, first + (caret === -1 ? 0 : caret + 1) + 1).join('\n');
};

/** Where a complaint can stand: anywhere, at the beginning or end of what one command printed, or before a text of others. */
export type Place = 'anywhere' | 'edges' | 'beginning';

/**
 * What a device said against a line of ours.
 *
 * @returns the refusing line, with the two lines before it where a caret points into them; undefined: no complaint
 */
export const complaint = (said: string, errors: readonly RegExp[], place: Place = 'anywhere'): string | undefined => {
  const output = place === 'beginning' ? beginning(said) : place === 'edges' && isText(said) ? edges(said) : said;
  let first: { at: number; length: number } | undefined;
  for (const pattern of errors) {
    const found = pattern.exec(output);
    if (found && (!first || found.index < first.at)) first = { at: found.index, length: found[0].length };
  }
  if (!first) return undefined;
  const end = output.indexOf('\n', first.at + first.length);
  const line = output.slice(first.at, end === -1 ? undefined : end).trim();
  const before = output.slice(0, first.at).split('\n').slice(0, -1);
  const context = before.at(-1)?.trim() === '^' ? before.slice(-2) : [];
  return [...context, line].join('\n');
};
