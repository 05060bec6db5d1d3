import type { CharItem } from './regex-nodes.ts';

/** Why a regular expression is none, as Python's `re` would say it. */
export class RegexError extends Error {
  override readonly name = 'RegexError';
}

/** Reads a pattern code point by code point. */
export class Scanner {
  readonly #characters: string[];
  position = 0;

  constructor(pattern: string) {
    this.#characters = [...pattern];
  }

  peek(ahead = 0): string {
    return this.#characters[this.position + ahead] ?? '';
  }

  next(): string {
    const character = this.peek();
    if (character !== '') this.position++;
    return character;
  }

  take(text: string): boolean {
    const matches = [...text].every((character, index) => this.peek(index) === character);
    if (matches) this.position += [...text].length;
    return matches;
  }

  /** The longest run of characters that match, at most `most`. */
  run(allowed: RegExp, most = Number.POSITIVE_INFINITY): string {
    let run = '';
    while (run.length < most && this.peek() !== '' && allowed.test(this.peek())) run += this.next();
    return run;
  }

  /** Up to and without a character, which is skipped. */
  until(end: string, what: string): string {
    let text = '';
    while (this.peek() !== end) {
      if (this.peek() === '') throw new RegexError(`missing ${end}, unterminated ${what}`);
      text += this.next();
    }
    this.next();
    return text;
  }

  fail(message: string): never {
    throw new RegexError(`${message} at position ${this.position}`);
  }
}

const control: Record<string, number> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11, '\\': 92 };
const hexDigits: Record<string, number> = { x: 2, u: 4, U: 8 };

const literal = (code: number): CharItem => ({ lo: code, hi: code });

/** The character that an escape stands for, its letter already read; undefined where it is not a character's. */
const escapedCharacter = (scanner: Scanner, letter: string, inSet: boolean): CharItem | undefined => {
  const known = control[letter];
  if (known !== undefined) return literal(known);
  const wanted = hexDigits[letter];
  if (wanted !== undefined) {
    const digits = scanner.run(/[0-9a-fA-F]/, wanted);
    const code = Number.parseInt(digits, 16);
    if (digits.length !== wanted || code > 0x10ffff)
      return scanner.fail(`incomplete or bad escape \\${letter}${digits}`);
    return literal(code);
  }
  if (letter === '0' || (inSet && /[1-7]/.test(letter))) {
    const code = Number.parseInt(letter + scanner.run(/[0-7]/, 2), 8);
    return code > 0o377 ? scanner.fail('octal escape value outside of range 0-0o377') : literal(code);
  }
  if (/[1-3]/.test(letter) && /[0-7]/.test(scanner.peek()) && /[0-7]/.test(scanner.peek(1))) {
    return literal(Number.parseInt(letter + scanner.next() + scanner.next(), 8));
  }
  return undefined;
};

/**
 * An escape that stands for a character or a class, the backslash already read.
 *
 * @returns undefined for what is neither: a place (`\b`, `\Z`) or a back-reference; its letter is not consumed
 */
export const readEscape = (scanner: Scanner, inSet: boolean): CharItem | undefined => {
  const letter = scanner.next();
  if (letter === '') return scanner.fail('bad escape (end of pattern)');
  if (/[dDwWsS]/.test(letter)) return { class: letter as 'd' };
  if (inSet && letter === 'b') return literal(8);
  const character = escapedCharacter(scanner, letter, inSet);
  if (character) return character;
  if (/[A-Za-z0-9]/.test(letter)) {
    if (!inSet && /[bBAZ1-9]/.test(letter)) {
      scanner.position--;
      return undefined;
    }
    return scanner.fail(`bad escape \\${letter}`);
  }
  return literal(letter.codePointAt(0) ?? 0);
};

const readMember = (scanner: Scanner): CharItem => {
  const character = scanner.next();
  if (character === '') return scanner.fail('unterminated character set');
  if (character !== '\\') return literal(character.codePointAt(0) ?? 0);
  return readEscape(scanner, true) ?? scanner.fail('bad escape');
};

/** A set, its `[` already read: `]` first and `[` anywhere are characters, `-` at either end too. */
export const readSet = (scanner: Scanner): { items: CharItem[]; negate: boolean } => {
  const negate = scanner.take('^');
  const items: CharItem[] = [];
  while (items.length === 0 || scanner.peek() !== ']') {
    const low = readMember(scanner);
    if (scanner.peek() !== '-' || scanner.peek(1) === ']') {
      items.push(low);
      continue;
    }
    scanner.next();
    const high = readMember(scanner);
    if ('class' in low || 'class' in high || low.lo > high.lo) return scanner.fail('bad character range');
    items.push({ lo: low.lo, hi: high.lo });
  }
  scanner.next();
  return { items, negate };
};
