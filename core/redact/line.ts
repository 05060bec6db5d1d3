import { mask } from '../redact-registered.ts';
import { announcedIn, assignedIn, mayName } from './generic.ts';
import type { Span } from './match.ts';
import { allSecrets } from './registry.ts';
import { shapesIn } from './shapes.ts';
import { findStatement } from './statements.ts';
import { type Segment, segmentsOf } from './words.ts';

const deepest = 3;

const inSegment = (line: string, segment: Segment, path: string): Span[] => {
  const { statements, harmless } = allSecrets();
  const { words } = segment;
  const match = findStatement(statements, words, path);
  const named = mayName(line);
  if ((!match && !named) || findStatement(harmless, words, '')) return [];
  const spans = match?.found.secrets ?? [];
  if (!named) return spans;
  const unknown: [number, number][] = match ? [[0, match.start], ...match.found.open] : [[0, words.length]];
  const unnamed = unknown.flatMap(([from, to]) => {
    const [first, last] = [words[from], words[to - 1]];
    if (from >= to || !first || !last) return [];
    const part = { words: words.slice(from, to), opens: segment.opens && to === words.length };
    return [...announcedIn(part), ...assignedIn(line, first.start, last.end)];
  });
  return [...spans, ...unnamed];
};

const covers = (spans: readonly Span[], start: number, end: number): boolean =>
  spans.some((span) => span.start < end && span.end > start);

/** Commands that stand in quotes: in a message, as an argument of a shell. */
const inQuotes = (line: string, segment: Segment, known: readonly Span[], path: string, depth: number): Span[] =>
  segment.words.flatMap((word) => {
    const opens = /^[^"']{0,64}?(["'])(?=[^"']*[\s=])/.exec(word.text);
    if (!opens || depth >= deepest || covers(known, word.start, word.end)) return [];
    const from = word.start + opens[0].length;
    const close = word.text.lastIndexOf(opens[1] ?? '"');
    const to = close > opens[0].length ? word.start + close : word.end;
    return commandSpans(line.slice(from, to), path, depth + 1).map(({ start, end }) => ({
      start: from + start,
      end: from + end,
    }));
  });

/** The sign of a diff is no letter of the first word. */
const withoutSign = (line: string): string => (/^[-+](?![-+])/.test(line) ? ` ${line.slice(1)}` : line);

const commandSpans = (line: string, path: string, depth = 0): Span[] =>
  segmentsOf(withoutSign(line)).reduce<{ spans: Span[]; path: string }>(
    ({ spans, path: around }, segment) => {
      const known = inSegment(line, segment, around);
      const quoted = inQuotes(line, segment, known, around, depth);
      const head = segment.opens ? segment.words.map(({ text }) => text).join(' ') : '';
      const inner = head === '' ? around : around === '' ? head : `${around}\n${head}`;
      return { spans: [...spans, ...known, ...quoted], path: inner };
    },
    { spans: [], path },
  ).spans;

/** What stands between tags is text of its own, and a tag a row of names and values; descriptions are left as they are. */
const inTags = (line: string, path: string): Span[] => {
  const spans: Span[] = [];
  let at = 0;
  let tag = '';
  for (const found of line.matchAll(/<[/!?]?[A-Za-z][^<>]{0,4096}>/g)) {
    if (found[0] === mask) continue;
    if (!/^<(?:\w+:)?description/.test(tag)) spans.push(...within(line, at, found.index, path));
    at = found.index + found[0].length;
    tag = found[0];
    spans.push(...assignedIn(line, found.index, at));
  }
  return [...spans, ...within(line, at, line.length, path)];
};

const within = (line: string, from: number, to: number, path: string): Span[] =>
  commandSpans(line.slice(from, to), path).map(({ start, end }) => ({ start: from + start, end: from + end }));

/** One after the other, none within another. */
const merged = (spans: readonly Span[]): Span[] => {
  const out: Span[] = [];
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = out.at(-1);
    if (last && start < last.end) last.end = Math.max(last.end, end);
    else if (end > start) out.push({ start, end });
  }
  return out;
};

/** Quotes around a secret stay, and what closes behind it. */
const trimmed = (line: string, { start, end }: Span): Span => {
  const text = line.slice(start, end);
  const quote = /^["']/.exec(text)?.[0];
  if (!quote) return { start, end };
  const close = text.lastIndexOf(quote);
  return close > 0 && /^[,;:)\]}>/]*$/.test(text.slice(close + 1))
    ? { start: start + 1, end: start + close }
    : { start, end };
};

/** Where the secrets of a line stand. @param path heads of the blocks around it, a line each; '' where none is known */
export const secretSpans = (line: string, path: string): Span[] =>
  merged([
    ...(mayName(line) || allSecrets().statements.mayHold(line, path)
      ? /<\/[A-Za-z]/.test(line)
        ? inTags(line, path)
        : commandSpans(line, path)
      : []),
    ...shapesIn(line, allSecrets().shapes),
  ])
    .map((span) => trimmed(line, span))
    .filter(({ start, end }) => end > start);

/** The line with a mask in the place of its secrets. */
export const cover = (line: string, spans: readonly Span[], by: string = mask): string => {
  let out = '';
  let at = 0;
  for (const { start, end } of spans) {
    out += line.slice(at, start) + by;
    at = end;
  }
  return out + line.slice(at);
};
