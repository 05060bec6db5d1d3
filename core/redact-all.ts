import { isSecretField, redact } from './redact.ts';
import { mask } from './redact-registered.ts';

/** The same value with every secret in it masked, by field name too: what leaves us as JSON goes through here. */
export const redactAll = (value: unknown): unknown => {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map(redactAll);
  if (!value || typeof value !== 'object') return value;
  const masked = ([name, inner]: [string, unknown]): [string, unknown] => {
    const isSecret = isSecretField(name) && (typeof inner === 'string' || typeof inner === 'number');
    return [name, isSecret && inner !== '' ? mask : redactAll(inner)];
  };
  return Object.fromEntries(Object.entries(value).map(masked));
};
