import { Float } from '../../engines/jinja/values.ts';

const plain = (value: unknown): unknown => {
  if (value instanceof Float) return value.value;
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [String(key), plain(item)]));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
};

/** Values of an inventory as plain JavaScript: nunjucks knows neither our floats nor maps with numbers as keys. */
export const withPlainValues = (values: Record<string, unknown>): Record<string, unknown> =>
  plain(values) as Record<string, unknown>;
