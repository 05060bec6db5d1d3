/** A word of a line, with its place in it. */
export type Word = { text: string; start: number; end: number };

const isBlank = (char: string | undefined): boolean => char === ' ' || char === '\t' || char === '\r' || char === '\f';

/** Where the quote that opens at `from` closes; -1 where it does not. */
const closing = (line: string, from: number): number => {
  const quote = line[from];
  for (let at = from + 1; at < line.length; at += 1) {
    if (line[at] === '\\' && quote === '"') at += 1;
    else if (line[at] === quote) return at;
  }
  return -1;
};

const opensQuote = /[=:([{,<>]/;
/** What ends a statement or a block and touches the word before it: `"x";}`, and once that is masked `<secret>}`. */
const closers = /(?:;[;{}]*|(?<=["']|<secret>)[{}]+)$/;

const add = (words: Word[], line: string, start: number, end: number): void => {
  const text = line.slice(start, end);
  if (!/[;{}]/.test(line[end - 1] ?? '')) {
    words.push({ text, start, end });
    return;
  }
  if (/^[;{}]+$/.test(text)) {
    for (let at = start; at < end; at += 1) words.push({ text: line[at] ?? '', start: at, end: at + 1 });
    return;
  }
  const tail = closers.exec(text);
  const cut = tail ? start + tail.index : end;
  words.push({ text: line.slice(start, cut), start, end: cut });
  if (cut < end) add(words, line, cut, end);
};

/**
 * The words of a line: what is between blanks; quoted text is one word, and `;`, `{`, `}` are words where they end one.
 */
const wordsOf = (line: string): Word[] => {
  const words: Word[] = [];
  let unclosed = '';
  let at = 0;
  while (at < line.length) {
    const start = at;
    while (at < line.length && !isBlank(line[at])) {
      const char = line[at] ?? '';
      const quotes = (char === '"' || char === "'") && (at === start || opensQuote.test(line[at - 1] ?? ''));
      const close = quotes && !unclosed.includes(char) ? closing(line, at) : -1;
      if (quotes && close < 0) unclosed += char;
      at = Math.max(at, close) + 1;
    }
    if (at > start) add(words, line, start, at);
    else at += 1;
  }
  return words;
};

/** Words between which no statement ends; `opens`: a block follows, whose head they are. */
export type Segment = { words: Word[]; opens: boolean };

/** Whether a line is written in statements that end with `;` or in blocks: elsewhere these are ordinary characters. */
const endsStatement = /[;{}]\s*(?:#.*|\/[/*].*)?$/;

/** The statements of a line: one, or those of a block that is written in one line. */
export const segmentsOf = (line: string): Segment[] => {
  const words = wordsOf(line);
  if (!endsStatement.test(line.trimEnd())) return words.length > 0 ? [{ words, opens: false }] : [];
  const segments: Segment[] = [];
  let current: Word[] = [];
  for (const word of words) {
    if (!/^[;{}]$/.test(word.text)) {
      current.push(word);
      continue;
    }
    if (current.length > 0) segments.push({ words: current, opens: word.text === '{' });
    current = [];
  }
  if (current.length > 0) segments.push({ words: current, opens: false });
  return segments;
};
