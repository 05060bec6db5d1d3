import type { Args, Expr } from './ast.ts';
import { fail } from './failure.ts';
import { TokenReader } from './tokens.ts';
import { float } from './values.ts';

const constants: Record<string, unknown> = {
  true: true,
  True: true,
  false: false,
  False: false,
  none: null,
  None: null,
};

type TupleOptions = { conditional?: boolean; parenthesised?: boolean; endsAt?: string };

/** Reads literals, names, and what follows them: `.name`, `[key]`, `(arguments)`. */
export abstract class PrimaryParser extends TokenReader {
  abstract expression(conditional?: boolean): Expr;

  protected primary(): Expr {
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

  protected postfix(of: Expr): Expr {
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
