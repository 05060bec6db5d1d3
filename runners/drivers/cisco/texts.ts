import type { Block } from '../../session/text/config-lines.ts';

// Texts in the configurations of Cisco's systems, which may hold what looks like commands.

const escapePattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** A banner chooses its own mark; one that ends on its first line is no block. */
export const banner: Block = {
  begin: /^\s*banner \S+ +(\^C|\S)(.*)$/,
  end: ([, mark = '', rest = '']) => (rest.includes(mark) ? undefined : new RegExp(escapePattern(mark))),
};

/** A certificate of IOS ends with a line `quit`. */
export const certificate: Block = { begin: /^\s+certificate (?:self-signed |ca )?[0-9A-F]+\s*$/, end: /^\s*quit\s*$/ };
