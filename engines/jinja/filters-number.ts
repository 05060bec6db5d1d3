import { fixed } from './decimals.ts';
import { fail } from './failure.ts';
import { type Simple, simple } from './filters-text.ts';
import { count } from './text-parts.ts';
import { defined, Float, isInt, isNumber, toNumber } from './values.ts';

// Jinja2's filters that make or change numbers (jinja2/filters.py, 3.1).

type Args = readonly unknown[];

/** Python reads no longer ones. */
const mostDigits = 4300;

/** Python's `int(text, base)`; undefined where it is no such number. */
const parseInteger = (text: string, base: number): number | bigint | undefined => {
  const match = /^\s*([+-]?)(0[xX]|0[oO]|0[bB])?([\da-zA-Z](?:_?[\da-zA-Z])*)\s*$/.exec(text);
  if (!match) return undefined;
  const [, sign, prefix, raw = ''] = match;
  if (raw.length > mostDigits) return undefined;
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
  if (/^[+-]?(\d+(?:\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(plain)) return Number(plain);
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
  const size = Math.abs(value);
  const sign = value < 0 || Object.is(value, -0) ? -1 : 1;
  if (precision >= 0) return sign * Number(fixed(size, precision));
  const unit = 10 ** -precision;
  const low = Math.floor(size / unit);
  const rest = size - low * unit;
  return sign * (rest > unit / 2 || (rest === unit / 2 && low % 2 !== 0) ? low + 1 : low) * unit;
};

const round = (value: unknown, [precision, method]: Args): unknown => {
  const known = defined(value);
  const places = count(precision, 0);
  const how = method === undefined ? 'common' : method;
  if (typeof known === 'bigint' && how === 'common')
    return places < 0 ? fail('the number is too large to round') : known;
  const number = typeof known === 'bigint' ? Number(known) : toNumber(known);
  const asFloat = (result: number) => (Number.isInteger(result) ? new Float(result) : result);
  if (how === 'common')
    return isInt(known) ? (places < 0 ? roundEven(number, places) : number) : asFloat(roundEven(number, places));
  if (how !== 'ceil' && how !== 'floor') return fail('round() expects common, ceil or floor');
  return asFloat((Math[how](number * 10 ** places) + 0) / 10 ** places); // + 0: no -0, which an int is not
};

const absolute = (value: unknown): unknown => {
  if (typeof value === 'bigint') return value < 0n ? -value : value;
  if (isInt(defined(value))) return Math.abs(Number(value));
  const size = Math.abs(toNumber(value));
  return Number.isInteger(size) ? new Float(size) : size;
};

/** The filters that give a number. */
export const numberFilters: Record<string, Simple> = {
  abs: simple([], absolute),
  float: simple(['default'], float),
  int: simple(['default', 'base'], int),
  round: simple(['precision', 'method'], round),
};
