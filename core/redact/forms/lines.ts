import { type Fate, fatesOf } from '../keys.ts';
import type { Span } from '../match.ts';
import { mask } from '../redact-registered.ts';
import { isOdd, quoteCloses, spansOfJoined } from './joined.ts';
import { cover, merged, secretSpans } from './line.ts';
import { BlockPath } from './path.ts';

/** Longer lines are not searched: no configuration has one, and each pattern would cost its length. */
const longest = 8192;

const tooLong = (line: string): string =>
  line.replace(
    /^([-+ ]?\s*)[\s\S]*$/,
    (_, before: string) => `${before}<line of ${line.length} characters: too long to check for secrets, not shown>`,
  );

const wholeLine = (line: string): Span => {
  const start = /^[-+ ]?\s*/.exec(line)?.[0].length ?? 0;
  return { start, end: line.trimEnd().length };
};

const spansOf = (line: string, fate: Fate, path: string): readonly Span[] => {
  if (fate === 'public') return [];
  if (fate === 'whole') return line.trim().length > (/^[-+]/.test(line) ? 1 : 0) ? [wholeLine(line)] : [];
  if (fate) return [{ start: fate.from, end: fate.to }];
  return secretSpans(line, path);
};

/** XML and the like in one line: each element is examined as a separate line. */
const pieces = (line: string): string[] => (line.length > longest ? line.split(/(?<=>)(?=<)/) : [line]);

const looksLikeDiff = /^(?:[-+][^-+]|@@ |\[edit)/m;

/**
 * A text without its secrets, and what these were. `again`: some went over several lines, whose marks may be masked now: what
 * is left of them may look like a secret to whoever looks at it alone.
 */
type Looked = { text: string; secrets: string[]; again: boolean };

/** How often a line is searched until nothing more is found in it. */
const mostLooks = 4;

/** What is left of a line may be a secret's by its new neighbours: `password <secret>` is searched once more. */
const lookedThrough = (line: string, around: string): string => {
  let shown = line;
  for (let look = 1; look < mostLooks; look += 1) {
    const next = cover(shown, secretSpans(shown, around), mask);
    if (next === shown) break;
    shown = next;
  }
  return shown;
};

/** Line ends; a text inside JSON or a log has them as the two characters \n. */
const lineEnd = /(\r?\n|\\r\\n|\\n)/;

/** Lines between two halts. */
const stride = 1_000;

/** Whether the secret of a line may go on in the next one: behind a backslash, in quotes that stay open. */
const mayGoOn = (line: string): boolean => line.endsWith('\\') || isOdd(line, '"') || isOdd(line, "'");

/**
 * Masks the secrets of a text, line by line; the number of lines stays. Pauses now and then, so that other work can go
 * on.
 *
 * @param wanted lines that are looked at, besides those whose secret may go on in the next
 */
export const lookSteps = function* (
  text: string,
  by: string,
  wanted?: (line: string) => boolean,
): Generator<void, Looked> {
  const isPlain = !text.includes('\r\n') && !text.includes('\\n');
  const parts = isPlain ? [] : text.split(lineEnd);
  const lines = isPlain ? text.split('\n') : parts.filter((_, index) => index % 2 === 0);
  yield;
  const fates = fatesOf(lines);
  const path = new BlockPath(looksLikeDiff.test(text));
  const secrets: string[] = [];
  let again = fates.some((fate) => fate !== undefined && fate !== 'public');
  const ofJoined = new Map<number, readonly Span[]>();
  const spansAt = (line: string, index: number, around: string): readonly Span[] => {
    if (!ofJoined.has(index) && line.endsWith('\\')) {
      const parts = spansOfJoined(lines, index, (whole) => (whole.length > longest ? [] : secretSpans(whole, around)));
      for (const [at, spans] of (parts ?? []).entries()) {
        ofJoined.set(index + at, spans);
        again ||= spans.length > 0;
      }
    }
    const spans = spansOf(line, fates[index], around);
    const closes = quoteCloses(lines, index, spans.at(-1));
    if (closes) {
      again = true;
      fates.fill('whole', index + 1, closes.line);
      fates[closes.line] = { from: wholeLine(lines[closes.line] ?? '').start, to: closes.at };
    }
    const more = ofJoined.get(index) ?? [];
    return more.length === 0 ? spans : merged([...spans, ...more]);
  };
  const coverLine = (line: string, index: number): string => {
    if (line.length < 3 && !fates[index] && !ofJoined.has(index)) return line;
    const around = path.enter(line.length > longest ? '' : line);
    if (wanted && !fates[index] && !ofJoined.has(index) && !wanted(line) && !mayGoOn(line)) return line;
    return pieces(line)
      .map((piece) => {
        if (piece.length > longest) return tooLong(piece);
        const spans = piece === line ? spansAt(piece, index, around) : spansOf(piece, fates[index], around);
        if (spans.length === 0) return piece;
        for (const { start, end } of spans) secrets.push(piece.slice(start, end));
        const covered = cover(piece, spans, by);
        const through = by === mask && fates[index] === undefined ? lookedThrough(covered, around) : covered;
        return by === mask && through.length > longest ? tooLong(through) : through; // as masking it again would
      })
      .join('');
  };
  const shown: string[] = [];
  for (const [index, line] of lines.entries()) {
    if (index % stride === 0) yield;
    shown.push(coverLine(line, index));
  }
  yield;
  const masked = isPlain ? shown.join('\n') : parts.map((part, at) => (at % 2 === 0 ? shown[at / 2] : part)).join('');
  return { text: masked, secrets, again };
};

/** The same in one go. @param by replaces the secrets */
export const lookThrough = (text: string, by: string = mask): Looked => {
  const steps = lookSteps(text, by);
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value;
};
