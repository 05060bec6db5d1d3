import type { BinaryOp } from './ast.ts';
import { asFloat, operand } from './compare.ts';
import { fail } from './failure.ts';
import { percentFormat } from './format.ts';
import { joined, room, weighed } from './limits.ts';
import { str } from './text.ts';
import { type Float, float, isFloat, isInt, isNumber, Tuple, toInt, tuple, typeName } from './values.ts';

/** A whole number, exact at any size. */
const int = (value: bigint): number | bigint => {
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : value;
};

/** Of a number: beyond it reckoning takes seconds. */
const largest = 100_000n;
const bits = (value: bigint): bigint =>
  value < 1n << 53n && value > -(1n << 53n) ? 53n : BigInt(value.toString(16).length * 4);

const floorDivide = (a: bigint, b: bigint): bigint => {
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
};

const integers: Record<BinaryOp, (a: bigint, b: bigint) => number | bigint | Float> = {
  '+': (a, b) => int(a + b),
  '-': (a, b) => int(a - b),
  '*': (a, b) => (bits(a) + bits(b) > largest ? fail('the product is too large') : int(a * b)),
  '/': (a, b) => float(Number(a) / Number(b)),
  '//': (a, b) => int(floorDivide(a, b)),
  '%': (a, b) => int(a - b * floorDivide(a, b)),
  '**': (a, b) => {
    if (b < 0n) return float(floats['**'](Number(a), Number(b)));
    return b > 4096n || b * bits(a) > largest ? fail('the power is too large') : int(a ** b);
  },
};

/** As CPython divides floats: the rest has the divisor's sign, and the quotient fits the rest. */
const floorDivideFloats = (a: number, b: number): { quotient: number; rest: number } => {
  let rest = a % b;
  let exact = (a - rest) / b;
  if (rest !== 0 && rest < 0 !== b < 0) {
    rest += b;
    exact -= 1;
  }
  if (rest === 0) rest = b < 0 ? -0 : 0;
  const floor = Math.floor(exact);
  const quotient = exact - floor > 0.5 ? floor + 1 : floor;
  return { quotient: exact === 0 ? (a / b < 0 || Object.is(a / b, -0) ? -0 : 0) : quotient, rest };
};

const floats: Record<BinaryOp, (a: number, b: number) => number> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '//': (a, b) => floorDivideFloats(a, b).quotient,
  '%': (a, b) => floorDivideFloats(a, b).rest,
  '**': (a, b) => {
    if (a === 0 && b < 0) return fail('division by zero');
    return a < 0 && !Number.isInteger(b) ? fail('the root of a negative number') : a ** b;
  },
};

const repeat = (items: unknown, times: unknown): unknown => {
  const count = Math.max(0, toInt(times));
  const length = typeof items === 'string' ? items.length : (items as unknown[]).length;
  if (length * count > 10_000_000) return fail('the repeated value is too large');
  if (typeof items === 'string') return items.repeat(count);
  const all = Array.from({ length: count }, () => items as unknown[]).flat();
  return items instanceof Tuple ? tuple(all) : all;
};

const isRepeatable = (value: unknown): boolean => typeof value === 'string' || Array.isArray(value);

/** `left op right` with Python's meaning. */
export const binary = (op: BinaryOp, left: unknown, right: unknown): unknown => {
  const a = operand(left);
  if (op === '%' && typeof a === 'string') return weighed(percentFormat(a, right));
  const b = operand(right);
  if (isNumber(a) && isNumber(b)) {
    if ((op === '/' || op === '//' || op === '%') && asFloat(b) === 0) return fail('division by zero');
    if (isInt(a) && isInt(b)) return integers[op](BigInt(a), BigInt(b));
    return float(floats[op](asFloat(a), asFloat(b)));
  }
  if (op === '+') {
    if (typeof a === 'string' && typeof b === 'string') {
      room(a.length + b.length);
      return weighed(a + b);
    }
    if (a instanceof Tuple && b instanceof Tuple) return weighed(tuple([...a, ...b]));
    if (Array.isArray(a) && Array.isArray(b) && !(a instanceof Tuple) && !(b instanceof Tuple))
      return weighed([...a, ...b]);
  }
  if (op === '*' && isRepeatable(a) && isInt(b)) return weighed(repeat(a, b));
  if (op === '*' && isInt(a) && isRepeatable(b)) return weighed(repeat(b, a));
  const hint = op === '+' ? ': join texts with "~"' : '';
  return fail(`"${op}" does not work on ${typeName(a)} and ${typeName(b)}${hint}`);
};

export const negate = (value: unknown): unknown => {
  const known = operand(value);
  if (isInt(known)) return int(-BigInt(known));
  return isFloat(known) ? float(-asFloat(known)) : fail(`"-" does not work on ${typeName(known)}`);
};

export const plus = (value: unknown): unknown => {
  const known = operand(value);
  if (typeof known === 'boolean') return Number(known);
  return isNumber(known) ? known : fail(`"+" does not work on ${typeName(known)}`);
};

/** `a ~ b`. */
export const concat = (values: readonly unknown[]): string => {
  return joined(values.map(str), '');
};
