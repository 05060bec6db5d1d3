import { equals, order } from './compare.ts';
import { dictEntries, iterate, lengthOf, truthy } from './contents.ts';
import { fail } from './failure.ts';
import { type Simple, simple } from './filters-text.ts';
import { toJson } from './json.ts';
import { joined, spend } from './limits.ts';
import { getAttribute, getPath } from './lookup.ts';
import { binary } from './operators.ts';
import { ignoreCase, sorted } from './order.ts';
import { str } from './text.ts';
import { defined, Float, isDict, Lazy, Tuple, toInt, tuple, typeName, Undefined } from './values.ts';

// Jinja2's filters on lists and maps (jinja2/filters.py, 3.1).

type Args = readonly unknown[];
type Key = (item: unknown) => unknown;

const flag = (value: unknown): boolean => truthy(value ?? false);
const given = (value: unknown): boolean => value !== undefined && value !== null;

/** What to order or compare items by. */
const keyBy = (attribute: unknown, caseSensitive: unknown): Key => {
  const fold = flag(caseSensitive) ? (value: unknown) => value : ignoreCase;
  return (item) => fold(given(attribute) ? getPath(item, attribute) : item);
};

const sort = (value: unknown, [reverse, caseSensitive, attribute]: Args): unknown[] => {
  const parts = typeof attribute === 'string' ? attribute.split(',') : [attribute];
  const keys = parts.map((part) => keyBy(part, caseSensitive));
  return sorted(iterate(value), (item) => tuple(keys.map((key) => key(item))), flag(reverse));
};

const dictsort = (value: unknown, [caseSensitive, by, reverse]: Args): unknown[] => {
  const dict = defined(value);
  if (!isDict(dict)) return fail(`dictsort expects a map, found ${typeName(dict)}`);
  const at =
    by === undefined || by === 'key' ? 0 : by === 'value' ? 1 : fail('dictsort expects by="key" or by="value"');
  const fold = flag(caseSensitive) ? (part: unknown) => part : ignoreCase;
  return sorted(dictEntries(dict), (entry) => fold(entry[at]), flag(reverse)).map((entry) => tuple(entry));
};

const unique = (value: unknown, [caseSensitive, attribute]: Args): Lazy => {
  const key = keyBy(attribute, caseSensitive);
  const kept: unknown[] = [];
  const plain = new Set<unknown>();
  const odd: unknown[] = [];
  for (const item of iterate(value)) {
    const raw = defined(key(item));
    const one = raw instanceof Float || typeof raw === 'boolean' ? Number(raw) : raw;
    const isPlain = typeof one === 'string' || typeof one === 'number';
    if (isDict(one) || (Array.isArray(one) && !(one instanceof Tuple)))
      fail(`unique does not work on ${typeName(one)}`);
    if (isPlain ? plain.has(one) : odd.some((other) => equals(other, one))) continue;
    if (isPlain) plain.add(one);
    else odd.push(one);
    kept.push(item);
  }
  return new Lazy(kept, 'unique');
};

const groupby = (value: unknown, [attribute, byDefault, caseSensitive]: Args): unknown[] => {
  const read = (item: unknown) => {
    const found = getPath(item, attribute);
    return found instanceof Undefined && given(byDefault) ? byDefault : found;
  };
  const fold = flag(caseSensitive) ? (part: unknown) => part : ignoreCase;
  const groups: { key: unknown; name: unknown; items: unknown[] }[] = [];
  for (const item of sorted(iterate(value), (one) => fold(read(one)))) {
    const key = fold(read(item));
    const last = groups.at(-1);
    if (last && equals(last.key, key)) last.items.push(item);
    else groups.push({ key, name: read(item), items: [item] });
  }
  return groups.map(({ name, items }) => tuple([name, items], ['grouper', 'list']));
};

const extreme = (which: 'min' | 'max') =>
  simple(['case_sensitive', 'attribute'], (value, [caseSensitive, attribute]) => {
    const items = iterate(value);
    const key = keyBy(attribute, caseSensitive);
    if (items.length === 0) return new Undefined(() => `${which} of an empty list is undefined`);
    return items.reduce((best, item) => {
      const difference = order(key(item), key(best));
      return (which === 'min' ? difference < 0 : difference > 0) ? item : best;
    });
  });

const batch = (value: unknown, [size, fill]: Args): Lazy => {
  const per = toInt(size);
  const items = iterate(value);
  const rows: unknown[][] = [];
  for (let at = 0; at < items.length; at += Math.max(1, per)) rows.push(items.slice(at, at + per));
  const last = rows.at(-1);
  if (last && given(fill)) spend(per);
  if (last && given(fill)) while (last.length < per) last.push(fill);
  return new Lazy(rows, 'batch');
};

const slice = (value: unknown, [count, fill]: Args): Lazy => {
  const items = iterate(value);
  const slices = toInt(count);
  spend(slices);
  const size = Math.floor(items.length / slices);
  const longer = items.length % slices;
  let at = 0;
  const rows = Array.from({ length: slices }, (_, index) => {
    const row = items.slice(at, at + size + (index < longer ? 1 : 0));
    at += row.length;
    if (given(fill) && index >= longer) row.push(fill);
    return row;
  });
  return new Lazy(rows, 'slice');
};

const reverse = (value: unknown): unknown => {
  const known = defined(value);
  if (typeof known === 'string') return [...known].reverse().join('');
  if (isDict(known) || known instanceof Lazy || Array.isArray(known))
    return new Lazy([...iterate(known)].reverse(), 'reverse');
  return fail(`reverse expects a list or a text, found ${typeName(known)}`);
};

const items = (value: unknown): Lazy => {
  if (value instanceof Undefined) return new Lazy([], 'items');
  return isDict(value)
    ? new Lazy(
        dictEntries(value).map((entry) => tuple(entry)),
        'items',
      )
    : fail(`items expects a map, found ${typeName(value)}`);
};

const sum = (value: unknown, [attribute, start]: Args): unknown =>
  iterate(value)
    .map((item) => (given(attribute) ? getPath(item, attribute) : item))
    .reduce((total, item) => binary('+', total, item), start === undefined ? 0 : start);

const join = (value: unknown, [mark, attribute]: Args): string =>
  joined(
    iterate(value).map((item) => str(given(attribute) ? getPath(item, attribute) : item)),
    mark === undefined ? '' : str(mark),
  );

const end = (which: 'first' | 'last') =>
  simple([], (value) => {
    const known = defined(value);
    if (which === 'last' && known instanceof Lazy) return fail('last expects a list: add "| list"');
    const list = iterate(known);
    const missing = new Undefined(() => `${which} of an empty list is undefined`);
    return list.length === 0 ? missing : list.at(which === 'first' ? 0 : -1);
  });

const byDefault = simple(['default_value', 'boolean'], (value, [otherwise = '', boolean]) => {
  const missing = value instanceof Undefined || value === undefined;
  return missing || (flag(boolean) && !truthy(value)) ? otherwise : value;
});
const length = simple([], (value) => lengthOf(value));

/** The filters that take a list, a map or anything. */
export const listFilters: Record<string, Simple> = {
  attr: simple(['name'], (value, [name]) => {
    const known = defined(value);
    return isDict(known) && typeof name === 'string'
      ? new Undefined(() => `a map has no attribute "${name}": use [] for a key`)
      : getAttribute(known, str(name), '');
  }),
  batch: simple(['linecount', 'fill_with'], batch),
  count: length,
  d: byDefault,
  default: byDefault,
  dictsort: simple(['case_sensitive', 'by', 'reverse'], dictsort),
  first: end('first'),
  groupby: simple(['attribute', 'default', 'case_sensitive'], groupby),
  items: simple([], items),
  join: simple(['d', 'attribute'], join),
  last: end('last'),
  length,
  list: simple([], (value) => [...iterate(value)]),
  max: extreme('max'),
  min: extreme('min'),
  reverse: simple([], reverse),
  slice: simple(['slices', 'fill_with'], slice),
  sort: simple(['reverse', 'case_sensitive', 'attribute'], sort),
  sum: simple(['attribute', 'start'], sum),
  tojson: simple(['indent'], (value, [indent]) => toJson(value, given(indent) ? toInt(indent) : undefined)),
  unique: simple(['case_sensitive', 'attribute'], unique),
};
