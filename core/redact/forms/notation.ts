/** Options of programs mean something else in capitals; keywords do not. */
export const literal = (word: string): string => (word.startsWith('-') ? word : word.toLowerCase());

/**
 * A statement as a row of parts, from the notation in which platforms describe where their secrets are: literal words
 * are written as they are typed; `*` is one word, `#` a number, `@` an address, `~` any words, `{a|b}` one of several,
 * `[…]` may be missing, `...` is whatever follows. `<word>` is a secret of one word, `<rest>` one that may contain
 * blanks and continues to the end of the statement or to what is written after it, `<text>` the same, except that a
 * number alone is not one. Words that say how a secret is stored (`7`, `encrypted`, `sha512`) need not be written: they
 * may stand before any. `^` in front: only at the beginning of a line. `\*` is a star, `\{` the brace behind the head
 * of a block.
 */
type Part =
  | { kind: 'one'; words: ReadonlySet<string> }
  | { kind: 'any' }
  | { kind: 'number' }
  | { kind: 'address' }
  | { kind: 'gap' }
  | { kind: 'maybe'; length: number }
  | { kind: 'secret'; rest: boolean; number: boolean };

/** A compiled statement. */
export type Pattern = {
  source: string;
  parts: readonly Part[];
  atStart: boolean;
  /** A word and its secret, which may also occur in a sentence. */
  isBare: boolean;
  /** Sets of words, one of each of which must be there for it to match. */
  needs: readonly ReadonlySet<string>[];
  /** What it leaves open: 0 nothing, 1 where the secret ends, 2 what follows it. */
  loose: 0 | 1 | 2;
};

const tokens = /\[|\]|\{[^}]*\}|[^\s[\]]+/g;

const partOf = (token: string): Part => {
  if (/^<(?:word|rest|text)>$/.test(token))
    return { kind: 'secret', rest: token !== '<word>', number: token !== '<text>' };
  if (token === '~' || token === '...') return { kind: 'gap' };
  if (token === '*') return { kind: 'any' };
  if (token === '#') return { kind: 'number' };
  if (token === '@') return { kind: 'address' };
  const choices = token.startsWith('{') ? token.slice(1, -1).split('|') : [token];
  if (/\s/.test(token)) throw new Error(`${token}: a choice is one word`);
  return { kind: 'one', words: new Set(choices.map((choice) => literal(choice.replace(/^\\/, '')))) };
};

/** Words of which a line must hold one of each set to match: those before the first secret, as what follows a mask may be missing. */
const needsOf = (parts: readonly Part[]): ReadonlySet<string>[] => {
  const before: ReadonlySet<string>[] = [];
  const after: ReadonlySet<string>[] = [];
  let optional = 0;
  let passed = false;
  for (const part of parts) {
    if (part.kind === 'maybe') optional = Math.max(optional, part.length + 1);
    else if (part.kind === 'secret') passed = true;
    else if (part.kind === 'one' && optional === 0) (passed ? after : before).push(part.words);
    optional = Math.max(0, optional - 1);
  }
  return before.length > 0 ? before : after;
};

/** Reads a statement in the notation above. */
export const compile = (source: string): Pattern => {
  const atStart = source.startsWith('^');
  const parts: Part[] = [];
  const open: number[] = [];
  for (const token of (atStart ? source.slice(1) : source).match(tokens) ?? []) {
    if (token === '[') open.push(parts.push({ kind: 'maybe', length: 0 }) - 1);
    else if (token === ']') {
      const from = open.pop();
      if (from !== undefined) parts[from] = { kind: 'maybe', length: parts.length - from - 1 };
    } else parts.push(partOf(token));
  }
  const [end, before] = [parts.at(-1), parts.at(-2)];
  const loose = end?.kind === 'secret' && end.rest ? 1 : end?.kind === 'gap' && before?.kind === 'secret' ? 2 : 0;
  const isBare = !atStart && parts.length === 2 && end?.kind === 'secret';
  return { source, parts, atStart, isBare, needs: needsOf(parts), loose };
};
