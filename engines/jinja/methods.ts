import { bind } from './arguments.ts';
import { equals } from './compare.ts';
import { dictEntries, dictGet, dictHas, dictSet, iterate, truthy } from './contents.ts';
import { fail } from './failure.ts';
import { textMethod } from './methods-text.ts';
import { sorted } from './order.ts';
import { repr } from './text.ts';
import {
  type Callable,
  type Dict,
  DictView,
  Float,
  isDict,
  isFloat,
  isInt,
  Tuple,
  toInt,
  toNumber,
  tuple,
} from './values.ts';

type Method = { params: readonly string[]; run: (...args: unknown[]) => unknown };

const view = (kind: string, items: readonly unknown[]): DictView => {
  const made = new DictView();
  for (const item of items) made.push(item);
  made.view = kind;
  return made;
};

const remove = (dict: Dict, key: unknown): void => {
  if (dict instanceof Map) dict.delete(key);
  else delete dict[String(key)];
};

const dictMethods = (dict: Dict): Record<string, Method> => ({
  items: {
    params: [],
    run: () =>
      view(
        'dict_items',
        dictEntries(dict).map((entry) => tuple(entry)),
      ),
  },
  keys: {
    params: [],
    run: () =>
      view(
        'dict_keys',
        dictEntries(dict).map(([key]) => key),
      ),
  },
  values: {
    params: [],
    run: () =>
      view(
        'dict_values',
        dictEntries(dict).map(([, value]) => value),
      ),
  },
  get: {
    params: ['key', 'default'],
    run: (key, otherwise = null) => (dictHas(dict, key) ? dictGet(dict, key) : otherwise),
  },
  copy: { params: [], run: () => new Map(dictEntries(dict)) },
  update: {
    params: ['other'],
    run: (other) => {
      const pairs = isDict(other)
        ? dictEntries(other)
        : iterate(other).map((pair) => iterate(pair) as [unknown, unknown]);
      for (const [key, value] of pairs) dictSet(dict, key, value);
      return null;
    },
  },
  setdefault: {
    params: ['key', 'default'],
    run: (key, value = null) => {
      if (!dictHas(dict, key)) dictSet(dict, key, value);
      return dictGet(dict, key);
    },
  },
  pop: {
    params: ['key', 'default'],
    run: (key, otherwise) => {
      if (!dictHas(dict, key))
        return otherwise === undefined ? fail(`pop(): the map has no key ${repr(key)}`) : otherwise;
      const value = dictGet(dict, key);
      remove(dict, key);
      return value;
    },
  },
});

const indexOf = (list: readonly unknown[], item: unknown): number => {
  const at = list.findIndex((one) => equals(one, item));
  return at < 0 ? fail(`${repr(item)} is not in the list`) : at;
};

const tupleMethods = (list: readonly unknown[]): Record<string, Method> => ({
  index: { params: ['value'], run: (item) => indexOf(list, item) },
  count: { params: ['value'], run: (item) => list.filter((one) => equals(one, item)).length },
});

const nothing = (_: unknown): null => null;

const listMethods = (list: unknown[]): Record<string, Method> => ({
  ...tupleMethods(list),
  append: { params: ['object'], run: (item) => nothing(list.push(item)) },
  extend: { params: ['iterable'], run: (items) => nothing(list.push(...iterate(items))) },
  insert: { params: ['index', 'object'], run: (at, item) => nothing(list.splice(toInt(at), 0, item)) },
  remove: { params: ['value'], run: (item) => nothing(list.splice(indexOf(list, item), 1)) },
  clear: { params: [], run: () => nothing(list.splice(0)) },
  copy: { params: [], run: () => [...list] },
  reverse: { params: [], run: () => nothing(list.reverse()) },
  sort: {
    params: ['key', 'reverse'],
    run: (_key, reverse) =>
      nothing(list.splice(0, list.length, ...sorted(list, (item) => item, truthy(reverse ?? false)))),
  },
  pop: {
    params: ['index'],
    run: (at = -1) => (list.length === 0 ? fail('pop(): the list is empty') : list.splice(toInt(at), 1)[0]),
  },
});

const numberMethods = (value: unknown): Record<string, Method> => ({
  ...(isInt(value) ? { bit_length: { params: [], run: () => BigInt(value).toString(2).replace('-', '').length } } : {}),
  ...(isFloat(value)
    ? { is_integer: { params: [], run: () => value instanceof Float || Number.isInteger(toNumber(value)) } }
    : {}),
});

const methodsOf = (value: unknown): Record<string, Method> => {
  if (isDict(value)) return dictMethods(value);
  if (value instanceof Tuple) return tupleMethods(value);
  if (value instanceof DictView) return {};
  return Array.isArray(value) ? listMethods(value) : numberMethods(value);
};

/** @returns the method `name` of a text, a list, a map or a number, bound to it; undefined where Python has none */
export const method = (
  value: unknown,
  name: string,
  look: (value: unknown, path: string) => unknown,
): Callable | undefined => {
  if (typeof value === 'string') {
    const found = textMethod(value, name, look);
    return (
      found && ((args, named) => found.run(found.params ? bind(`${name}()`, found.params, args, named) : args, named))
    );
  }
  const methods = methodsOf(value);
  const found = Object.hasOwn(methods, name) ? methods[name] : undefined;
  return found && ((args, named) => found.run(...bind(`${name}()`, found.params, args, named)));
};
