import { isSecretField } from './redact/names.ts';
import { redact } from './redact.ts';
import { mask } from './redact-registered.ts';

/** Fields whose words are ours, not a device's: a password that happens to be one of them must not break a record. */
const ours = new Set(['device', 'id', 'job', 'kind', 'state', 'step', 'code', 'mode', 'runner', 'sha256', 'at']);

const covered = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(covered);
  if (typeof value === 'string' || typeof value === 'number') return value === '' ? '' : mask;
  return redactAll(value);
};

/** The same value with every secret in it masked, by field name too: what leaves us as JSON goes through here. */
export const redactAll = (value: unknown): unknown => {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map(redactAll);
  if (!value || typeof value !== 'object') return value;
  const masked = ([name, inner]: [string, unknown]): [string, unknown] => {
    if (ours.has(name) && typeof inner === 'string') return [name, inner];
    return [name, isSecretField(name) ? covered(inner) : redactAll(inner)];
  };
  return Object.fromEntries(Object.entries(value).map(masked));
};
