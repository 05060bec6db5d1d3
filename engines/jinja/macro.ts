import { namesIn, type Signature } from './ast.ts';
import { evaluate } from './evaluate.ts';
import { execute } from './execute.ts';
import { fail, TemplateFailure } from './failure.ts';
import { type Frame, Output, type Unit } from './frame.ts';
import { Scope } from './scope.ts';
import { type Callable, tuple, Undefined } from './values.ts';

/** Runs a part of a template; a failure gets its place, and the line of the caller is as it was afterwards. */
export const within = <T>(unit: Unit, run: () => T): T => {
  const { line } = unit;
  try {
    const result = run();
    unit.line = line;
    return result;
  } catch (error) {
    throw error instanceof TemplateFailure ? error.at(unit.name, unit.line) : error;
  }
};

/** A macro, or the body of a `{% call %}`, as something to call: it sees the names of where it stands. */
export const makeMacro = ({ name, params, body }: Signature, { scope, unit }: Frame): Callable => {
  const reads = namesIn([body, params.map((param) => param.default)]);
  const known = new Set(params.map((param) => param.name));
  const takes = (special: string) => reads.has(special) && !known.has(special);
  const what = name === 'caller' ? 'caller()' : `the macro "${name}"`;

  const bindAll = (args: readonly unknown[], named: ReadonlyMap<string, unknown>, frame: Frame) => {
    const rest = new Map(named);
    const inner = frame.scope;
    for (const param of params) {
      inner.set(param.name, new Undefined(() => `"${param.name}" is undefined: it was not given to ${what}`));
    }
    for (const [index, param] of params.entries()) {
      let value: unknown;
      if (index < args.length) {
        if (rest.has(param.name)) fail(`${what} got two values for "${param.name}"`);
        value = args[index];
      } else if (rest.has(param.name)) value = rest.get(param.name);
      else if (param.default) value = evaluate(param.default, frame);
      rest.delete(param.name);
      if (value !== undefined) inner.set(param.name, value);
    }
    if (takes('caller'))
      inner.set('caller', rest.get('caller') ?? new Undefined(() => `${what} was not called with {% call %}`));
    if (takes('caller')) rest.delete('caller');
    if (takes('kwargs')) inner.set('kwargs', rest);
    else if (rest.size > 0) fail(`${what} takes no argument "${[...rest.keys()][0]}"`);
    if (takes('varargs')) inner.set('varargs', tuple(args.slice(params.length)));
    else if (args.length > params.length)
      fail(`${what} takes ${params.length} argument(s) at most, found ${args.length}`);
  };

  return (args, named) => {
    const frame: Frame = { scope: new Scope(scope), out: new Output(), unit };
    // what is wrong with a call is the caller's line, what is wrong with the body is the macro's
    bindAll(args, named, frame);
    within(unit, () => execute(body, frame));
    return frame.out.text;
  };
};
