import type { Args, CompareOp, Expr } from './ast.ts';
import { fail } from './failure.ts';
import { PrimaryParser } from './primaries.ts';

const noArgs: Args = { positional: [], named: [], spreadNamed: [] };
/** Reads expressions with Jinja2's grammar and precedence (jinja2/parser.py, 3.1). */
export class ExpressionParser extends PrimaryParser {
  override expression(conditional = true): Expr {
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
    else value = this.primary();
    value = this.postfix(value);
    return withFilter ? this.#filters(value) : value;
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
      args = { ...noArgs, positional: [{ value: this.postfix(this.primary()), spread: false }] };
    } else if (type === 'name' && value === 'is') fail('tests cannot be chained with "is"', line);
    const test: Expr = { kind: 'test', name, of, args, line };
    return negated ? { kind: 'not', of: test } : test;
  }
}
