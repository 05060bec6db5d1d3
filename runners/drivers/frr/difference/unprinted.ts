import { type Node, squeeze } from './tree.ts';

// So many lines are compared word by word; in a longer context only the whole line is looked for.
const mostCompared = 1_000;

/** Whether a line is what FRR prints for the words that were written: in full, in small letters, an entry with its number. */
const isFor = (words: readonly string[], { line, opens }: Node): boolean => {
  const whole = words.includes('seq') ? line : line.replace(/ seq \d+ /, ' ');
  const theirs = whole.toLowerCase().split(' ');
  if (opens ? words.length > theirs.length : words.length !== theirs.length) return false;
  return words.every((word, at) => theirs[at]?.startsWith(word));
};

const find = (at: Node, written: string): Node | undefined => {
  const exact = at.children.get(written);
  if (exact || at.children.size > mostCompared) return exact;
  const words = written.toLowerCase().split(' ');
  for (const child of at.children.values()) if (isFor(words, child)) return child;
  return undefined;
};

/**
 * The lines of a text for which FRR prints none: defaults that are written out, and what it takes in another form. Each is
 * looked for as FRR reads it: in the context that is open, then in those around it.
 */
export const unprinted = (text: string, printed: Node): string[] => {
  const found = new Set<string>();
  let open: readonly Node[] = [printed];
  for (const raw of text.split('\n')) {
    if (/^\s*exit/.test(raw) && open.length > 1) open = open.slice(0, -1);
    const line = squeeze(raw);
    if (line === '') continue;
    if (!/^\s/.test(raw) && find(printed, line)) open = [printed];
    let level = open.length - 1;
    let child: Node | undefined;
    for (; level >= 0 && !child; level--) child = open[level] && find(open[level] as Node, line);
    if (!child) found.add(line);
    else if (child.opens) open = [...open.slice(0, level + 2), child];
  }
  return [...found];
};
