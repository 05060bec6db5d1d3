import type { Args, CompareOp, Expr } from './ast.ts';
import { fail } from './failure.ts';
import type { Token } from './lexer.ts';
import { float } from './values.ts';

const noArgs: Args = { positional: [], named: [], spreadNamed: [] };
const constants: Record<string, unknown> = {
  true: true,
  True: true,
  false: false,
  False: false,
  none: null,
  None: null,
};

type TupleOptions = { conditional?: boolean; parenthesised?: boolean; endsAt?: string };

/** Reads expressions with Jinja2's grammar and precedence (jinja2/parser.py, 3.1). */
export class ExpressionParser {
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

  expression(conditional = true): Expr {
    return conditional ? this.#conditional() : this.#or();
  }

  #conditional(): Expr {
    let then = this.#or();
    while (this.is('name', 'if')) {
      const { line } = this.next();
      const test = this.#or();
      const otherwise = this.skip('name', 'else') ? this.#conditional() : undefined;
      then = { kind: 'if', test, then, else: otherwise, line };
    }
    return then;
  }

  #or(): Expr {
    let left = this.#and();
    while (this.skip('name', 'or')) left = { kind: 'or', left, right: this.#and() };
    return left;
  }

  #and(): Expr {
    let left = this.#not();
    while (this.skip('name', 'and')) left = { kind: 'and', left, right: this.#not() };
    return left;
  }

  #not(): Expr {
    return this.skip('name', 'not') ? { kind: 'not', of: this.#not() } : this.#compare();
  }

  #compareOp(): CompareOp | undefined {
    for (const op of ['==', '!=', '<=', '>=', '<', '>'] as const) if (this.skip('op', op)) return op;
    if (this.skip('name', 'in')) return 'in';
    const next = this.look();
    if (this.is('name', 'not') && next?.type === 'name' && next.value === 'in') {
      this.next();
      this.next();
      return 'not in';
    }
    return undefined;
  }

  #compare(): Expr {
    const first = this.#sum();
    const rest: [CompareOp, Expr][] = [];
    for (let op = this.#compareOp(); op; op = this.#compareOp()) rest.push([op, this.#sum()]);
    return rest.length > 0 ? { kind: 'compare', first, rest } : first;
  }

  #sum(): Expr {
    let left = this.#concat();
    for (;;) {
      if (this.skip('op', '+')) left = { kind: 'binary', op: '+', left, right: this.#concat() };
      else if (this.skip('op', '-')) left = { kind: 'binary', op: '-', left, right: this.#concat() };
      else return left;
    }
  }

  #concat(): Expr {
    const items = [this.#product()];
    while (this.skip('op', '~')) items.push(this.#product());
    return items.length === 1 && items[0] ? items[0] : { kind: 'concat', items };
  }

  #product(): Expr {
    let left = this.#power();
    for (;;) {
      const op = (['*', '//', '/', '%'] as const).find((candidate) => this.skip('op', candidate));
      if (!op) return left;
      left = { kind: 'binary', op, left, right: this.#power() };
    }
  }

  #power(): Expr {
    let left = this.#unary(true);
    while (this.skip('op', '**')) left = { kind: 'binary', op: '**', left, right: this.#unary(true) };
    return left;
  }

  #unary(withFilter: boolean): Expr {
    let value: Expr;
    if (this.skip('op', '-')) value = { kind: 'negate', of: this.#unary(false) };
    else if (this.skip('op', '+')) value = { kind: 'plus', of: this.#unary(false) };
    else value = this.#primary();
    value = this.#postfix(value);
    return withFilter ? this.#filters(value) : value;
  }

  #primary(): Expr {
    const { type, value, line } = this.token;
    if (type === 'name') {
      this.next();
      return Object.hasOwn(constants, value)
        ? { kind: 'const', value: constants[value] }
        : { kind: 'name', name: value, line };
    }
    if (type === 'string') {
      let text = '';
      while (this.is('string')) text += this.next().value;
      return { kind: 'const', value: text };
    }
    if (type === 'int') {
      this.next();
      const number = Number(value);
      return { kind: 'const', value: Number.isSafeInteger(number) ? number : BigInt(value) };
    }
    if (type === 'float') {
      this.next();
      return { kind: 'const', value: float(Number(value)) };
    }
    if (this.skip('op', '(')) {
      const inside = this.tuple({ parenthesised: true });
      this.expect('op', ')');
      return inside;
    }
    if (this.skip('op', '[')) return { kind: 'list', items: this.#items(']') };
    if (this.skip('op', '{')) return this.#dict();
    return this.unexpected('expected a value');
  }

  #items(end: string): Expr[] {
    const items: Expr[] = [];
    while (!this.is('op', end)) {
      if (items.length > 0) this.expect('op', ',');
      if (this.is('op', end)) break;
      items.push(this.expression());
    }
    this.expect('op', end);
    return items;
  }

  #dict(): Expr {
    const pairs: [Expr, Expr][] = [];
    while (!this.is('op', '}')) {
      if (pairs.length > 0) this.expect('op', ',');
      if (this.is('op', '}')) break;
      const key = this.expression();
      this.expect('op', ':');
      pairs.push([key, this.expression()]);
    }
    this.expect('op', '}');
    return { kind: 'dict', pairs };
  }

  /** `a, b` or a single expression. */
  tuple({ conditional = true, parenthesised = false, endsAt }: TupleOptions = {}): Expr {
    const items: Expr[] = [];
    let isTuple = false;
    const ended = () =>
      this.is('end block') || this.is('end print') || this.is('op', ')') || (endsAt ? this.is('name', endsAt) : false);
    for (;;) {
      if (items.length > 0 && !isTuple) {
        if (!this.skip('op', ',')) break;
        isTuple = true;
      } else if (items.length > 0 && !this.skip('op', ',')) break;
      if (ended()) break;
      items.push(this.expression(conditional));
    }
    if (!isTuple && items[0]) return items[0];
    if (items.length === 0 && !parenthesised) return this.unexpected('expected a value');
    return { kind: 'tuple', items };
  }

  #postfix(of: Expr): Expr {
    let value = of;
    for (;;) {
      const { line } = this.token;
      if (this.skip('op', '.')) {
        const key = this.next();
        if (key.type === 'name') value = { kind: 'attribute', of: value, name: key.value, line };
        else if (key.type === 'int')
          value = { kind: 'item', of: value, key: { kind: 'const', value: Number(key.value) }, line };
        else fail('expected a name after "."', line);
      } else if (this.skip('op', '[')) {
        const keys = [this.#subscript()];
        while (this.skip('op', ',')) keys.push(this.#subscript());
        this.expect('op', ']');
        const key: Expr = keys.length === 1 && keys[0] ? keys[0] : { kind: 'tuple', items: keys };
        value = { kind: 'item', of: value, key, line };
      } else if (this.is('op', '(')) value = { kind: 'call', of: value, args: this.args(), line };
      else return value;
    }
  }

  #subscript(): Expr {
    const part = () => (this.is('op', ':') || this.is('op', ']') || this.is('op', ',') ? undefined : this.expression());
    const start = part();
    if (!this.skip('op', ':')) return start ?? this.unexpected('expected an index');
    const stop = part();
    const step = this.skip('op', ':') ? part() : undefined;
    return { kind: 'slice', start, stop, step };
  }

  #filters(of: Expr): Expr {
    let value = of;
    for (;;) {
      const { line } = this.token;
      if (this.skip('op', '|')) {
        value = { kind: 'filter', name: this.#dotted(), of: value, args: this.#optionalArgs(), line };
      } else if (this.skip('name', 'is')) value = this.#test(value, line);
      else if (this.is('op', '(')) value = { kind: 'call', of: value, args: this.args(), line };
      else return value;
    }
  }

  /** One `name(args)` of a `{% filter %}` or `{% set x | … %}` tag. */
  filter(): { name: string; args: Args; line: number } {
    const { line } = this.token;
    return { name: this.#dotted(), args: this.#optionalArgs(), line };
  }

  #dotted(): string {
    let name = this.expect('name').value;
    while (this.skip('op', '.')) name += `.${this.expect('name').value}`;
    return name;
  }

  #optionalArgs(): Args {
    return this.is('op', '(') ? this.args() : noArgs;
  }

  #test(of: Expr, line: number): Expr {
    const negated = this.skip('name', 'not');
    const name = this.#dotted();
    let args = noArgs;
    const { type, value } = this.token;
    const opens = type === 'op' && /^[[({]$/.test(value);
    if (type === 'op' && value === '(') args = this.args();
    else if (
      type === 'string' ||
      type === 'int' ||
      type === 'float' ||
      opens ||
      (type === 'name' && !/^(else|or|and|if|is)$/.test(value))
    ) {
      args = { ...noArgs, positional: [{ value: this.#postfix(this.#primary()), spread: false }] };
    } else if (type === 'name' && value === 'is') fail('tests cannot be chained with "is"', line);
    const test: Expr = { kind: 'test', name, of, args, line };
    return negated ? { kind: 'not', of: test } : test;
  }

  args(): Args {
    this.expect('op', '(');
    const positional: { value: Expr; spread: boolean }[] = [];
    const named: [string, Expr][] = [];
    const spreadNamed: Expr[] = [];
    let first = true;
    while (!this.is('op', ')')) {
      if (!first) this.expect('op', ',');
      first = false;
      if (this.is('op', ')')) break;
      const next = this.look();
      if (this.skip('op', '*')) positional.push({ value: this.expression(), spread: true });
      else if (this.skip('op', '**')) spreadNamed.push(this.expression());
      else if (this.is('name') && next?.type === 'op' && next.value === '=') {
        const { value: name } = this.next();
        this.next();
        named.push([name, this.expression()]);
      } else {
        if (named.length > 0) fail('a positional argument follows a named one', this.token.line);
        positional.push({ value: this.expression(), spread: false });
      }
    }
    this.expect('op', ')');
    return { positional, named, spreadNamed };
  }
}
