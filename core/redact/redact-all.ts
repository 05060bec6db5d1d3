import { redactJson } from './forms/json.ts';
import { redact, redactInTurns } from './redact.ts';
import { mask } from './redact-registered.ts';

/**
 * Fields whose words are ours, not a device's: a password that happens to equal one of them must not break a record.
 */
const ours = new Set(['device', 'id', 'job', 'kind', 'state', 'step', 'code', 'mode', 'runner', 'sha256', 'at']);

/** Longer texts are searched with other work in between. */
const longText = 64 * 1024;

const longTexts = (value: unknown): string[] => {
  if (typeof value === 'string') return value.length > longText ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(longTexts) : [];
};

/**
 * The same value as JSON holds it, with every secret in it masked, by field name too: everything that leaves the
 * process goes through here.
 */
export const redactAll = async <T>(value: T): Promise<T> => {
  if (value === undefined) return value;
  const json = JSON.stringify(value);
  const done = new Map<string, string>();
  for (const text of json.length > longText ? longTexts(JSON.parse(json)) : [])
    if (!done.has(text)) done.set(text, await redactInTurns(text));
  return JSON.parse(redactJson(json, (text) => done.get(text) ?? redact(text), mask, ours)) as T;
};
