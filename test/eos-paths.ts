import { expect } from 'vitest';
import { readLines } from '../lab/sim/config/read.ts';
import { plainLines } from '../lab/sim/config/tree.ts';
import { eosSyntax } from '../lab/sim/eos/syntax.ts';

/** Each line with the lines that it stands under, in any order; `switchport` is the default and not shown. */
const pathsOf = (lines: readonly string[]): string[] => {
  const open: string[] = [];
  return lines
    .filter((line) => !/^\s*(?:!|$)|^end$/.test(line))
    .map((line) => {
      open.length = (line.length - line.trimStart().length) / 3;
      open.push(line.trim());
      return open.join(' / ');
    })
    .filter((path) => !/\/ (?:switchport|no shutdown)$/.test(path))
    .sort();
};

/** What a configuration of EOS says. */
export const paths = (text: string): string[] => pathsOf(text.split('\n').map((line) => line.trimEnd()));

/** What the simulated EOS understands of it without its indentation, as eAPI clients send it. */
export const pathsOfUnindented = (text: string): string[] => {
  const { root, complaints } = readLines(eosSyntax, text.replace(/^ +/gm, ''));
  expect(complaints).toEqual([]);
  return pathsOf(plainLines(root, 3));
};
