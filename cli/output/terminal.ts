import { randomInt } from 'node:crypto';
import { plain } from './text.ts';

// The only way to a terminal. Text from outside is shown, never obeyed: devices, records, authors, file names. This
// process's own control sequences carry a number that no other text can know, and are let through.

const own = String(randomInt(10 ** 12, 10 ** 14));

/** @param open number of the colour or style @param close what ends it */
export const styled = (open: number, close: number, text: string): string =>
  `\u001b[${open};${own}m${text}\u001b[${close};${own}m`;

/** Back to the beginning of the line, and nothing on it. */
export const clearLine = `\u001b[${own}K`;

const sequences = {
  /** Another screen, no cursor, long lines cut; and all of it back. */
  enter: '\u001b[?1049h\u001b[?25l\u001b[?7l',
  leave: '\u001b[?7h\u001b[?25h\u001b[?1049l',
  home: '\u001b[H',
  endOfLine: '\u001b[K',
  below: '\u001b[J',
} as const;
type Sequence = keyof typeof sequences;
const isSequence = (word: string): word is Sequence => Object.hasOwn(sequences, word);

/** What steers a whole screen; nothing where there is no terminal. */
export const screen = Object.fromEntries(
  Object.keys(sequences).map((word) => [word, `\u001b[${own}${word};`]),
) as Readonly<Record<Sequence, string>>;

const ours = new RegExp(`\u001b\\[(?:(\\d+);${own}m|${own}K|${own}([a-zA-Z]+);)`, 'g');

/** A text as it may be written: on a terminal with our colours, elsewhere without them. */
export const written = (text: string, isTerminal: boolean): string => {
  let out = '';
  let at = 0;
  for (const { 0: all, 1: style, 2: word = '', index } of text.matchAll(ours)) {
    out += plain(text.slice(at, index));
    if (isTerminal && isSequence(word)) out += sequences[word];
    else if (isTerminal) out += style === undefined ? '\r\u001b[K' : `\u001b[${style}m`;
    at = index + all.length;
  }
  return out + plain(text.slice(at));
};
