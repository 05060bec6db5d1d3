import { placedLines, readTree } from './difference/tree.ts';

// FRR's configuration text as others ask of it.

/** The value of a top-level line such as `hostname`, the last one that is given. */
export const topLevel = (text: string, keyword: string): { value: string; line: number } | undefined => {
  let found: { value: string; line: number } | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const match = line.startsWith(`${keyword} `) ? line.slice(keyword.length + 1).trim() : undefined;
    if (match) found = { value: match, line: index + 1 };
  }
  return found;
};

/** The line number, from 1, of a line of the text; undefined where it does not hold it. */
export const findLine = (text: string, wanted: string): number | undefined => {
  const squeezed = wanted.trim().split(/\s+/).join(' ');
  const index = text.split('\n').findIndex((line) => line.trim().split(/\s+/).join(' ') === squeezed);
  return index === -1 ? undefined : index + 1;
};

/**
 * The text as it is hashed and compared: each line with its contexts, sorted. FRR prints some of them in the order in which
 * they were made, and numbers those whose order means something.
 */
export const normalise = (text: string): string =>
  placedLines(readTree(text))
    .map(({ path, line }) => `${[...path, line].join('\t')}\n`)
    .sort()
    .join('');
