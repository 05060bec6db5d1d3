import { lookThrough } from './forms/lines.ts';
import { mask } from './redact-registered.ts';

const shortest = 6;

/** The values that are secrets in a configuration, with their words: what its redaction removes, longest first. */
export const secretsIn = (config: string): string[] => {
  const found = new Set<string>();
  for (const secret of lookThrough(config).secrets) {
    for (const value of [secret, ...secret.split(/[\s"';]+/)]) {
      if (value.length >= shortest && !value.includes(mask)) found.add(value);
    }
  }
  return [...found].sort((a, b) => b.length - a.length);
};

/** Masks values that a device may repeat without a keyword before them, as in a mistyped line that it refuses. */
export const maskValues = (text: string, values: readonly string[]): string =>
  values.reduce((masked, value) => masked.replaceAll(value, mask), text);
