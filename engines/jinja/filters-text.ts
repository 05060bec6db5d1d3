import { dictEntries, truthy } from './contents.ts';
import { fail } from './failure.ts';
import { percentFormat } from './format.ts';
import { room } from './limits.ts';
import { str } from './text.ts';
import { capitalize, count, fill, replace, splitLines, strip } from './text-parts.ts';
import { isDict, tuple, typeName } from './values.ts';

// Jinja2's filters on texts (jinja2/filters.py, 3.1). `undefined` stands for an argument that was not given.

type Args = readonly unknown[];
/** A filter's parameters after the value, and what it does. */
export type Simple = { params: readonly string[]; run: (value: unknown, args: Args) => unknown };

/** @returns a filter of that type */
export const simple = (params: readonly string[], run: Simple['run']): Simple => ({ params, run });

const indent = (value: unknown, [width, first, blank]: Args): string => {
  const by = typeof width === 'string' ? width : ' '.repeat(count(width, 4));
  const lines = splitLines(`${str(value)}\n`);
  room(lines.length * by.length);
  const all = truthy(blank ?? false);
  const rest = lines.slice(1).map((line) => (line === '' && !all ? line : by + line));
  return (truthy(first ?? false) ? by : '') + [lines[0] ?? '', ...rest].join('\n');
};

const replaced = (value: unknown, [old, fresh, most]: Args): string =>
  replace(str(value), str(old), str(fresh), most === null ? undefined : most);

const truncate = (value: unknown, [length, kill, end, leeway]: Args): string => {
  const text = str(value);
  const size = count(length, 255);
  const mark = end === undefined ? '...' : str(end);
  if ([...text].length <= size + count(leeway, 5)) return text;
  const cut = text.slice(0, size - mark.length);
  if (truthy(kill ?? false)) return cut + mark;
  return (cut.includes(' ') ? cut.slice(0, cut.lastIndexOf(' ')) : cut) + mark;
};

const center = (value: unknown, [width]: Args): string => fill(str(value), count(width, 80), undefined, 'both');

const urlPart = (value: unknown, safe: string): string =>
  encodeURIComponent(str(value))
    .replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%2F', safe);

const urlencode = (value: unknown): string => {
  const pairs = isDict(value) ? dictEntries(value) : undefined;
  const part = (one: unknown) => urlPart(one, '%2F').replaceAll('%20', '+');
  return pairs ? pairs.map(([key, item]) => `${part(key)}=${part(item)}`).join('&') : urlPart(value, '/');
};

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', "'": '&#39;', '"': '&#34;' };
const escaped = simple([], (value) => str(value).replace(/[&<>'"]/g, (letter) => entities[letter] ?? letter));

const title = (value: unknown): string =>
  str(value)
    .split(/([-\s({[<]+)/)
    .map((word) => [...word].map((letter, at) => (at === 0 ? letter.toUpperCase() : letter.toLowerCase())).join(''))
    .join('');

/** The filters that take a text. */
export const textFilters: Record<string, Simple> = {
  capitalize: simple([], (value) => capitalize(str(value))),
  center: simple(['width'], center),
  e: escaped,
  escape: escaped,
  indent: simple(['width', 'first', 'blank'], indent),
  lower: simple([], (value) => str(value).toLowerCase()),
  replace: simple(['old', 'new', 'count'], replaced),
  safe: simple([], (value) => str(value)),
  string: simple([], (value) => str(value)),
  title: simple([], title),
  trim: simple(['chars'], (value, [set]) => strip(str(value), set, 'both')),
  truncate: simple(['length', 'killwords', 'end', 'leeway'], truncate),
  upper: simple([], (value) => str(value).toUpperCase()),
  urlencode: simple([], urlencode),
  wordcount: simple([], (value) => (str(value).match(/[\p{L}\p{N}_]+/gu) ?? []).length),
};

/** `"%s is %d" | format(a, b)`. */
export const formatFilter = (value: unknown, args: Args, named: ReadonlyMap<string, unknown>): string => {
  if (args.length > 0 && named.size > 0) return fail('format takes values or names, not both');
  const text = typeof value === 'string' ? value : fail(`format expects a text, found ${typeName(value)}`);
  return percentFormat(text, named.size > 0 ? new Map(named) : tuple(args));
};
