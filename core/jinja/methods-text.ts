import { fail } from './failure.ts';
import { braceFormat } from './format.ts';
import { repr } from './text.ts';
import { defined, dictEntries, isDict, iterate, Tuple, toInt, truthy, tuple, typeName } from './values.ts';

// The methods of Python's str. `undefined` stands for an argument that was not given.

type Args = readonly unknown[];
type Method = { params: readonly string[]; run: (text: string, args: Args) => unknown };

const text = (value: unknown, what = 'a text'): string => {
  const known = defined(value);
  return typeof known === 'string' ? known : fail(`expected ${what}, found ${typeName(known)}`);
};
const count = (value: unknown, byDefault: number): number => (value === undefined ? byDefault : toInt(value));

/** Python's blanks; JavaScript's `trim` takes a byte order mark as well. */
const blanks = '\\t\\n\\v\\f\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

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

const split = (value: string, separator: unknown, limit: unknown): string[] => {
  const most = count(limit, -1);
  if (separator === undefined || separator === null) {
    const parts: string[] = [];
    let rest = strip(value, undefined, 'left');
    while (rest !== '') {
      const end = most >= 0 && parts.length >= most ? -1 : rest.search(new RegExp(`[${blanks}]`));
      parts.push(end < 0 ? rest : rest.slice(0, end));
      rest = end < 0 ? '' : strip(rest.slice(end), undefined, 'left');
    }
    return parts;
  }
  const mark = text(separator);
  if (mark === '') return fail('split() expects a separator that is not empty');
  const parts = value.split(mark);
  return most < 0 || parts.length <= most + 1 ? parts : [...parts.slice(0, most), parts.slice(most).join(mark)];
};

const splitRight = (value: string, separator: unknown, limit: unknown): string[] => {
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

const partition = (value: string, separator: unknown, last: boolean): Tuple => {
  const mark = text(separator);
  const at = last ? value.lastIndexOf(mark) : value.indexOf(mark);
  if (at < 0) return tuple(last ? ['', '', value] : [value, '', '']);
  return tuple([value.slice(0, at), mark, value.slice(at + mark.length)]);
};

const replace = (value: string, old: unknown, fresh: unknown, limit: unknown): string => {
  const most = count(limit, -1);
  const mark = text(old);
  const parts = mark === '' ? ['', ...value, ''] : value.split(mark);
  if (most < 0 || parts.length <= most + 1) return parts.join(text(fresh));
  return [...parts.slice(0, most), parts.slice(most).join(mark)].join(text(fresh));
};

const ends = (value: string, part: unknown, where: 'startsWith' | 'endsWith'): boolean => {
  const known = defined(part);
  return known instanceof Tuple
    ? known.some((one) => value[where](text(one)))
    : value[where](text(known, 'a text or a tuple'));
};

const slice = (value: string, from: unknown, to: unknown): string => {
  const at = (place: unknown, byDefault: number) => count(place, byDefault);
  return from === undefined ? value : value.slice(at(from, 0), to === undefined ? undefined : at(to, value.length));
};

const fill = (value: string, width: unknown, letter: unknown, side: 'left' | 'right' | 'both'): string => {
  const missing = toInt(width) - [...value].length;
  const mark = letter === undefined ? ' ' : text(letter);
  if ([...mark].length !== 1) return fail('expected one character to fill with');
  if (missing <= 0) return value;
  if (side !== 'both') return side === 'left' ? mark.repeat(missing) + value : value + mark.repeat(missing);
  const left = Math.floor(missing / 2) + (missing & toInt(width) & 1); // as CPython rounds
  return mark.repeat(left) + value + mark.repeat(missing - left);
};

/** Python's capitalize: the first character in upper case, all others in lower case. */
export const capitalize = (value: string): string => {
  const [first = '', ...rest] = [...value];
  return first.toUpperCase() + rest.join('').toLowerCase();
};

const all = (value: string, pattern: RegExp) => pattern.test(value);
const flag = (pattern: RegExp): Method => ({ params: [], run: (value) => all(value, pattern) });
const cased = (value: string, other: (text: string) => string) =>
  value === other(value) && value.toUpperCase() !== value.toLowerCase();
const map = (run: (value: string) => string): Method => ({ params: [], run });

const zfill = (value: string, width: unknown): string => {
  const sign = /^[+-]/.exec(value)?.[0] ?? '';
  return sign + value.slice(sign.length).padStart(toInt(width) - sign.length, '0');
};

const find = (value: string, part: unknown, from: unknown, to: unknown, last: boolean): number => {
  const whole = slice(value, 0, to);
  return last ? whole.lastIndexOf(text(part)) : whole.indexOf(text(part), count(from, 0));
};

const methods: Record<string, Method> = {
  upper: map((value) => value.toUpperCase()),
  lower: map((value) => value.toLowerCase()),
  casefold: map((value) => value.toLowerCase().replaceAll('ß', 'ss')),
  capitalize: map(capitalize),
  title: map((value) => value.replace(/\p{L}+/gu, capitalize)),
  swapcase: map((value) => [...value].map((c) => (c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase())).join('')),
  strip: { params: ['chars'], run: (value, [set]) => strip(value, set, 'both') },
  lstrip: { params: ['chars'], run: (value, [set]) => strip(value, set, 'left') },
  rstrip: { params: ['chars'], run: (value, [set]) => strip(value, set, 'right') },
  split: { params: ['sep', 'maxsplit'], run: (value, [mark, most]) => split(value, mark, most) },
  rsplit: { params: ['sep', 'maxsplit'], run: (value, [mark, most]) => splitRight(value, mark, most) },
  splitlines: { params: ['keepends'], run: (value, [keep]) => splitLines(value, truthy(keep ?? false)) },
  partition: { params: ['sep'], run: (value, [mark]) => partition(value, mark, false) },
  rpartition: { params: ['sep'], run: (value, [mark]) => partition(value, mark, true) },
  replace: { params: ['old', 'new', 'count'], run: (value, [old, fresh, most]) => replace(value, old, fresh, most) },
  startswith: {
    params: ['prefix', 'start', 'end'],
    run: (value, [part, a, b]) => ends(slice(value, a, b), part, 'startsWith'),
  },
  endswith: {
    params: ['suffix', 'start', 'end'],
    run: (value, [part, a, b]) => ends(slice(value, a, b), part, 'endsWith'),
  },
  removeprefix: {
    params: ['prefix'],
    run: (value, [part]) => (value.startsWith(text(part)) ? value.slice(text(part).length) : value),
  },
  removesuffix: {
    params: ['suffix'],
    run: (value, [part]) => (text(part) && value.endsWith(text(part)) ? value.slice(0, -text(part).length) : value),
  },
  find: { params: ['sub', 'start', 'end'], run: (value, [part, a, b]) => find(value, part, a, b, false) },
  rfind: { params: ['sub', 'start', 'end'], run: (value, [part, a, b]) => find(value, part, a, b, true) },
  index: {
    params: ['sub', 'start', 'end'],
    run: (value, [part, a, b]) => {
      const at = find(value, part, a, b, false);
      return at < 0 ? fail(`${repr(part)} is not in ${repr(value)}`) : at;
    },
  },
  count: {
    params: ['sub', 'start', 'end'],
    run: (value, [part, a, b]) => slice(value, a, b).split(text(part)).length - 1,
  },
  join: {
    params: ['iterable'],
    run: (value, [items]) =>
      iterate(items)
        .map((item) => text(item, 'texts to join'))
        .join(value),
  },
  center: { params: ['width', 'fillchar'], run: (value, [width, mark]) => fill(value, width, mark, 'both') },
  ljust: { params: ['width', 'fillchar'], run: (value, [width, mark]) => fill(value, width, mark, 'right') },
  rjust: { params: ['width', 'fillchar'], run: (value, [width, mark]) => fill(value, width, mark, 'left') },
  zfill: { params: ['width'], run: (value, [width]) => zfill(value, width) },
  expandtabs: {
    params: ['tabsize'],
    run: (value, [size]) =>
      value.replace(/[^\n]*/g, (line) => {
        let at = 0;
        const width = count(size, 8);
        return line.replace(/\t|[^\t]/gu, (c) => {
          const room = c === '\t' ? width - (at % width) : 1;
          at += room;
          return c === '\t' ? ' '.repeat(room) : c;
        });
      }),
  },
  isdigit: flag(/^\p{Nd}+$/u),
  isdecimal: flag(/^\p{Nd}+$/u),
  isnumeric: flag(/^\p{N}+$/u),
  isalpha: flag(/^\p{L}+$/u),
  isalnum: flag(/^[\p{L}\p{N}]+$/u),
  isspace: flag(new RegExp(`^[${blanks}]+$`)),
  isidentifier: flag(/^[\p{L}_][\p{L}\p{N}_]*$/u),
  isascii: { params: [], run: (value) => [...value].every((letter) => (letter.codePointAt(0) ?? 0) < 128) },
  isupper: { params: [], run: (value) => cased(value, (part) => part.toUpperCase()) },
  islower: { params: [], run: (value) => cased(value, (part) => part.toLowerCase()) },
};

/** @returns the method `name` of a text, bound to it */
export const textMethod = (
  value: string,
  name: string,
  look: (value: unknown, path: string) => unknown,
): { params?: readonly string[]; run: (args: Args, named: ReadonlyMap<string, unknown>) => unknown } | undefined => {
  if (name === 'format') return { run: (args, named) => braceFormat(value, args, named, look) };
  if (name === 'format_map') {
    const entries = (args: Args) =>
      isDict(args[0]) ? dictEntries(args[0]).map(([key, item]) => [String(key), item] as const) : [];
    return { run: (args) => braceFormat(value, [], new Map(entries(args)), look) };
  }
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  return method && { params: method.params, run: (args) => method.run(value, args) };
};
