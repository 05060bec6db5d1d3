import { fail } from './failure.ts';
import { percentFormat } from './format.ts';
import { capitalize, splitLines, strip } from './methods-text.ts';
import { str } from './text.ts';
import {
  defined,
  dictEntries,
  Float,
  isDict,
  isInt,
  isNumber,
  toInt,
  toNumber,
  truthy,
  tuple,
  typeName,
} from './values.ts';

// Jinja2's filters on texts (jinja2/filters.py, 3.1). `undefined` stands for an argument that was not given.

type Args = readonly unknown[];
/** A filter's parameters after the value, and what it does. */
export type Simple = { params: readonly string[]; run: (value: unknown, args: Args) => unknown };

const simple = (params: readonly string[], run: Simple['run']): Simple => ({ params, run });

const count = (value: unknown, byDefault: number): number => (value === undefined ? byDefault : toInt(value));

const indent = (value: unknown, [width, first, blank]: Args): string => {
  const by = typeof width === 'string' ? width : ' '.repeat(count(width, 4));
  const lines = splitLines(`${str(value)}\n`);
  const all = truthy(blank ?? false);
  const rest = lines.slice(1).map((line) => (line === '' && !all ? line : by + line));
  return (truthy(first ?? false) ? by : '') + [lines[0] ?? '', ...rest].join('\n');
};

const replace = (value: unknown, [old, fresh, most]: Args): string => {
  const text = str(value);
  const mark = str(old);
  const parts = mark === '' ? ['', ...text, ''] : text.split(mark);
  const limit = most === undefined || most === null ? -1 : toInt(most);
  if (limit < 0 || parts.length <= limit + 1) return parts.join(str(fresh));
  return [...parts.slice(0, limit), parts.slice(limit).join(mark)].join(str(fresh));
};

const truncate = (value: unknown, [length, kill, end, leeway]: Args): string => {
  const text = str(value);
  const size = count(length, 255);
  const mark = end === undefined ? '...' : str(end);
  if ([...text].length <= size + count(leeway, 5)) return text;
  const cut = text.slice(0, size - mark.length);
  if (truthy(kill ?? false)) return cut + mark;
  return (cut.includes(' ') ? cut.slice(0, cut.lastIndexOf(' ')) : cut) + mark;
};

const center = (value: unknown, [width]: Args): string => {
  const text = str(value);
  const size = count(width, 80);
  const missing = size - [...text].length;
  if (missing <= 0) return text;
  const left = Math.floor(missing / 2) + (missing & size & 1);
  return ' '.repeat(left) + text + ' '.repeat(missing - left);
};

/** Python's `int(text, base)`; undefined where it is no such number. */
const parseInteger = (text: string, base: number): number | bigint | undefined => {
  const match = /^\s*([+-]?)(0[xX]|0[oO]|0[bB])?([\da-zA-Z](?:_?[\da-zA-Z])*)\s*$/.exec(text);
  if (!match) return undefined;
  const [, sign, prefix, raw = ''] = match;
  const own = prefix ? { x: 16, o: 8, b: 2 }[prefix.toLowerCase().slice(1)] : undefined;
  if (own && base !== 0 && base !== own) return undefined;
  const radix = own ?? (base === 0 ? 10 : base);
  let whole = 0n;
  for (const letter of raw.replaceAll('_', '').toLowerCase()) {
    const digit = Number.parseInt(letter, 36);
    if (digit >= radix) return undefined;
    whole = whole * BigInt(radix) + BigInt(digit);
  }
  const value = sign === '-' ? -whole : whole;
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
};

const parseFloating = (text: string): number | undefined => {
  const plain = text.trim().replace(/(\d)_(?=\d)/g, '$1');
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain)) return Number(plain);
  const word = /^([+-]?)(inf|infinity|nan)$/i.exec(plain);
  if (!word) return undefined;
  return /^i/i.test(word[2] ?? '') ? (word[1] === '-' ? -Infinity : Infinity) : Number.NaN;
};

const toWhole = (value: number): number | bigint | undefined => {
  if (!Number.isFinite(value)) return undefined;
  const whole = Math.trunc(value);
  return Number.isSafeInteger(whole) ? whole + 0 : BigInt(whole);
};

const int = (value: unknown, [byDefault = 0, base]: Args): unknown => {
  const known = defined(value);
  if (typeof known === 'bigint') return known;
  if (isNumber(known)) return toWhole(toNumber(known)) ?? byDefault;
  if (typeof known !== 'string') return byDefault;
  const floating = () => {
    const parsed = parseFloating(known);
    return parsed === undefined ? undefined : toWhole(parsed);
  };
  return parseInteger(known, count(base, 10)) ?? floating() ?? byDefault;
};

const float = (value: unknown, [byDefault]: Args): unknown => {
  const known = defined(value);
  const otherwise = byDefault === undefined ? new Float(0) : byDefault;
  const number = isNumber(known) ? Number(known) : typeof known === 'string' ? parseFloating(known) : undefined;
  if (number === undefined) return otherwise;
  return Number.isInteger(number) || !Number.isFinite(number) ? new Float(number) : number;
};

/** Rounds as Python does: to even where both are equally near, on the exact value of the float. */
const roundEven = (value: number, precision: number): number => {
  if (precision < 0) {
    const unit = 10 ** -precision;
    const low = Math.floor(value / unit);
    const rest = value - low * unit;
    return (rest > unit / 2 || (rest === unit / 2 && low % 2 !== 0) ? low + 1 : low) * unit;
  }
  const digits = Math.min(precision, 60);
  const exact = Math.abs(value).toFixed(Math.min(100, digits + 40));
  const at = exact.indexOf('.') + digits + 1;
  const tie = /^50*$/.test(exact.slice(at));
  const cut = exact.slice(0, digits === 0 ? at - 1 : at);
  const even = /[02468]$/.test(cut);
  const rounded = tie && even ? Number(cut) : Number(Math.abs(value).toFixed(digits));
  return value < 0 ? -rounded : rounded;
};

const round = (value: unknown, [precision, method]: Args): unknown => {
  const known = defined(value);
  const places = count(precision, 0);
  const how = method === undefined ? 'common' : method;
  const number = toNumber(known);
  const asFloat = (result: number) => (Number.isInteger(result) ? new Float(result) : result);
  if (how === 'common')
    return isInt(known) ? (places < 0 ? roundEven(number, places) : number) : asFloat(roundEven(number, places));
  if (how !== 'ceil' && how !== 'floor') return fail('round() expects common, ceil or floor');
  return asFloat(Math[how](number * 10 ** places) / 10 ** places);
};

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

const absolute = (value: unknown): unknown => {
  if (isInt(defined(value))) return Number(value) < 0 ? -Number(value) : Number(value);
  const size = Math.abs(toNumber(value));
  return Number.isInteger(size) ? new Float(size) : size;
};

/** The filters that take a text or a number. */
export const textFilters: Record<string, Simple> = {
  abs: simple([], absolute),
  capitalize: simple([], (value) => capitalize(str(value))),
  center: simple(['width'], center),
  e: escaped,
  escape: escaped,
  float: simple(['default'], float),
  indent: simple(['width', 'first', 'blank'], indent),
  int: simple(['default', 'base'], int),
  lower: simple([], (value) => str(value).toLowerCase()),
  replace: simple(['old', 'new', 'count'], replace),
  round: simple(['precision', 'method'], round),
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
