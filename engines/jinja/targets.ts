import type { FilterChain, Param, Target } from './ast.ts';
import { ExpressionParser } from './expressions.ts';
import { fail } from './failure.ts';

const reserved = /^(true|false|none|True|False|None|and|or|not|in|is|if|else)$/;

/** Reads what tags have besides expressions: names that get a value, parameters, chains of filters. */
export class TargetParser extends ExpressionParser {
  protected name(): string {
    const { value, line } = this.expect('name');
    return reserved.test(value) ? fail(`"${value}" cannot be given a value`, line) : value;
  }

  protected target(withNamespace = false): Target {
    const items: Target[] = [];
    let isTuple = false;
    do {
      if (items.length > 0) isTuple = true;
      if (this.is('name', 'in') || this.is('op', '=') || this.is('op', ')')) break;
      if (this.skip('op', '(')) {
        items.push(this.target());
        this.expect('op', ')');
      } else {
        const name = this.name();
        if (withNamespace && items.length === 0 && this.skip('op', '.')) {
          return { kind: 'namespace', name, attribute: this.expect('name').value };
        }
        items.push({ kind: 'name', name });
      }
    } while (this.skip('op', ','));
    return !isTuple && items[0] ? items[0] : { kind: 'unpack', items };
  }

  protected params(): Param[] {
    const params: Param[] = [];
    this.expect('op', '(');
    while (!this.is('op', ')')) {
      if (params.length > 0) this.expect('op', ',');
      if (this.is('op', ')')) break;
      const name = this.name();
      const value = this.skip('op', '=') ? this.expression() : undefined;
      if (!value && params.at(-1)?.default)
        fail('a parameter without a default follows one with a default', this.token.line);
      params.push({ name, default: value });
    }
    this.expect('op', ')');
    return params;
  }

  protected filterChain(first: boolean): FilterChain {
    const filters: { name: string; args: FilterChain[number]['args']; line: number }[] = [];
    if (first) filters.push(this.filter());
    while (this.skip('op', '|')) filters.push(this.filter());
    return filters;
  }

  protected context(byDefault: boolean): boolean {
    const next = this.look();
    if (next?.value !== 'context' || !(this.is('name', 'with') || this.is('name', 'without'))) return byDefault;
    const { value } = this.next();
    this.next();
    return value === 'with';
  }
}
