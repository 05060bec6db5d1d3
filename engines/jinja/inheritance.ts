import type { Expr, Statement } from './ast.ts';
import { evaluate } from './evaluate.ts';
import { execute } from './execute.ts';
import { fail, TemplateFailure } from './failure.ts';
import { type BlockStatement, type Compiled, type Frame, type Host, Output, type Run, type Unit } from './frame.ts';
import { within } from './macro.ts';
import { Scope } from './scope.ts';
import { Attributes, type Callable, typeName, Undefined } from './values.ts';

/** An imported template: its macros and top-level names. */
class Module extends Attributes {
  override readonly typeName = 'an imported template';
  readonly #names: ReadonlyMap<string, unknown>;

  constructor(names: ReadonlyMap<string, unknown>) {
    super();
    this.#names = names;
  }

  override attribute(name: string): unknown {
    return name.startsWith('_') ? undefined : this.#names.get(name);
  }
}

/** `self`: the blocks of the template by name. */
class Self extends Attributes {
  override readonly typeName = 'self';
  readonly #run: Run;

  constructor(run: Run) {
    super();
    this.#run = run;
  }

  override attribute(name: string): unknown {
    const versions = this.#run.blocks.get(name);
    const block: Callable = () => (versions ? blockText(this.#run, name, 0, this.#run.root) : '');
    return versions && block;
  }
}

const addBlocks = (template: Compiled, unit: Unit): void => {
  for (const [name, statement] of template.blocks) {
    const versions = unit.run.blocks.get(name) ?? [];
    versions.push({ statement, unit });
    unit.run.blocks.set(name, versions);
  }
};

/** Runs a template, and then those that it extends, over one set of top-level names. */
const runTemplate = (template: Compiled, host: Host, root: Scope): string => {
  const run: Run = { host, root, blocks: new Map() };
  root.set('self', new Self(run));
  let text = '';
  for (let next: Compiled | undefined = template; next; ) {
    const unit: Unit = { name: next.name, line: 1, run, parent: undefined };
    const out = new Output();
    addBlocks(next, unit);
    const { body } = next;
    within(unit, () => execute(body, { scope: root, out, unit }));
    text += out.text;
    next = unit.parent;
  }
  return text;
};

/** Renders a template. @param values what its names stand for */
export const renderTemplate = (template: Compiled, host: Host, values: Iterable<readonly [string, unknown]>): string =>
  runTemplate(template, host, new Scope(new Scope(host.globals, values)));

const nameOf = (value: unknown): string =>
  typeof value === 'string' ? value : fail(`expected the name of a template, found ${typeName(value)}`);

const load = (expr: Expr, frame: Frame): Compiled => frame.unit.run.host.load(nameOf(evaluate(expr, frame)));

/** `{% extends %}`: from here on this template only gives names and blocks. */
export const extend = ({ template }: Extract<Statement, { kind: 'extends' }>, frame: Frame): void => {
  if (frame.unit.parent) fail('a template can extend one other only');
  frame.unit.parent = load(template, frame);
  frame.out.muted = true;
};

const rootFor = (withContext: boolean, { scope, unit }: Frame): Scope =>
  new Scope(withContext ? scope : unit.run.host.globals);

/** `{% include %}`: the text of the first template that exists. */
export const include = (statement: Extract<Statement, { kind: 'include' }>, frame: Frame): string => {
  const { host } = frame.unit.run;
  const wanted = evaluate(statement.template, frame);
  const names = Array.isArray(wanted) ? wanted.map(nameOf) : [nameOf(wanted)];
  for (const [index, name] of names.entries()) {
    let template: Compiled;
    try {
      template = host.load(name);
    } catch (error) {
      const missing = error instanceof TemplateFailure && error.message.startsWith('there is no template');
      if (missing && (index < names.length - 1 || statement.ignoreMissing)) continue;
      throw error;
    }
    return runTemplate(template, host, rootFor(statement.withContext, frame));
  }
  return '';
};

const moduleNames = (expr: Expr, withContext: boolean, frame: Frame): ReadonlyMap<string, unknown> => {
  const root = rootFor(withContext, frame);
  runTemplate(load(expr, frame), frame.unit.run.host, root);
  return new Map([...root.own].filter(([name]) => name !== 'self'));
};

/** `{% import "x" as y %}`. */
export const importTemplate = (statement: Extract<Statement, { kind: 'import' }>, frame: Frame): unknown =>
  new Module(moduleNames(statement.template, statement.withContext, frame));

/** `{% from "x" import a, b as c %}`. */
export const importNames = (statement: Extract<Statement, { kind: 'from' }>, frame: Frame): [string, unknown][] => {
  const names = moduleNames(statement.template, statement.withContext, frame);
  return statement.names.map(({ name, as }) => {
    const missing = () => `"${name}" is undefined: the imported template does not have it`;
    return [as, names.has(name) ? names.get(name) : new Undefined(missing)];
  });
};

const blockText = (run: Run, name: string, version: number, scope: Scope): string => {
  const versions = run.blocks.get(name) ?? [];
  const found = versions[version] ?? fail(`there is no block "${name}" above this one for super()`);
  const { statement, unit } = found;
  if (statement.required) fail(`the block "${name}" is required: a template that extends this one must fill it`);
  const above: Callable = () => blockText(run, name, version + 1, scope);
  const frame: Frame = { scope: new Scope(scope, [['super', above]]), out: new Output(), unit };
  within(unit, () => execute(statement.body, frame));
  return frame.out.text;
};

/** A block where it stands: the version of the template that extends most. */
export const runBlock = ({ name, scoped }: BlockStatement, { scope, unit }: Frame): string =>
  blockText(unit.run, name, 0, scoped ? scope : unit.run.root);
