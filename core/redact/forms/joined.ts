import type { Span } from '../match.ts';

// Secrets that continue on the next line: after a backslash, or in quotes that close further down.

/** More lines are not joined. */
const most = 50;

const goesOn = (line: string | undefined): boolean => line !== undefined && /(?:^|[ \t])\\$/.test(line);
const signOf = (line: string): string => /^[-+]/.exec(line)?.[0] ?? '';

/**
 * The secrets of lines that belong together, by position in each line, as `spansOf` finds them in the whole; undefined:
 * they do not.
 */
export const spansOfJoined = (
  lines: readonly string[],
  from: number,
  spansOf: (line: string) => readonly Span[],
): Span[][] | undefined => {
  const first = lines[from] ?? '';
  if (!goesOn(first)) return undefined;
  let end = from;
  const sign = signOf(first);
  while (end - from < most && goesOn(lines[end]) && end + 1 < lines.length && signOf(lines[end + 1] ?? '') === sign)
    end += 1;
  const parts = lines.slice(from, end + 1);
  // the same length as before: what separates the lines becomes blanks
  const whole = parts.map((line, at) => (at === 0 ? line : line.replace(/^[-+]/, ' ')).replace(/\\$/, ' ')).join(' ');
  const spans = spansOf(whole);
  let start = 0;
  return parts.map((line) => {
    const [begin, stop] = [start, start + line.replace(/\\$/, '').trimEnd().length];
    const indent = begin + (/^[-+]?\s*/.exec(line)?.[0].length ?? 0);
    start += line.length + 1;
    return spans
      .map((span) => ({ start: Math.max(span.start, indent) - begin, end: Math.min(span.end, stop) - begin }))
      .filter((span) => span.end > span.start);
  });
};

/** Whether quotes stay open after a line, or close in it. */
export const isOdd = (line: string, quote: string): boolean =>
  line.replaceAll(`\\${quote}`, '').split(quote).length % 2 === 0;

/** Where the quotes close that a secret at the end of line `from` opens: the line, and the position in it. */
export const quoteCloses = (
  lines: readonly string[],
  from: number,
  last: Span | undefined,
): { line: number; at: number } | undefined => {
  const line = lines[from] ?? '';
  if (!last || last.end < line.trimEnd().length) return undefined;
  const quote = /^["'](?=[^\s,;:)\]}])/.exec(line.slice(last.start))?.[0];
  if (quote === undefined || line.indexOf(quote, last.start + 1) >= 0 || !isOdd(line, quote)) return undefined;
  for (let next = from + 1; next < Math.min(lines.length, from + most); next += 1) {
    const at = lines[next]?.indexOf(quote) ?? -1;
    if (at >= 0) return isOdd(lines[next] ?? '', quote) ? { line: next, at } : undefined;
  }
  return undefined;
};
