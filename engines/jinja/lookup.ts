import { didYouMean } from '../nearest.ts';
import { dictEntries, dictGet, dictHas } from './contents.ts';
import { fail } from './failure.ts';
import { weighed } from './limits.ts';
import { method } from './methods.ts';
import { repr } from './text.ts';
import {
  Attributes,
  type Dict,
  DictView,
  defined,
  isDict,
  isInt,
  Lazy,
  Namespace,
  Range,
  Tuple,
  toInt,
  typeName,
  Undefined,
} from './values.ts';

/** `a:b:c` inside brackets. */
export class Slice {
  readonly parts: readonly [unknown, unknown, unknown];

  constructor(parts: readonly [unknown, unknown, unknown]) {
    this.parts = parts;
  }
}

const missing = (path: string, name: unknown, holder: unknown): Undefined =>
  new Undefined(() => {
    const what = path ? `"${path}" is undefined` : `${typeName(holder)} has no ${repr(name)}`;
    if (!isDict(holder)) return path ? `${what}: ${typeName(holder)} has no such part` : what;
    const keys = dictEntries(holder).map(([key]) => String(key));
    const guess = typeof name === 'string' ? didYouMean(name, keys) : '';
    const known = keys.length > 0 && keys.length <= 30 ? `: the map has ${keys.join(', ')}` : '';
    return what + (guess || known);
  });

const ofAttributes = (holder: unknown, name: string): unknown => {
  if (holder instanceof Namespace) return holder.attributes.get(name);
  if (holder instanceof Attributes) return holder.attribute(name);
  if (holder instanceof Tuple && holder.fields.includes(name)) return holder[holder.fields.indexOf(name)];
  return method(weighed(holder), name, follow);
};

const sliced = (holder: unknown, { parts }: Slice): unknown => {
  const [start, stop, step] = parts.map((part) => (part === undefined || part === null ? undefined : toInt(part)));
  const items =
    typeof holder === 'string'
      ? [...weighed(holder)]
      : Array.isArray(holder) && !(holder instanceof DictView)
        ? [...holder]
        : undefined;
  if (!items) return fail(`${typeName(holder)} cannot be sliced${holder instanceof Lazy ? ': add "| list"' : ''}`);
  const by = step ?? 1;
  if (by === 0) return fail('the step of a slice cannot be 0');
  const size = items.length;
  const [low, high] = by > 0 ? [0, size] : [-1, size - 1];
  const at = (place: number | undefined, byDefault: number) =>
    place === undefined ? byDefault : Math.min(high, Math.max(low, place < 0 ? place + size : place));
  const [from, to] = [at(start, by > 0 ? low : high), at(stop, by > 0 ? high : low)];
  const taken: unknown[] = [];
  for (let i = from; by > 0 ? i < to : i > to; i += by) taken.push(items[i]);
  if (typeof holder === 'string') return taken.join('');
  if (!(holder instanceof Tuple)) return taken;
  const made = new Tuple();
  for (const item of taken) made.push(item);
  return made;
};

const element = (holder: unknown, key: unknown): unknown => {
  if (isDict(holder)) return dictHas(holder as Dict, key) ? dictGet(holder, key) : undefined;
  if (!isInt(key)) return undefined;
  const index = Number(key);
  if (typeof holder === 'string') return [...weighed(holder)].at(index);
  if ((Array.isArray(holder) && !(holder instanceof DictView)) || holder instanceof Range) {
    return index < -holder.length ? undefined : holder.at(index);
  }
  return undefined;
};

/** `of.name`: an attribute or a method, then a key. @param path how the template writes it, for the message */
export const getAttribute = (of: unknown, name: string, path: string): unknown => {
  const holder = defined(of);
  const found = ofAttributes(holder, name);
  if (found !== undefined) return found;
  return isDict(holder) && dictHas(holder, name) ? dictGet(holder, name) : missing(path, name, holder);
};

/** `of[key]`: a key, then an attribute or a method. */
export const getItem = (of: unknown, key: unknown, path: string): unknown => {
  const holder = defined(of);
  if (key instanceof Slice) return sliced(holder, key);
  const known = defined(key);
  if (holder instanceof Lazy) return fail(`a generator has no index: add "| list" after ${holder.from}`);
  const found = element(holder, known);
  if (found !== undefined) return found;
  const attribute = typeof known === 'string' ? ofAttributes(holder, known) : undefined;
  return attribute === undefined ? missing(path, known, holder) : attribute;
};

/** Follows `a.b.0` as `map(attribute=…)` and its like do: numbers are indexes. */
export const getPath = (of: unknown, path: unknown): unknown => {
  const keys =
    typeof path === 'string' ? path.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part)) : [path];
  return keys.reduce((value, key) => getItem(value, key, String(path)), of);
};

/** Follows `.name` and `[key]` in a field of `format()`. */
const follow = (of: unknown, path: string): unknown => {
  let value = of;
  for (const [all, name, key] of path.matchAll(/\.([^.[]+)|\[([^\]]*)(?:\]|$)/g)) {
    if (name === undefined && !all.endsWith(']')) return fail(`the field "${all}" lacks its "]"`);
    value =
      name !== undefined
        ? getAttribute(value, name, name)
        : getItem(value, /^\d+$/.test(key ?? '') ? Number(key) : key, key ?? '');
  }
  return value;
};
