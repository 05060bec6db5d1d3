import { compare, contains, equals } from './compare.ts';
import { fail } from './failure.ts';
import type { Test } from './frame.ts';
import { binary } from './operators.ts';
import { str } from './text.ts';
import { DictView, defined, isDict, isFloat, isInt, isNumber, Lazy, Undefined } from './values.ts';

// Jinja2's tests (jinja2/tests.py, 3.1): what may stand after `is`, and in `select`.

const one = (args: readonly unknown[]): unknown =>
  args.length === 1 ? args[0] : fail('the test expects one argument');
const comparison =
  (op: Parameters<typeof compare>[0]): Test =>
  (value, args) =>
    compare(op, value, one(args));

const isDefined: Test = (value) => !(value instanceof Undefined) && value !== undefined;
const isSequence: Test = (value) =>
  typeof value === 'string' || isDict(value) || (Array.isArray(value) && !(value instanceof DictView));
const cased = (text: string, change: (part: string) => string) =>
  text === change(text) && text.toUpperCase() !== text.toLowerCase();
const [eq, ne, lt, le, gt, ge] = (['==', '!=', '<', '<=', '>', '>='] as const).map(comparison) as [
  Test,
  Test,
  Test,
  Test,
  Test,
  Test,
];

const rest = (value: unknown, by: unknown, is: number): boolean => equals(binary('%', value, by), is);

/** The tests by name. */
export const tests: Record<string, Test> = {
  boolean: (value) => typeof value === 'boolean',
  callable: (value) => typeof value === 'function',
  defined: isDefined,
  divisibleby: (value, args) => rest(value, one(args), 0),
  eq,
  '==': eq,
  equalto: eq,
  even: (value) => rest(value, 2, 0),
  false: (value) => value === false,
  filter: (value, _args, registry) => known(() => registry.filter(str(value))),
  float: (value) => isFloat(value),
  ge,
  '>=': ge,
  gt,
  '>': gt,
  greaterthan: gt,
  in: (value, args) => contains(value, one(args)),
  integer: (value) => isInt(value) && typeof value !== 'boolean',
  iterable: (value) => isSequence(defined(value), [], never) || value instanceof DictView || value instanceof Lazy,
  le,
  '<=': le,
  lower: (value) => cased(str(value), (text) => text.toLowerCase()),
  lt,
  '<': lt,
  lessthan: lt,
  mapping: (value) => isDict(value),
  ne,
  '!=': ne,
  none: (value) => value === null,
  number: (value) => isNumber(value),
  odd: (value) => rest(value, 2, 1),
  sameas: (value, args) =>
    value === one(args) || (isNumber(value) && typeof value === typeof one(args) && equals(value, one(args))),
  sequence: isSequence,
  string: (value) => typeof value === 'string',
  test: (value, _args, registry) => known(() => registry.test(str(value))),
  true: (value) => value === true,
  undefined: (value) => !isDefined(value, [], never),
  upper: (value) => cased(str(value), (text) => text.toUpperCase()),
};

const never = { filter: () => fail('unreachable'), test: () => fail('unreachable') };

const known = (find: () => unknown): boolean => {
  try {
    find();
    return true;
  } catch {
    return false;
  }
};
