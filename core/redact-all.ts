import { redact } from './redact.ts';

/** The same value with every string in it masked: what leaves us as JSON goes through here. */
export const redactAll = (value: unknown): unknown => {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map(redactAll);
  if (value && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, redactAll(inner)]));
  }
  return value;
};
