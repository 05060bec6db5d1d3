import type { Body, Expr, Signature, Statement, Target } from './ast.ts';
import { fail } from './failure.ts';
import { tokenize, type WhitespaceOptions } from './lexer.ts';
import { TargetParser } from './targets.ts';

class TemplateParser extends TargetParser {
  /** Statements up to a tag that `ends` names; its name is the next token. */
  body(ends: readonly string[], opened: number): Body {
    const statements: Statement[] = [];
    for (;;) {
      const { type, value, line } = this.next();
      if (type === 'text') statements.push({ kind: 'text', text: value, line });
      else if (type === 'begin print') {
        statements.push({ kind: 'print', value: this.tuple(), line });
        this.expect('end print');
      } else if (type === 'begin block') {
        if (this.is('name') && ends.includes(this.token.value)) return statements;
        statements.push(this.statement(ends));
      } else if (ends.length === 0) return statements;
      else
        fail(
          `expected {% ${ends.join(' %} or {% ')} %} for the tag of line ${opened}, found the end of the file`,
          line,
        );
    }
  }

  /** The body, its end tag included. */
  #bodyTo(end: string, opened: number): Body {
    this.expect('end block');
    const body = this.body([end], opened);
    this.next();
    return body;
  }

  statement(ends: readonly string[]): Statement {
    const { value: tag, line } = this.expect('name');
    const statement = this.#parts(tag, line, ends);
    this.expect('end block');
    return { ...statement, line };
  }

  #parts(tag: string, line: number, ends: readonly string[]): Statement {
    switch (tag) {
      case 'if':
        return this.#if(line);
      case 'for':
        return this.#for(line);
      case 'set':
        return this.#set(line);
      case 'with':
        return this.#with(line);
      case 'macro': {
        const name = this.name();
        return { kind: 'macro', line, name, params: this.params(), body: this.#bodyTo('endmacro', line) };
      }
      case 'call': {
        const params = this.is('op', '(') ? this.params() : [];
        const call = this.expression();
        if (call.kind !== 'call') fail('expected a call', line);
        const caller: Signature = { name: 'caller', params, body: this.#bodyTo('endcall', line) };
        return { kind: 'call block', line, call, caller };
      }
      case 'filter': {
        const filters = this.filterChain(true);
        return { kind: 'filter block', line, filters, body: this.#bodyTo('endfilter', line) };
      }
      case 'block':
        return this.#block(line);
      case 'extends':
        return { kind: 'extends', line, template: this.expression() };
      case 'include': {
        const template = this.expression();
        const next = this.look();
        const ignoreMissing = this.is('name', 'ignore') && next?.value === 'missing';
        if (ignoreMissing) {
          this.next();
          this.next();
        }
        return { kind: 'include', line, template, ignoreMissing, withContext: this.context(true) };
      }
      case 'import': {
        const template = this.expression();
        this.expect('name', 'as');
        return { kind: 'import', line, template, as: this.name(), withContext: this.context(false) };
      }
      case 'from':
        return this.#from(line);
      case 'do':
        return { kind: 'do', line, value: this.tuple() };
      case 'break':
      case 'continue':
        return { kind: tag, line };
      default:
        return fail(
          `unknown tag "${tag}"${ends.length > 0 ? `, or expected {% ${ends.join(' %} or {% ')} %}` : ''}`,
          line,
        );
    }
  }

  #if(line: number): Statement {
    const branches: { test: Expr; body: Body }[] = [];
    let otherwise: Body = [];
    for (;;) {
      const test = this.tuple({ conditional: false });
      this.expect('end block');
      branches.push({ test, body: this.body(['elif', 'else', 'endif'], line) });
      const { value: tag } = this.next();
      if (tag === 'elif') continue;
      if (tag === 'else') otherwise = this.#bodyTo('endif', line);
      return { kind: 'if', line, branches, else: otherwise };
    }
  }

  #for(line: number): Statement {
    const target = this.target();
    this.expect('name', 'in');
    const over = this.tuple({ conditional: false, endsAt: 'recursive' });
    const test = this.skip('name', 'if') ? this.expression() : undefined;
    const recursive = this.skip('name', 'recursive');
    this.expect('end block');
    const body = this.body(['endfor', 'else'], line);
    const otherwise = this.next().value === 'else' ? this.#bodyTo('endfor', line) : [];
    return { kind: 'for', line, target, over, test, recursive, body, else: otherwise };
  }

  #set(line: number): Statement {
    const target = this.target(true);
    if (this.skip('op', '=')) return { kind: 'set', line, target, value: this.tuple() };
    const filters = this.filterChain(false);
    return { kind: 'set block', line, target, filters, body: this.#bodyTo('endset', line) };
  }

  #with(line: number): Statement {
    const targets: { target: Target; value: Expr }[] = [];
    while (!this.is('end block')) {
      if (targets.length > 0) this.expect('op', ',');
      const target: Target = { kind: 'name', name: this.name() };
      this.expect('op', '=');
      targets.push({ target, value: this.expression() });
    }
    return { kind: 'with', line, targets, body: this.#bodyTo('endwith', line) };
  }

  #block(line: number): Statement {
    const name = this.name();
    const scoped = this.skip('name', 'scoped');
    const required = this.skip('name', 'required');
    const body = this.#bodyTo('endblock', line);
    this.skip('name', name);
    return { kind: 'block', line, name, scoped, required, body };
  }

  #from(line: number): Statement {
    const template = this.expression();
    this.expect('name', 'import');
    const names: { name: string; as: string }[] = [];
    while (!this.is('end block')) {
      if (names.length > 0) this.expect('op', ',');
      const next = this.look();
      if (this.is('end block') || (next?.value === 'context' && /^with(out)?$/.test(this.token.value))) break;
      const name = this.name();
      if (name.startsWith('_')) fail('names that start with an underscore cannot be imported', line);
      names.push({ name, as: this.skip('name', 'as') ? this.name() : name });
      if (!this.is('op', ',')) break;
    }
    if (names.length === 0) this.unexpected('expected a name to import');
    return { kind: 'from', line, template, names, withContext: this.context(false) };
  }
}

/** Reads a whole template. @throws TemplateFailure with the line */
export const parse = (source: string, options: WhitespaceOptions): Body =>
  new TemplateParser(tokenize(source, options)).body([], 1);
