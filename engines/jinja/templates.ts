import { didYouMean } from '../nearest.ts';
import { bind } from './arguments.ts';
import type { Body } from './ast.ts';
import { fail, TemplateFailure } from './failure.ts';
import { choosingFilters } from './filters-choosing.ts';
import { listFilters } from './filters-list.ts';
import { numberFilters } from './filters-number.ts';
import { formatFilter, textFilters } from './filters-text.ts';
import type { BlockStatement, Compiled, Filter, Host, Test } from './frame.ts';
import { globals } from './globals.ts';
import { renderTemplate } from './inheritance.ts';
import { beginSteps } from './limits.ts';
import { parse } from './parser.ts';
import { Scope } from './scope.ts';
import { tests } from './tests.ts';

const options = { trimBlocks: true, lstripBlocks: true } as const;

const blocksOf = (part: unknown, found: Map<string, BlockStatement>): Map<string, BlockStatement> => {
  if (Array.isArray(part)) for (const item of part) blocksOf(item, found);
  else if (typeof part === 'object' && part !== null) {
    const statement = part as BlockStatement;
    if (statement.kind === 'block') {
      if (found.has(statement.name)) fail(`the block "${statement.name}" is there twice`, statement.line);
      found.set(statement.name, statement);
    }
    for (const value of Object.values(part)) blocksOf(value, found);
  }
  return found;
};

const compile = (name: string, source: string): Compiled => {
  try {
    const body: Body = parse(source, options);
    return { name, body, blocks: blocksOf(body, new Map()) };
  } catch (error) {
    throw error instanceof TemplateFailure ? error.at(name, 1) : error;
  }
};

/** Reads a template by its name; undefined where there is none, an Error where it is refused. */
type Read = (name: string) => string | undefined;

const filters: ReadonlyMap<string, Filter> = new Map<string, Filter>([
  ...Object.entries(choosingFilters),
  ...Object.entries({ ...textFilters, ...numberFilters, ...listFilters }).map(
    ([name, { params, run }]): [string, Filter] => [
      name,
      (value, args, named) => run(value, bind(`the filter "${name}"`, params, args, named)),
    ],
  ),
  ['format', formatFilter],
]);
const allTests: ReadonlyMap<string, Test> = new Map(Object.entries(tests));

const find = <T>(what: string, known: ReadonlyMap<string, T>, name: string): T =>
  known.get(name) ?? fail(`there is no ${what} "${name}"${didYouMean(name, [...known.keys()])}`);

/** What JavaScript refuses: calls too deep, or a text that is too long. */
const outOfRange = ({ message }: RangeError, template: string): TemplateFailure => {
  const deep = /call stack/i.test(message);
  return new TemplateFailure(
    deep ? 'templates or macros call each other in circles' : `a value is too large: ${message}`,
    1,
    template,
  );
};

/** Jinja2 templates, each parsed once. A name always starts at the templates' folder, as it does there. */
export class Templates {
  readonly #compiled = new Map<string, Compiled>();
  readonly #read: Read;
  readonly #host: Host = {
    globals: new Scope(undefined, globals),
    filter: (name) => find('filter', filters, name),
    test: (name) => find('test', allTests, name),
    load: (name) => this.#load(name),
  };

  constructor(read: Read) {
    this.#read = read;
  }

  #load(name: string): Compiled {
    const known = this.#compiled.get(name);
    if (known) return known;
    let source: string | undefined;
    try {
      source = this.#read(name);
    } catch (error) {
      return fail(error instanceof Error ? error.message : String(error));
    }
    const compiled = compile(name, source ?? fail(`there is no template ${JSON.stringify(name)}`));
    this.#compiled.set(name, compiled);
    return compiled;
  }

  /**
   * @param values what the names in the template stand for
   * @throws TemplateFailure with template and line
   */
  render(name: string, values: Record<string, unknown>): string {
    beginSteps();
    try {
      return renderTemplate(this.#load(name), this.#host, Object.entries(values));
    } catch (error) {
      if (error instanceof RangeError) throw outOfRange(error, name);
      throw error instanceof TemplateFailure ? error.at(name, 1) : error;
    }
  }
}
