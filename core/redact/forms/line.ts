import { announcedIn, assignedIn, mayName } from '../generic.ts';
import type { Span } from '../match.ts';
import { mask } from '../redact-registered.ts';
import { allSecrets } from '../registry.ts';
import { type Found, findStatement } from '../statements.ts';
import { type Segment, segmentsOf, type Word } from '../words.ts';

const deepest = 3;
/** No statement has more words; what follows is examined separately. */
const mostWords = 128;
/** How much is kept of the heads of the blocks around a statement. */
const longestPath = 2000;

/** The secrets of a statement that a platform described, and the words that the description leaves open. */
const described = (words: readonly Word[], path: string): { spans: Span[]; unknown: [number, number][] } => {
  const part = words.length > mostWords ? words.slice(0, mostWords) : words;
  const match = findStatement(allSecrets().statements, part, path);
  if (!match) return { spans: [], unknown: [[0, words.length]] };
  const { secrets, open } = match.found;
  const [last, end] = [secrets.at(-1), part.at(-1)?.end];
  const goesOn = part !== words && last?.end === end;
  const spans =
    goesOn && last ? [...secrets.slice(0, -1), { start: last.start, end: words.at(-1)?.end ?? last.end }] : secrets;
  return {
    spans,
    unknown: [[0, match.start], ...open, ...(goesOn ? [] : [[part.length, words.length] as [number, number]])],
  };
};

/** The words around a statement without a secret, and those that it leaves open with `...`: there may be one. */
const besides = ({ start, found, statement }: Found): [number, number][] => [
  [0, start],
  ...(statement.pattern.source.endsWith('...') ? found.open.slice(-1) : []),
];

/** A word of its own, by which a statement that is the head of a block says so. */
const brace = { text: '{', start: 0, end: 0 };

const harmlessIn = (words: readonly Word[], opens: boolean, path: string): Found | undefined => {
  const { harmless } = allSecrets();
  return findStatement(harmless, words, path) ?? (opens ? findStatement(harmless, [...words, brace], path) : undefined);
};

const inSegment = (line: string, { words, opens }: Segment, path: string): Span[] => {
  const { spans, unknown } = described(words, path);
  const named = mayName(line);
  if (spans.length === 0 && !named) return [];
  const harmless = harmlessIn(words.slice(0, mostWords), opens, path);
  if (!named) return harmless ? [] : spans;
  const parts = harmless ? besides(harmless) : unknown;
  const more = parts.flatMap(([from, to]) => {
    const [first, last] = [words[from], words[to - 1]];
    if (from >= to || !first || !last) return [];
    const part = { words: words.slice(from, to), opens: opens && to === words.length };
    return [...announcedIn(part), ...assignedIn(line, first.start, last.end)];
  });
  return harmless ? more : [...spans, ...more];
};

const covers = (spans: readonly Span[], start: number, end: number): boolean =>
  spans.some((span) => span.start < end && span.end > start);

/** Commands that stand in quotes: in a message, as an argument of a shell. */
const inQuotes = (line: string, segment: Segment, known: readonly Span[], path: string, depth: number): Span[] => {
  if (!/["']/.test(line)) return [];
  return segment.words.flatMap((word) => {
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
};

/** The sign of a diff is not part of the first word. */
const withoutSign = (line: string): string => (/^[-+](?![-+])/.test(line) ? ` ${line.slice(1)}` : line);

const commandSpans = (line: string, path: string, depth = 0): Span[] => {
  const spans: Span[] = [];
  let around = path;
  for (const segment of segmentsOf(withoutSign(line))) {
    const known = inSegment(line, segment, around);
    spans.push(...known, ...inQuotes(line, segment, known, around, depth));
    if (!segment.opens || around.length > longestPath) continue;
    const head = segment.words.map(({ text }) => text).join(' ');
    around = around === '' ? head : `${around}\n${head}`;
  }
  return spans;
};

/**
 * What is between tags is separate text, and a tag is a row of names and values; descriptions are left as they are.
 */
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
export const merged = (spans: readonly Span[]): Span[] => {
  const out: Span[] = [];
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = out.at(-1);
    if (last && start < last.end) last.end = Math.max(last.end, end);
    else if (end > start) out.push({ start, end });
  }
  return out;
};

/** Quotes around a secret stay, and so does what closes after it. */
const trimmed = (line: string, { start, end }: Span): Span => {
  const text = line.slice(start, end);
  const quote = /^["']/.exec(text)?.[0];
  if (!quote) return { start, end };
  const close = text.lastIndexOf(quote);
  return close > 0 && /^[,;:)\]}>/]*$/.test(text.slice(close + 1))
    ? { start: start + 1, end: start + close }
    : { start, end };
};

const none: readonly Span[] = [];

/** Where the secrets of a line are. @param path heads of the blocks around it, a line each; '' where none is known */
export const secretSpans = (line: string, path: string): readonly Span[] => {
  const { statements, shapesIn } = allSecrets();
  const shaped = shapesIn(line);
  if (!statements.mayHold(line, path)) return shaped.length === 0 ? none : told(line, shaped);
  return told(line, [...(/<\/[A-Za-z]/.test(line) ? inTags(line, path) : commandSpans(line, path)), ...shaped]);
};

const told = (line: string, spans: readonly Span[]): Span[] =>
  merged(spans)
    .map((span) => trimmed(line, span))
    .filter(({ start, end }) => end > start);

/** The line with its secrets masked. */
export const cover = (line: string, spans: readonly Span[], by: string = mask): string => {
  let out = '';
  let at = 0;
  for (const { start, end } of spans) {
    out += line.slice(at, start) + by;
    at = end;
  }
  return out + line.slice(at);
};
