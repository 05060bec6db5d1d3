import type { CompareOp } from './ast.ts';
import { dictEntries, dictGet, dictHas, dictSize, iterate } from './contents.ts';
import { fail } from './failure.ts';
import { defined, Float, isDict, isInt, isNumber, Lazy, Tuple, typeName, Undefined } from './values.ts';

/** A value to reckon or order with. */
export const operand = (value: unknown): unknown => (value instanceof Undefined ? fail(value.message) : defined(value));

/** A number without its kind. */
export const asFloat = (value: unknown): number => (value instanceof Float ? value.value : Number(value));

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
  const common = Math.min(a.length, b.length);
  let at = 0;
  while (at < common && a.charCodeAt(at) === b.charCodeAt(at)) at += 1;
  if (at === common) return a.length - b.length;
  if (at > 0 && /[\uD800-\uDBFF]/.test(a.charAt(at - 1))) at -= 1; // both have the first half of a pair there
  return (a.codePointAt(at) ?? 0) - (b.codePointAt(at) ?? 0);
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
