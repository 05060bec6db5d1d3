import type { Body, FilterChain, Statement, Target } from './ast.ts';
import { iterate, truthy } from './contents.ts';
import { argumentsOf, call, evaluate } from './evaluate.ts';
import { fail } from './failure.ts';
import { type Frame, Output } from './frame.ts';
import { extend, importNames, importTemplate, include, runBlock } from './inheritance.ts';
import { comeTo, spend } from './limits.ts';
import { Loop } from './loop.ts';
import { makeMacro, within } from './macro.ts';
import { Scope } from './scope.ts';
import { str } from './text.ts';
import { Namespace, typeName } from './values.ts';

type Signal = 'break' | 'continue' | undefined;

const inner = (frame: Frame, out = frame.out): Frame => ({ ...frame, scope: new Scope(frame.scope), out });

const assign = (target: Target, value: unknown, { scope }: Frame): void => {
  if (target.kind === 'name') {
    scope.set(target.name, value);
    return;
  }
  if (target.kind === 'namespace') {
    const holder = scope.get(target.name);
    if (holder instanceof Namespace) holder.attributes.set(target.attribute, value);
    else fail(`"${target.name}" is not a namespace(): only those take new attributes`);
    return;
  }
  const values = iterate(value);
  if (values.length !== target.items.length) {
    fail(`expected ${target.items.length} values to unpack, found ${values.length}`);
  }
  for (const [index, item] of target.items.entries()) assign(item, values[index], { scope } as Frame);
};

type For = Extract<Statement, { kind: 'for' }>;

const runFor = (statement: For, over: unknown, frame: Frame, depth: number): void => {
  const all = iterate(over);
  const wanted =
    ({ test }: For) =>
    (item: unknown) => {
      const scope = inner(frame);
      assign(statement.target, item, scope);
      return test === undefined || truthy(evaluate(test, scope));
    };
  const items = statement.test ? all.filter(wanted(statement)) : all;
  const recurse = (more: unknown): string => {
    const out = new Output();
    within(frame.unit, () => runFor(statement, more, { ...frame, out }, depth + 1));
    return out.text;
  };
  const loop = new Loop(items, depth, statement.recursive ? recurse : undefined);
  for (const [index, item] of items.entries()) {
    spend();
    loop.index0 = index;
    const turn = inner(frame);
    turn.scope.set('loop', loop);
    assign(statement.target, item, turn);
    if (execute(statement.body, turn) === 'break') break;
  }
  if (items.length === 0) execute(statement.else, inner(frame));
};

const applyFilters = (text: string, filters: FilterChain, frame: Frame): unknown => {
  const { host } = frame.unit.run;
  return filters.reduce<unknown>((value, { name, args }) => {
    const { args: given, named } = argumentsOf(args, frame);
    return host.filter(name)(value, given, named, host);
  }, text);
};

const captured = (body: Body, frame: Frame): string => {
  const out = new Output();
  execute(body, inner(frame, out));
  return out.text;
};

const callBlock = (statement: Extract<Statement, { kind: 'call block' }>, frame: Frame): void => {
  const { call: expr } = statement;
  if (expr.kind !== 'call') return;
  const of = evaluate(expr.of, frame);
  const given = argumentsOf(expr.args, frame);
  given.named.set('caller', makeMacro(statement.caller, frame));
  frame.out.add(str(call(of, '', given)));
};

const run = (statement: Statement, frame: Frame): Signal => {
  switch (statement.kind) {
    case 'text':
      frame.out.add(statement.text);
      return;
    case 'print':
      frame.out.add(str(evaluate(statement.value, frame)));
      return;
    case 'if': {
      const taken = statement.branches.find(({ test }) => truthy(evaluate(test, frame)));
      return execute(taken ? taken.body : statement.else, frame);
    }
    case 'for':
      runFor(statement, evaluate(statement.over, frame), frame, 0);
      return;
    case 'set':
      assign(statement.target, evaluate(statement.value, frame), frame);
      return;
    case 'set block':
      assign(statement.target, applyFilters(captured(statement.body, frame), statement.filters, frame), frame);
      return;
    case 'with': {
      const scope = inner(frame);
      for (const { target, value } of statement.targets) assign(target, evaluate(value, frame), scope);
      return execute(statement.body, scope);
    }
    case 'macro':
      frame.scope.set(statement.name, makeMacro(statement, frame));
      return;
    case 'call block':
      callBlock(statement, frame);
      return;
    case 'filter block':
      frame.out.add(str(applyFilters(captured(statement.body, frame), statement.filters, frame)));
      return;
    case 'block':
      if (!frame.out.muted) frame.out.add(runBlock(statement, frame));
      return;
    case 'extends':
      extend(statement, frame);
      return;
    case 'include':
      frame.out.add(include(statement, frame));
      return;
    case 'import':
      frame.scope.set(statement.as, importTemplate(statement, frame));
      return;
    case 'from':
      for (const [name, value] of importNames(statement, frame)) frame.scope.set(name, value);
      return;
    case 'do':
      evaluate(statement.value, frame);
      return;
    case 'break':
    case 'continue':
      return statement.kind;
    default:
      return fail(`cannot run ${typeName(statement satisfies never)}`);
  }
};

/** Runs statements in order; @returns how the loop around them goes on */
export const execute = (body: Body, frame: Frame): Signal => {
  for (const statement of body) {
    frame.unit.line = statement.line;
    comeTo(frame.unit.name, statement.line);
    spend();
    const signal = run(statement, frame);
    if (signal) return signal;
  }
  return undefined;
};
