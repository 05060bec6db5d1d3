import { didYouMean } from '../nearest.ts';
import type { Args, Expr } from './ast.ts';
import { compare } from './compare.ts';
import { dictEntries, dictSet, iterate, truthy } from './contents.ts';
import { fail } from './failure.ts';
import type { Call, Frame } from './frame.ts';
import { spend, weighed } from './limits.ts';
import { getAttribute, getItem, Slice } from './lookup.ts';
import { binary, concat, negate, plus } from './operators.ts';
import { repr } from './text.ts';
import { type Callable, defined, isDict, tuple, typeName, Undefined } from './values.ts';

/** How the template writes a value, for messages; '' where it is more than names and keys. */
const pathOf = (expr: Expr): string => {
  if (expr.kind === 'name') return expr.name;
  if (expr.kind === 'attribute') return pathOf(expr.of) && `${pathOf(expr.of)}.${expr.name}`;
  if (expr.kind !== 'item' || !pathOf(expr.of)) return '';
  return expr.key.kind === 'const'
    ? `${pathOf(expr.of)}[${repr(expr.key.value)}]`
    : pathOf(expr.of) && `${pathOf(expr.of)}[…]`;
};

const nameValue = (name: string, { scope, unit }: Frame): unknown => {
  const value = scope.get(name);
  if (value !== undefined) return value;
  return new Undefined(() => {
    const known = [...scope.names(), ...unit.run.host.globals.names()];
    return `"${name}" is undefined${didYouMean(name, known)}`;
  });
};

/** Evaluates what stands in the brackets of a call, with `*` and `**` spread. */
export const argumentsOf = (args: Args, frame: Frame): Call => {
  const positional: unknown[] = [];
  for (const { value, spread } of args.positional) {
    const one = evaluate(value, frame);
    if (spread) positional.push(...iterate(one));
    else positional.push(one);
  }
  const named = new Map<string, unknown>(args.named.map(([name, value]) => [name, evaluate(value, frame)]));
  for (const spread of args.spreadNamed) {
    const map = evaluate(spread, frame);
    for (const [key, value] of isDict(map) ? dictEntries(map) : fail(`"**" expects a map, found ${typeName(map)}`)) {
      named.set(String(key), value);
    }
  }
  return { args: positional, named };
};

/** Calls a macro, a method or a global. */
export const call = (of: unknown, what: string, { args, named }: Call): unknown => {
  const known = defined(of);
  const run = typeof known === 'function' ? (known as Callable) : undefined;
  if (run) return run(args, named);
  const own = known !== null && typeof known === 'object' && 'call' in known ? (known.call as Callable) : undefined;
  return own
    ? own.call(known, args, named)
    : fail(`${what ? `"${what}"` : typeName(known)} cannot be called: it is ${typeName(known)}`);
};

const filtered = (expr: Extract<Expr, { kind: 'filter' }>, frame: Frame): unknown => {
  const value = evaluate(expr.of, frame);
  const { args, named } = argumentsOf(expr.args, frame);
  const { host } = frame.unit.run;
  frame.unit.line = expr.line;
  return weighed(host.filter(expr.name)(weighed(value), args, named, host));
};

const tested = (expr: Extract<Expr, { kind: 'test' }>, frame: Frame): boolean => {
  const value = evaluate(expr.of, frame);
  const { args } = argumentsOf(expr.args, frame);
  const { host } = frame.unit.run;
  frame.unit.line = expr.line;
  return host.test(expr.name)(value, args, host);
};

const compared = (expr: Extract<Expr, { kind: 'compare' }>, frame: Frame): boolean => {
  let left = evaluate(expr.first, frame);
  for (const [op, operand] of expr.rest) {
    const right = evaluate(operand, frame);
    if (!compare(op, left, right)) return false;
    left = right;
  }
  return true;
};

const conditional = (expr: Extract<Expr, { kind: 'if' }>, frame: Frame): unknown => {
  if (truthy(evaluate(expr.test, frame))) return evaluate(expr.then, frame);
  return expr.else
    ? evaluate(expr.else, frame)
    : new Undefined(() => 'the inline "if" was false and has no "else"', true);
};

/** The value of an expression. @throws TemplateFailure */
export const evaluate = (expr: Expr, frame: Frame): unknown => {
  spend();
  switch (expr.kind) {
    case 'const':
      return expr.value;
    case 'name':
      frame.unit.line = expr.line;
      return nameValue(expr.name, frame);
    case 'list':
      return expr.items.map((item) => evaluate(item, frame));
    case 'tuple':
      return tuple(expr.items.map((item) => evaluate(item, frame)));
    case 'concat':
      return weighed(concat(expr.items.map((item) => evaluate(item, frame))));
    case 'dict': {
      const dict = new Map<unknown, unknown>();
      for (const [key, value] of expr.pairs) dictSet(dict, defined(evaluate(key, frame)), evaluate(value, frame));
      return dict;
    }
    case 'attribute': {
      const of = evaluate(expr.of, frame);
      frame.unit.line = expr.line;
      return getAttribute(of, expr.name, pathOf(expr));
    }
    case 'item': {
      const of = evaluate(expr.of, frame);
      const key = evaluate(expr.key, frame);
      frame.unit.line = expr.line;
      return getItem(of, key, pathOf(expr));
    }
    case 'slice': {
      const part = (value: Expr | undefined) => (value ? defined(evaluate(value, frame)) : undefined);
      return new Slice([part(expr.start), part(expr.stop), part(expr.step)]);
    }
    case 'call': {
      const of = evaluate(expr.of, frame);
      const given = argumentsOf(expr.args, frame);
      frame.unit.line = expr.line;
      return weighed(call(of, pathOf(expr.of), given));
    }
    case 'filter':
      return filtered(expr, frame);
    case 'test':
      return tested(expr, frame);
    case 'negate':
      return negate(evaluate(expr.of, frame));
    case 'plus':
      return plus(evaluate(expr.of, frame));
    case 'not':
      return !truthy(evaluate(expr.of, frame));
    case 'binary':
      return binary(expr.op, evaluate(expr.left, frame), evaluate(expr.right, frame));
    case 'and': {
      const left = evaluate(expr.left, frame);
      return truthy(left) ? evaluate(expr.right, frame) : left;
    }
    case 'or': {
      const left = evaluate(expr.left, frame);
      return truthy(left) ? left : evaluate(expr.right, frame);
    }
    case 'compare':
      return compared(expr, frame);
    case 'if':
      return conditional(expr, frame);
    default:
      return expr satisfies never;
  }
};
