import { dictEntries, iterate, truthy } from './contents.ts';
import { fail } from './failure.ts';
import { braceFormat } from './format.ts';
import { joined, room } from './limits.ts';
import { repr } from './text.ts';
import {
  blanks,
  capitalize,
  count,
  ends,
  fill,
  find,
  partition,
  replace,
  slice,
  split,
  splitLines,
  splitRight,
  strip,
  text,
  zfill,
} from './text-parts.ts';
import { isDict } from './values.ts';

// The methods of Python's str. `undefined` stands for an argument that was not given.

type Args = readonly unknown[];
type Method = { params: readonly string[]; run: (text: string, args: Args) => unknown };

const all = (value: string, pattern: RegExp) => pattern.test(value);
const flag = (pattern: RegExp): Method => ({ params: [], run: (value) => all(value, pattern) });
const cased = (value: string, other: (text: string) => string) =>
  value === other(value) && value.toUpperCase() !== value.toLowerCase();
const map = (run: (value: string) => string): Method => ({ params: [], run });

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
      joined(
        iterate(items).map((item) => text(item, 'texts to join')),
        value,
      ),
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
        room(width * line.length);
        return line.replace(/\t|[^\t]/gu, (c) => {
          const gap = c === '\t' ? width - (at % width) : 1;
          at += gap;
          return c === '\t' ? ' '.repeat(gap) : c;
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
  isprintable: flag(/^(?:[^\p{C}\p{Z}]| )*$/u),
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
