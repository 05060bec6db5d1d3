import { redactJson } from './redact/json.ts';
import { redact } from './redact.ts';
import { mask } from './redact-registered.ts';

/** Fields whose words are ours, not a device's: a password that happens to be one of them must not break a record. */
const ours = new Set(['device', 'id', 'job', 'kind', 'state', 'step', 'code', 'mode', 'runner', 'sha256', 'at']);

/** The same value as JSON holds it, with every secret in it masked, by field name too: what leaves us goes through here. */
export const redactAll = (value: unknown): unknown =>
  value === undefined ? undefined : JSON.parse(redactJson(JSON.stringify(value), redact, mask, ours));
