import { fail } from './failure.ts';
import { weighed } from './limits.ts';
import { type Dict, defined, Float, isDict, Lazy, Tuple, typeName } from './values.ts';

// What is inside of a value: the entries of a map, the items of a list, whether there are any.

/** Equal values have equal keys, as 1 and 1.0. */
const keyOf = (key: unknown): unknown => {
  if (key instanceof Float) return key.value;
  return typeof key === 'boolean' ? Number(key) : key;
};

const hashable = (key: unknown): unknown => {
  if (Array.isArray(key) && !(key instanceof Tuple)) return fail('a list cannot be the key of a map');
  return isDict(key) ? fail('a map cannot be the key of a map') : key;
};

export const dictEntries = (dict: Dict): [unknown, unknown][] =>
  dict instanceof Map ? [...dict] : Object.entries(dict);

export const dictSize = (dict: Dict): number => (dict instanceof Map ? dict.size : Object.keys(dict).length);

const ownKey = (dict: Map<unknown, unknown>, key: unknown): unknown => {
  if (dict.has(key)) return key;
  if (key instanceof Tuple) return [...dict.keys()].find((own) => own instanceof Tuple && sameTuple(own, key));
  if (typeof key !== 'number' && typeof key !== 'boolean' && !(key instanceof Float)) return undefined;
  return [...dict.keys()].find((own) => keyOf(own) === keyOf(key));
};

const sameTuple = (a: Tuple, b: Tuple): boolean =>
  a.length === b.length && a.every((item, index) => keyOf(item) === keyOf(b[index]));

export const dictHas = (dict: Dict, key: unknown): boolean => {
  hashable(key);
  if (!(dict instanceof Map)) return typeof key === 'string' && Object.hasOwn(dict, key);
  return dict.has(key) || ownKey(dict, key) !== undefined;
};

export const dictGet = (dict: Dict, key: unknown): unknown => {
  hashable(key);
  if (!(dict instanceof Map)) return typeof key === 'string' && Object.hasOwn(dict, key) ? dict[key] : undefined;
  return dict.has(key) ? dict.get(key) : dict.get(ownKey(dict, key));
};

export const dictSet = (dict: Dict, key: unknown, value: unknown): void => {
  hashable(key);
  if (dict instanceof Map) dict.set(ownKey(dict, key) ?? key, value);
  else if (typeof key === 'string')
    Object.defineProperty(dict, key, { value, writable: true, enumerable: true, configurable: true });
  else fail('a key that is not a text cannot be added to a map of the inventory: copy it with dict()');
};

/** Python's truth: empty texts, lists and maps, zero and None are false. */
export const truthy = (value: unknown): boolean => {
  const known = defined(value);
  if (known === null || known === false || known === 0 || known === 0n || known === '') return false;
  if (known instanceof Float) return known.value !== 0;
  if (Array.isArray(known)) return known.length > 0;
  return !isDict(known) || dictSize(known) > 0;
};

/** The items that a loop goes over. @throws TemplateFailure for what cannot be gone over */
export const iterate = (value: unknown): readonly unknown[] => {
  const known = defined(value);
  if (Array.isArray(known)) return known;
  if (typeof known === 'string') return weighed([...known]);
  if (known instanceof Lazy) return known.take();
  if (isDict(known)) return dictEntries(known).map(([key]) => key);
  return fail(`expected a list, found ${typeName(known)}`);
};

export const lengthOf = (value: unknown): number => {
  const known = defined(value);
  if (typeof known === 'string') return [...known].length;
  if (Array.isArray(known)) return known.length;
  return isDict(known)
    ? dictSize(known)
    : fail(`${typeName(known)} has no length${known instanceof Lazy ? ': add "| list"' : ''}`);
};
