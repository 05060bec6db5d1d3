import type { Scanner } from './regex-escapes.ts';
import type { Node } from './regex-nodes.ts';

/** Whether a repetition begins here. `{` is a character unless it begins a count. */
export const isRepeat = (scanner: Scanner): boolean => {
  const next = scanner.peek();
  if (next !== '{') return next === '*' || next === '+' || next === '?';
  let ahead = 1;
  while (/[0-9]/.test(scanner.peek(ahead))) ahead++;
  const comma = scanner.peek(ahead) === ',';
  if (comma) ahead++;
  while (/[0-9]/.test(scanner.peek(ahead))) ahead++;
  return scanner.peek(ahead) === '}' && ahead > 1;
};

/** A repetition of what stands before it. @throws RegexError */
export const readRepeat = (scanner: Scanner, body: Node | undefined): Node => {
  const sign = scanner.next();
  let [min, max] = sign === '+' ? [1, Number.POSITIVE_INFINITY] : [0, sign === '?' ? 1 : Number.POSITIVE_INFINITY];
  if (sign === '{') {
    const low = scanner.run(/[0-9]/);
    const high = scanner.take(',') ? scanner.run(/[0-9]/) : low;
    scanner.next();
    min = Number(low);
    max = high === '' ? Number.POSITIVE_INFINITY : Number(high);
    if (max < min) return scanner.fail('min repeat greater than max repeat');
    // Python's own limit; JavaScript's is not far above it
    if (min > 2 ** 31 || (max > 2 ** 31 && high !== '')) return scanner.fail('the repetition number is too large');
  }
  if (!body || body.kind === 'place') return scanner.fail('nothing to repeat');
  if (body.kind === 'loop') return scanner.fail('multiple repeat');
  const how = scanner.take('?') ? 'lazy' : scanner.take('+') ? 'possessive' : 'greedy';
  return { kind: 'loop', body, min, max, how };
};
