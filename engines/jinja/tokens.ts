import { fail } from './failure.ts';
import type { Token } from './lexer.ts';

/** Goes through the tokens of a template. */
export class TokenReader {
  readonly #tokens: readonly Token[];
  #index = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get token(): Token {
    return this.#tokens[this.#index] ?? { type: 'end', value: '', line: 0 };
  }

  next(): Token {
    const token = this.token;
    this.#index += 1;
    return token;
  }

  look(): Token | undefined {
    return this.#tokens[this.#index + 1];
  }

  is(type: Token['type'], value?: string): boolean {
    return this.token.type === type && (value === undefined || this.token.value === value);
  }

  skip(type: Token['type'], value?: string): boolean {
    const found = this.is(type, value);
    if (found) this.#index += 1;
    return found;
  }

  expect(type: Token['type'], value?: string): Token {
    if (this.is(type, value)) return this.next();
    const wanted = type.startsWith('end ') ? 'the end of the tag' : type === 'name' ? 'a name' : `a ${type}`;
    return this.unexpected(`expected ${value === undefined ? wanted : `"${value}"`}`);
  }

  unexpected(wanted: string): never {
    const { type, value, line } = this.token;
    const found =
      type === 'end' ? 'the end of the file' : type.startsWith('end ') ? 'the end of the tag' : `"${value}"`;
    return fail(`${wanted}, found ${found}`, line);
  }
}
