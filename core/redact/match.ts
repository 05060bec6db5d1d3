import { literal, type Pattern } from './forms/notation.ts';
import { mask } from './redact-registered.ts';
import type { Word } from './words.ts';

/** A secret of a line: from its first letter to behind its last. */
export type Span = { start: number; end: number };

/**
 * How a line matched a statement: its secrets, the words that say how they are stored, where the first of these begins,
 * and which words (from, to) the statement says nothing about.
 */
export type Match = { secrets: Span[]; kinds: string[]; head: number; open: [number, number][] };

/** Words before a secret that say how it is written or stored. */
const kind =
  /^(?:\d{1,2}|8a|level|type|value|text|string|key-?string|md5|sha-?\d*|sha\d-\d+|scrypt|pbkdf2|encrypted(?:-password)?|unencrypted|clear(?:-?text)?|cipher|irreversible-cipher|simple|plain(?:-?text)?|hash(?:ed)?|ascii(?:-text)?|hex(?:adecimal)?|password6?|type-?\d|hmac(?:-\S{1,20})?|keyed-\S{1,20}|nt-?(?:encrypted|hash)|local|remote|ietf-md5|:?=|:)$/i;

export const isKind = (word: string): boolean => kind.test(word);

/** It begins after the word that says how it is stored, whatever that word is: `password 0 clear text`. */
const storage = /^(?:[05-9]|8a|(?:un)?encrypted|clear(?:-?text)?|(?:irreversible-)?cipher|simple|plain(?:-?text)?)$/i;

/** Where a secret begins, searching from `from`: after the words that say how it is stored. */
export const behindKinds = (words: readonly Word[], from: number): number => {
  let at = from;
  while (
    at + 1 < words.length &&
    isKind(words[at]?.text ?? '') &&
    !(at > from && storage.test(words[at - 1]?.text ?? ''))
  )
    at += 1;
  // only such words, and nothing after them: a secret that consists of such words
  if (at > from && at + 1 === words.length && isKind(words[at]?.text ?? '') && !storage.test(words[at - 1]?.text ?? ''))
    return from;
  return at;
};

const isMasked = (word: Word | undefined): boolean => word?.text.includes(mask) === true;

/**
 * Matches all of `words` from some word to their end. Each state is examined once, wherever it began, so that the time
 * is bounded by the product of both.
 */
export const matcher = ({ parts }: Pattern, words: readonly Word[]): ((start: number) => Match | undefined) => {
  const dead = new Set<number>();
  const walk = (part: number, at: number): Match | undefined => {
    const state = part * (words.length + 1) + at;
    if (dead.has(state)) return undefined;
    const found = step(part, at);
    if (!found) dead.add(state);
    return found;
  };
  const step = (index: number, at: number): Match | undefined => {
    const part = parts[index];
    if (!part) return at === words.length ? { secrets: [], kinds: [], head: -1, open: [] } : undefined;
    if (part.kind === 'maybe') return walk(index + 1, at) ?? walk(index + 1 + part.length, at);
    if (part.kind === 'gap') {
      for (let to = at; to <= words.length; to += 1) {
        const found = walk(index + 1, to);
        if (found) return { ...found, open: [[at, to], ...found.open] };
      }
      return undefined;
    }
    const word = words[at];
    if (!word) return undefined;
    if (part.kind === 'secret') return secretFrom(index, at, part);
    if (part.kind === 'number' && !/^\d+$/.test(word.text)) return undefined;
    if (part.kind === 'address' && !/^(?:default|\d+(?:\.\d+){3}|[\da-f]*:[\da-f:.]+)(?:\/[\d.]+)?$/i.test(word.text))
      return undefined;
    if (part.kind === 'one') return choice(part.words, index, word, at);
    return walk(index + 1, at + 1);
  };
  const choice = (of: ReadonlySet<string>, index: number, word: Word, at: number): Match | undefined => {
    const found = of.has(literal(word.text)) ? walk(index + 1, at + 1) : undefined;
    if (!found || of.size === 1 || !isKind(word.text)) return found;
    return { ...found, kinds: [word.text, ...found.kinds], head: word.start };
  };
  const secretFrom = (
    index: number,
    at: number,
    { rest, number }: { rest: boolean; number: boolean },
  ): Match | undefined => {
    const from = behindKinds(words, at);
    const kinds = words.slice(at, from).map(({ text }) => text);
    const head = words[at]?.start ?? 0;
    const first = words[from];
    if (!first || (!number && at + 1 === words.length && /^\d+$/.test(first.text))) return undefined;
    if (isMasked(first)) {
      // what follows was looked at before, in another form of the statement maybe
      const after = walk(index + 1, from + 1);
      return {
        secrets: [first, ...(after?.secrets ?? [])],
        kinds,
        head,
        open: after?.open ?? [[from + 1, words.length]],
      };
    }
    for (let to = from; to < words.length; to += 1) {
      const after = walk(index + 1, to + 1);
      const end = words[to]?.end ?? first.end;
      if (after) return { ...after, secrets: [{ start: first.start, end }, ...after.secrets], kinds, head };
      if (!rest) return undefined;
    }
    return undefined;
  };
  return (start) => walk(0, start);
};
