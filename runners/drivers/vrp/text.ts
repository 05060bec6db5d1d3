import { comparable } from '../../../core/text/line-ends.ts';
import type { Block, LineRules } from '../../session/text/config-lines.ts';

// What Huawei VRP and HPE Comware have in common in their configuration text: views told by indentation, `#` between them.

const escapePattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** A banner chooses its own mark; one that ends on its first line is no block. */
const header: Block = {
  begin: /^\s*header (?:login|shell|motd|legal|incoming)(?: information)? ([^\s\w])(.*)$/,
  end: ([, mark = '', rest = '']) => (rest.includes(mark) ? undefined : new RegExp(escapePattern(mark))),
};

/** Comments, separators and the `return` that ends a file are not typed. */
export const rules: LineRules = { drop: /^\s*[#!]|^\s*return\s*$/, blocks: [header] };

/** Without comments, separators and what changes by itself. */
export const normalise = (config: string): string =>
  `${comparable(config, (line) => /^\s*(?:#\s*)?$|^\s*!/.test(line))}\n`;

export const hostname = (config: string): string | undefined => /^[ \t]*sysname (\S+)/m.exec(config)?.[1];

/** Two configurations as they compare, whatever the indentation: a file shows it otherwise than the display does. */
export const sameText = (first: string, second: string): boolean => {
  const plain = (text: string) =>
    normalise(text)
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '' && line !== 'return')
      .join('\n');
  return plain(first) === plain(second);
};
