import { redactJson } from '../../redact/forms/json.ts';
import { redact } from '../../redact/redact.ts';
import { mask } from '../../redact/redact-registered.ts';
import type { Device } from '../schema.ts';
import { type Labels, labelChars, labelLevels } from './label.ts';

/** As JSON can hold it: it has no maps with numbers as keys, and no integers of any size. */
const plain = (_key: string, value: unknown): unknown => {
  if (value instanceof Map) return Object.fromEntries(value);
  return typeof value === 'bigint' ? String(value) : value;
};

const isScalar = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);

const flatten = (value: unknown, path: readonly string[], labels: Map<string, string[]>): void => {
  const found = (Array.isArray(value) ? value : [value]).filter(isScalar).map(String);
  const texts = found.filter((text) => text.length <= labelChars && !text.includes(mask));
  if (path.length > 0 && texts.length > 0) labels.set(path.join('.'), [...new Set(texts)]);
  if (path.length === labelLevels || typeof value !== 'object' || value === null || Array.isArray(value)) return;
  for (const [key, inner] of Object.entries(value)) flatten(inner, [...path, key], labels);
};

/** Role and vars of a device, as everyone may see them: what is or looks like a secret is no label. */
export const labelsOf = ({ role, vars }: Pick<Device, 'role' | 'vars'>): Labels => {
  const labels = new Map<string, string[]>();
  flatten(JSON.parse(redactJson(JSON.stringify(vars, plain), redact, mask)), [], labels);
  if (role !== undefined) labels.set('role', [role]);
  return Object.fromEntries(labels);
};
