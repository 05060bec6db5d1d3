import { order } from './compare.ts';
import { spend } from './limits.ts';

/** A sorted copy; equal items keep their order, also when it is reversed. */
export const sorted = <T>(items: readonly T[], key: (item: T) => unknown, reverse = false): T[] => {
  spend(items.length * Math.ceil(Math.log2(items.length + 1)));
  const keyed = items.map((item) => ({ item, key: key(item) }));
  keyed.sort((a, b) => (reverse ? order(b.key, a.key) : order(a.key, b.key)));
  return keyed.map(({ item }) => item);
};

/** Python's case folding for the filters that ignore case. */
export const ignoreCase = (value: unknown): unknown => (typeof value === 'string' ? value.toLowerCase() : value);
