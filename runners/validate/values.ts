import { PlumbError } from '../../core/errors.ts';
import { PythonRegex } from '../../engines/textfsm/python-regex.ts';
import { within } from '../../engines/textfsm/time-limit.ts';

/** A validation file that needs longer than this for one value has an expression that never ends. */
const limitMs = 2_000;

const quoted = (text: string): string => {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`);
  return `${quote}${escaped.replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t')}${quote}`;
};

/** As Python prints a value within a list or dictionary. */
const pythonInner = (value: unknown): string => (typeof value === 'string' ? quoted(value) : pythonText(value));

/** As Python prints a value. */
const pythonText = (value: unknown): string => {
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (value === null || value === undefined) return 'None';
  if (Array.isArray(value)) return `[${value.map(pythonInner).join(', ')}]`;
  if (typeof value !== 'object') return String(value);
  return `{${Object.entries(value)
    .map(([key, item]) => `${quoted(key)}: ${pythonInner(item)}`)
    .join(', ')}}`;
};

/** Equal as Python says it: 1 is True and 1.0, and containers by what is in them. */
export const isEqual = (one: unknown, other: unknown): boolean => {
  const plain = (value: unknown) => (typeof value === 'boolean' ? Number(value) : value);
  if (typeof one !== 'object' || one === null) return plain(one) === plain(other);
  if (typeof other !== 'object' || other === null || Array.isArray(one) !== Array.isArray(other)) return false;
  const [left, right] = [Object.entries(one), Object.entries(other)];
  return (
    left.length === right.length &&
    left.every(([key, value]) => Object.hasOwn(other, key) && isEqual(value, (other as Record<string, unknown>)[key]))
  );
};

/**
 * Whether an expression of Python's occurs in a value.
 *
 * @throws PlumbError `invalid_request` where it is none, or never ends
 */
export const searchText = (expression: string, actual: unknown, path: string): boolean => {
  try {
    const regex = new PythonRegex(`(?:[\\s\\S]*?)(?:${expression})`);
    return within(limitMs, () => regex.match(pythonText(actual)) !== undefined);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PlumbError('invalid_request', `${path}: "${expression}" is not a valid expression: ${reason}`, { cause });
  }
};

const numberOf = (actual: unknown): number => {
  if (typeof actual === 'number' || typeof actual === 'boolean') return Number(actual);
  return typeof actual === 'string' && actual.trim() !== '' ? Number(actual) : Number.NaN;
};

const operators: Record<string, (actual: number, wanted: number) => boolean> = {
  '<': (actual, wanted) => actual < wanted,
  '>': (actual, wanted) => actual > wanted,
  '<=': (actual, wanted) => actual <= wanted,
  '>=': (actual, wanted) => actual >= wanted,
};

/**
 * A text that is expected: `<20`, `>=5.5`, `10<->20`, `10%100`, or an expression. A value that is no number complies
 * with no comparison of numbers.
 */
export const compareText = (expected: string, actual: unknown, path: string): boolean => {
  const number = numberOf(actual);
  if (expected.startsWith('<') || expected.startsWith('>')) {
    const [, operator = '', wanted] = /^([<>]=?)(\d+(?:\.\d+)?)$/.exec(expected) ?? [];
    const holds = operators[operator];
    if (holds) return holds(number, Number(wanted));
    throw new PlumbError('invalid_request', `${path}: "${expected}" is not a comparison such as <20, >=5.5, 10<->20`);
  }
  const bounds = expected.split('<->').map((bound) => Number(bound.trim() || Number.NaN));
  if (bounds.length === 2) {
    const [low = Number.NaN, high = Number.NaN] = bounds;
    if (Number.isNaN(low + high)) throw new PlumbError('invalid_request', `${path}: "${expected}" is not a range`);
    return low <= number && number <= high;
  }
  const [, percent, middle] = /^(\d+)%(\d+)$/.exec(expected) ?? [];
  if (percent !== undefined) {
    const allowed = (Number(middle) * Number(percent)) / 100;
    return Math.abs(number - Number(middle)) <= allowed + 1e-9 * Math.abs(number);
  }
  return searchText(expected, actual, path) || expected === actual;
};
