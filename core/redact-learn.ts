import { redact } from './redact.ts';
import { mask } from './redact-registered.ts';

const shortest = 6;

/** The values that stand as secrets in a configuration: what its redaction takes away, longest first. */
export const secretsIn = (config: string): string[] => {
  const before = config.split('\n');
  const after = redact(config).split('\n');
  if (before.length !== after.length) return []; // a key block was folded: its lines are masked as such
  const found = new Set<string>();
  before.forEach((line, index) => {
    const shown = after[index] ?? '';
    if (line === shown) return;
    const kept = new Set(shown.split(/[\s"';]+/));
    for (const word of line.split(/[\s"';]+/)) if (word.length >= shortest && !kept.has(word)) found.add(word);
  });
  return [...found].sort((a, b) => b.length - a.length);
};

/** Masks values that a device may repeat where no keyword stands before them, as in a mistyped line that it refuses. */
export const maskValues = (text: string, values: readonly string[]): string =>
  values.reduce((masked, value) => masked.replaceAll(value, mask), text);
