import { isSecretField, redact } from './redact.ts';
import { mask } from './redact-registered.ts';

/** Fields whose words are ours, not a device's: a password that happens to be one of them must not break a record. */
const ours = new Set(['device', 'id', 'job', 'kind', 'state', 'step', 'code', 'mode', 'runner', 'sha256', 'at']);

/** The same value with every secret in it masked, by field name too: what leaves us as JSON goes through here. */
export const redactAll = (value: unknown): unknown => {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map(redactAll);
  if (!value || typeof value !== 'object') return value;
  const masked = ([name, inner]: [string, unknown]): [string, unknown] => {
    const isSecret = isSecretField(name) && (typeof inner === 'string' || typeof inner === 'number');
    if (ours.has(name) && typeof inner === 'string') return [name, inner];
    return [name, isSecret && inner !== '' ? mask : redactAll(inner)];
  };
  return Object.fromEntries(Object.entries(value).map(masked));
};
