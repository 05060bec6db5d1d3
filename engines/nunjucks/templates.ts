import nunjucks from 'nunjucks';
import { failureOf, NunjucksFailure } from './failure.ts';

/** Far beyond what a configuration needs. */
const maxChars = 16 * 1024 * 1024;
const maxItems = 1_000_000;

/** A list is refused before it is made: one that needs all memory at once ends the process, whatever limits a thread has. */
const bounded = (what: string, items: number): void => {
  if (items > maxItems) throw new Error(`${what}: a list of more than ${maxItems} items is too long`);
};

// A template that reaches the constructor of functions runs any JavaScript: no template needs these names.
const hidden = new Set(['constructor', '__proto__', 'prototype']);
type Runtime = { memberLookup(of: unknown, name: unknown): unknown };
const runtime = nunjucks.runtime as unknown as Runtime;
const { memberLookup } = runtime;
runtime.memberLookup = (of, name) => {
  if (hidden.has(String(name))) throw new Error(`"${String(name)}" is not for templates`);
  return memberLookup(of, name);
};

class Loader extends nunjucks.Loader {
  readonly #read: (name: string) => string | undefined;

  constructor(read: (name: string) => string | undefined) {
    super();
    this.#read = read;
  }

  override isRelative(): boolean {
    return false; // a name starts at the templates' folder
  }

  getSource(name: string): nunjucks.LoaderSource {
    const src = this.#read(name);
    // nunjucks asks the next loader where there is none, which its types do not say
    return (src === undefined ? null : { src, path: name, noCache: false }) as nunjucks.LoaderSource;
  }
}

/** Templates that nunjucks itself renders, with its own grammar, filters and values, each parsed once. */
export class NunjucksTemplates {
  readonly #env: nunjucks.Environment;

  /** @param read a template by its name; undefined where there is none, an Error where it is refused */
  constructor(read: (name: string) => string | undefined) {
    const loader = new Loader(read) as unknown as nunjucks.ILoader;
    this.#env = new nunjucks.Environment(loader, { autoescape: false, throwOnUndefined: true });
    const range = this.#env.getGlobal('range') as (...args: number[]) => unknown;
    this.#env.addGlobal('range', (...args: number[]) => {
      const [start, stop] = args.length > 1 ? [Number(args[0]), Number(args[1])] : [0, Number(args[0])];
      bounded('range', Math.abs((stop - start) / (args[2] || 1)));
      return range(...args);
    });
    for (const name of ['batch', 'slice']) {
      const filter = this.#env.getFilter(name) as (list: unknown, count: number, fill?: unknown) => unknown;
      this.#env.addFilter(name, (list: unknown, count: number, ...fill: unknown[]) => {
        bounded(name, count);
        return filter(list, count, ...fill);
      });
    }
  }

  /** @throws NunjucksFailure with template, and with the line where nunjucks tells it */
  render(name: string, values: Record<string, unknown>): string {
    let text: string;
    try {
      text = this.#env.render(name, values);
    } catch (error) {
      throw failureOf(error, name);
    }
    if (text.length <= maxChars) return text;
    throw new NunjucksFailure(`a text of more than ${maxChars} characters is too large`, name);
  }
}
