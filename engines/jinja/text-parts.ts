import { fail } from './failure.ts';
import { joined, room } from './limits.ts';
import { defined, Tuple, toInt, tuple, typeName } from './values.ts';

// Python's ways to take a text apart and to fill it. `undefined` stands for an argument that was not given.

/** A text, or a failure. */
export const text = (value: unknown, what = 'a text'): string => {
  const known = defined(value);
  return typeof known === 'string' ? known : fail(`expected ${what}, found ${typeName(known)}`);
};
/** A whole number that may be left out. */
export const count = (value: unknown, byDefault: number): number => {
  const number = value === undefined ? byDefault : toInt(value);
  room(number);
  return number;
};

/** Python's blanks; JavaScript's `trim` takes a byte order mark as well. */
export const blanks = '\\t\\n\\v\\f\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

/** Takes characters off the ends: blanks, or those of `set`. */
export const strip = (value: string, set: unknown, ends: 'both' | 'left' | 'right'): string => {
  const inside = set === undefined || set === null ? undefined : new Set(text(set));
  const blank = new RegExp(`[${blanks}]`);
  const letters = [...value];
  const gone = (letter: string | undefined) =>
    letter !== undefined && (inside ? inside.has(letter) : blank.test(letter));
  let from = 0;
  let to = letters.length;
  if (ends !== 'right') while (from < to && gone(letters[from])) from += 1;
  if (ends !== 'left') while (to > from && gone(letters[to - 1])) to -= 1;
  return letters.slice(from, to).join('');
};

/** `split()`. */
export const split = (value: string, separator: unknown, limit: unknown): string[] => {
  const most = count(limit, -1);
  if (separator === undefined || separator === null) {
    const words = [...value.matchAll(new RegExp(`[^${blanks}]+`, 'g'))];
    const rest = most < 0 ? undefined : words[most];
    const whole = rest ? words.slice(0, most) : words;
    return [...whole.map(([word]) => word), ...(rest ? [value.slice(rest.index)] : [])];
  }
  const mark = text(separator);
  if (mark === '') return fail('split() expects a separator that is not empty');
  const parts = value.split(mark);
  return most < 0 || parts.length <= most + 1 ? parts : [...parts.slice(0, most), parts.slice(most).join(mark)];
};

/** `rsplit()`. */
export const splitRight = (value: string, separator: unknown, limit: unknown): string[] => {
  const most = count(limit, -1);
  if (most < 0) return split(value, separator, undefined);
  const turn = (part: string) => [...part].reverse().join('');
  const mark = separator === undefined || separator === null ? separator : turn(text(separator));
  return split(turn(value), mark, most).map(turn).reverse();
};

const lineEnd = '\\r\\n|[\\n\\r\\v\\f\\x1c-\\x1e\\x85\\u2028\\u2029]';

/** The lines of a text, as Python cuts them. */
export const splitLines = (value: string, keepEnds = false): string[] => {
  const lines: string[] = [];
  let from = 0;
  for (const end of value.matchAll(new RegExp(lineEnd, 'g'))) {
    lines.push(value.slice(from, keepEnds ? end.index + end[0].length : end.index));
    from = end.index + end[0].length;
  }
  if (from < value.length) lines.push(value.slice(from));
  return lines;
};

/** `partition()` and `rpartition()`. */
export const partition = (value: string, separator: unknown, last: boolean): Tuple => {
  const mark = text(separator);
  const at = last ? value.lastIndexOf(mark) : value.indexOf(mark);
  if (at < 0) return tuple(last ? ['', '', value] : [value, '', '']);
  return tuple([value.slice(0, at), mark, value.slice(at + mark.length)]);
};

/** `replace()`. */
export const replace = (value: string, old: unknown, fresh: unknown, limit: unknown): string => {
  const most = count(limit, -1);
  const mark = text(old);
  const parts = mark === '' ? ['', ...value, ''] : value.split(mark);
  if (most < 0 || parts.length <= most + 1) return joined(parts, text(fresh));
  return joined([...parts.slice(0, most), parts.slice(most).join(mark)], text(fresh));
};

/** `startswith()` and `endswith()`. */
export const ends = (value: string, part: unknown, where: 'startsWith' | 'endsWith'): boolean => {
  const known = defined(part);
  return known instanceof Tuple
    ? known.some((one) => value[where](text(one)))
    : value[where](text(known, 'a text or a tuple'));
};

/** The part of a text that `start` and `end` leave. */
export const slice = (value: string, from: unknown, to: unknown): string => {
  const at = (place: unknown, byDefault: number) => count(place, byDefault);
  return from === undefined ? value : value.slice(at(from, 0), to === undefined ? undefined : at(to, value.length));
};

/** `ljust()`, `rjust()` and `center()`. */
export const fill = (value: string, width: unknown, letter: unknown, side: 'left' | 'right' | 'both'): string => {
  const missing = toInt(width) - [...value].length;
  const mark = letter === undefined ? ' ' : text(letter);
  if ([...mark].length !== 1) return fail('expected one character to fill with');
  if (missing <= 0) return value;
  room(missing);
  if (side !== 'both') return side === 'left' ? mark.repeat(missing) + value : value + mark.repeat(missing);
  const left = Math.floor(missing / 2) + (missing & toInt(width) & 1); // as CPython rounds
  return mark.repeat(left) + value + mark.repeat(missing - left);
};

/** Python's capitalize: the first character in upper case, all others in lower case. */
export const capitalize = (value: string): string => {
  const [first = '', ...rest] = [...value];
  return first.toUpperCase() + rest.join('').toLowerCase();
};

/** `zfill()`. */
export const zfill = (value: string, width: unknown): string => {
  const sign = /^[+-]/.exec(value)?.[0] ?? '';
  room(toInt(width));
  return sign + '0'.repeat(Math.max(0, toInt(width) - [...value].length)) + value.slice(sign.length);
};

/** `find()` and `rfind()`. */
export const find = (value: string, part: unknown, from: unknown, to: unknown, last: boolean): number => {
  const whole = slice(value, 0, to);
  return last ? whole.lastIndexOf(text(part)) : whole.indexOf(text(part), count(from, 0));
};
