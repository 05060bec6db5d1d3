const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

const mergeValue = (far: unknown, near: unknown): unknown => {
  if (isPlain(far) && isPlain(near)) return mergeDeep(far, near);
  if (isMapping(far) && isMapping(near)) {
    const merged = new Map(entriesOf(far));
    for (const [key, value] of entriesOf(near)) merged.set(key, mergeValue(merged.get(key), value));
    return merged;
  }
  return near;
};

const isMapping = (value: unknown): value is Record<string, unknown> | Map<unknown, unknown> =>
  value instanceof Map || isPlain(value);

const entriesOf = (value: Record<string, unknown> | Map<unknown, unknown>): [unknown, unknown][] =>
  value instanceof Map ? [...value] : Object.entries(value);

/** Maps merge key by key, at every depth; for anything else (lists too), the nearer one wins. Neither is changed. */
export const mergeDeep = (far: Record<string, unknown>, near: Record<string, unknown>): Record<string, unknown> => {
  const merged = new Map(Object.entries(far));
  for (const [key, value] of Object.entries(near)) merged.set(key, mergeValue(merged.get(key), value));
  return Object.fromEntries(merged); // not by assignment: a key may be called __proto__
};
