import type { BinaryOp, CompareOp } from './ast.ts';
import { fail } from './failure.ts';
import { percentFormat } from './format.ts';
import { str } from './text.ts';
import {
  defined,
  dictEntries,
  dictGet,
  dictHas,
  dictSize,
  Float,
  float,
  isDict,
  isFloat,
  isInt,
  isNumber,
  iterate,
  Lazy,
  Tuple,
  toInt,
  tuple,
  typeName,
  Undefined,
} from './values.ts';

/** A whole number, exact at any size. */
const int = (value: bigint): number | bigint => {
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : value;
};

/** A value to reckon or order with. */
const operand = (value: unknown): unknown => (value instanceof Undefined ? fail(value.message) : defined(value));

const asFloat = (value: unknown): number => (value instanceof Float ? value.value : Number(value));

const floorDivide = (a: bigint, b: bigint): bigint => {
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
};

const integers: Record<BinaryOp, (a: bigint, b: bigint) => number | bigint | Float> = {
  '+': (a, b) => int(a + b),
  '-': (a, b) => int(a - b),
  '*': (a, b) => int(a * b),
  '/': (a, b) => float(Number(a) / Number(b)),
  '//': (a, b) => int(floorDivide(a, b)),
  '%': (a, b) => int(a - b * floorDivide(a, b)),
  '**': (a, b) => {
    if (b < 0n) return float(Number(a) ** Number(b));
    return b > 4096n ? fail('the power is too large') : int(a ** b);
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
  '**': (a, b) => a ** b,
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
  if (op === '%' && typeof a === 'string') return percentFormat(a, right);
  const b = operand(right);
  if (isNumber(a) && isNumber(b)) {
    if ((op === '/' || op === '//' || op === '%') && asFloat(b) === 0) return fail('division by zero');
    if (isInt(a) && isInt(b)) return integers[op](BigInt(a), BigInt(b));
    return float(floats[op](asFloat(a), asFloat(b)));
  }
  if (op === '+') {
    if (typeof a === 'string' && typeof b === 'string') return a + b;
    if (a instanceof Tuple && b instanceof Tuple) return tuple([...a, ...b]);
    if (Array.isArray(a) && Array.isArray(b) && !(a instanceof Tuple) && !(b instanceof Tuple)) return [...a, ...b];
  }
  if (op === '*' && isRepeatable(a) && isInt(b)) return repeat(a, b);
  if (op === '*' && isInt(a) && isRepeatable(b)) return repeat(b, a);
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

/** Python's `==`. */
export const equals = (left: unknown, right: unknown): boolean => {
  const a = defined(left);
  const b = defined(right);
  if (left instanceof Undefined || right instanceof Undefined)
    return left instanceof Undefined === right instanceof Undefined;
  if (a === b) return true;
  if (isNumber(a) && isNumber(b)) return isInt(a) && isInt(b) ? BigInt(a) === BigInt(b) : asFloat(a) === asFloat(b);
  if (Array.isArray(a) && Array.isArray(b)) {
    const alike = a instanceof Tuple === b instanceof Tuple && a.length === b.length;
    return alike && a.every((item, index) => equals(item, b[index]));
  }
  if (!isDict(a) || !isDict(b) || dictSize(a) !== dictSize(b)) return false;
  return dictEntries(a).every(([key, item]) => dictHas(b, key) && equals(item, dictGet(b, key)));
};

const byCodePoint = (a: string, b: string): number => {
  const [x, y] = [[...a], [...b]];
  for (const [index, letter] of x.entries()) {
    const other = y[index];
    if (other === undefined) return 1;
    if (letter !== other) return (letter.codePointAt(0) ?? 0) - (other.codePointAt(0) ?? 0);
  }
  return x.length - y.length;
};

/** Below 0, 0 or above 0, as Python orders two values. @throws TemplateFailure where it does not */
export const order = (left: unknown, right: unknown): number => {
  const a = operand(left);
  const b = operand(right);
  if (isNumber(a) && isNumber(b)) {
    if (isInt(a) && isInt(b)) return Number(BigInt(a) > BigInt(b)) - Number(BigInt(a) < BigInt(b));
    return asFloat(a) - asFloat(b);
  }
  if (typeof a === 'string' && typeof b === 'string') return byCodePoint(a, b);
  if (Array.isArray(a) && Array.isArray(b) && a instanceof Tuple === b instanceof Tuple) {
    const at = a.findIndex((item, index) => index >= b.length || !equals(item, b[index]));
    return at < 0 || at >= b.length ? a.length - b.length : order(a[at], b[at]);
  }
  return fail(`${typeName(a)} and ${typeName(b)} cannot be ordered`);
};

/** Python's `in`. */
export const contains = (item: unknown, holder: unknown): boolean => {
  const known = defined(holder);
  if (typeof known === 'string') {
    const part = defined(item);
    return typeof part === 'string'
      ? known.includes(part)
      : fail(`expected a text to look for in a text, found ${typeName(part)}`);
  }
  if (isDict(known)) return dictHas(known, defined(item));
  if (Array.isArray(known) || known instanceof Lazy) return iterate(known).some((one) => equals(one, item));
  return fail(`"in" expects a list, a map or a text, found ${typeName(known)}`);
};

export const compare = (op: CompareOp, a: unknown, b: unknown): boolean => {
  switch (op) {
    case '==':
      return equals(a, b);
    case '!=':
      return !equals(a, b);
    case '<':
      return order(a, b) < 0;
    case '<=':
      return order(a, b) <= 0;
    case '>':
      return order(a, b) > 0;
    case '>=':
      return order(a, b) >= 0;
    case 'in':
      return contains(a, b);
    case 'not in':
      return !contains(a, b);
    default:
      return op satisfies never;
  }
};

/** `a ~ b`. */
export const concat = (values: readonly unknown[]): string => values.map(str).join('');
