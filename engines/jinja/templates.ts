import { readFileSync, realpathSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import nunjucks from 'nunjucks';
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

// nunjucks is the host: it finds, caches and runs templates, and keeps the filters and tests. Its grammar and its values
// are not Jinja2's (an empty list is true, `set` in a loop leaks, `%`, `//` and `1.0` differ …), so what it runs is
// parsed and evaluated here.

const options = { autoescape: false, throwOnUndefined: true, trimBlocks: true, lstripBlocks: true } as const;

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

/** Reads a template by its name; undefined where there is none. */
export type Read = (name: string) => string | undefined;

/** Templates of a folder. What leads out of it, by `..` or by a link, is refused. */
export const readFrom = (folder: string): Read => {
  const root = realpathSync(folder);
  return (name) => {
    const parts = name.split('/');
    const outside = name.startsWith('/') || parts.includes('..') || /[\\\0]/.test(name);
    if (outside) fail(`the template ${JSON.stringify(name)} is outside of the templates' folder`);
    const path = join(root, ...parts);
    let real: string;
    try {
      real = realpathSync(path);
    } catch {
      return undefined;
    }
    const inside = relative(root, real);
    if (inside.startsWith(`..${sep}`))
      fail(`the template ${JSON.stringify(name)} is a link out of the templates' folder`);
    try {
      return readFileSync(real, 'utf8');
    } catch (error) {
      return fail(`the template ${JSON.stringify(name)} cannot be read (${(error as NodeJS.ErrnoException).code})`);
    }
  };
};

type Run = (env: unknown, context: { getVariables(): Record<string, unknown> }, ...rest: readonly unknown[]) => void;

class TemplateLoader extends nunjucks.Loader {
  readonly compiled = new Map<string, Compiled>();
  readonly #read: Read;
  readonly #host: () => Host;

  constructor(read: Read, host: () => Host) {
    super();
    this.#read = read;
    this.#host = host;
  }

  override isRelative(): boolean {
    return false; // as in Jinja2, a name always starts at the templates' folder
  }

  getSource(name: string): nunjucks.LoaderSource {
    const source = this.#read(name) ?? fail(`there is no template ${JSON.stringify(name)}`);
    const compiled = compile(name, source);
    this.compiled.set(name, compiled);
    const root: Run = (_env, context, ...rest) => {
      const done = rest.at(-1) as (error: unknown, text?: string) => void;
      let text: string;
      try {
        text = renderTemplate(compiled, this.#host(), Object.entries(context.getVariables()));
      } catch (error) {
        return done(error instanceof RangeError ? outOfRange(error, name) : error);
      }
      done(null, text);
    };
    // nunjucks takes code that is compiled already, which its types do not say
    const src = { type: 'code', obj: { root } } as unknown as string;
    return { src, path: name, noCache: false };
  }
}

const register = (env: nunjucks.Environment): { filters: Map<string, Filter>; tests: Map<string, Test> } => {
  const filters = new Map<string, Filter>(Object.entries(choosingFilters));
  for (const [name, { params, run }] of Object.entries({ ...textFilters, ...numberFilters, ...listFilters })) {
    filters.set(name, (value, args, named) => run(value, bind(`the filter "${name}"`, params, args, named)));
  }
  filters.set('format', formatFilter);
  for (const [name, filter] of filters) env.addFilter(name, filter);
  return { filters, tests: new Map(Object.entries(tests)) };
};

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

/** Jinja2 templates, each parsed once. */
export class Templates {
  readonly #env: nunjucks.Environment;
  readonly #loader: TemplateLoader;
  readonly #host: Host;

  constructor(read: Read) {
    this.#loader = new TemplateLoader(read, () => this.#host);
    this.#env = new nunjucks.Environment(this.#loader as unknown as nunjucks.ILoader, { ...options, dev: true });
    const { filters, tests: known } = register(this.#env);
    this.#host = {
      globals: new Scope(undefined, globals),
      filter: (name) => find('filter', filters, name),
      test: (name) => find('test', known, name),
      load: (name) => {
        this.#env.getTemplate(name, true);
        return this.#loader.compiled.get(name) ?? fail(`there is no template ${JSON.stringify(name)}`);
      },
    };
  }

  /**
   * @param values what the names in the template stand for
   * @throws TemplateFailure with template and line
   */
  render(name: string, values: Record<string, unknown>): string {
    beginSteps();
    try {
      return this.#env.render(name, values);
    } catch (error) {
      if (error instanceof RangeError) throw outOfRange(error, name);
      throw error instanceof TemplateFailure ? error.at(name, 1) : error;
    }
  }
}
