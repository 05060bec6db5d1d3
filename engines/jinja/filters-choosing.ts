import { iterate, truthy } from './contents.ts';
import { fail } from './failure.ts';
import type { Filter, Registry } from './frame.ts';
import { getPath } from './lookup.ts';
import { Lazy, Undefined } from './values.ts';

// Jinja2's filters that call another filter or a test by name (jinja2/filters.py, 3.1).

type Args = readonly unknown[];

const given = (value: unknown): boolean => value !== undefined && value !== null;

const named = (what: string, args: Args): [string, Args] => {
  const [name, ...rest] = args;
  return [typeof name === 'string' ? name : fail(`${what} expects the name of a filter or a test`), rest];
};

/** `map("upper")`, `map("int", default=1)`, `map(attribute="a.b", default=…)`. */
const mapFilter: Filter = (value, args, options, registry) => {
  const list = iterate(value);
  if (args.length > 0) {
    const [name, rest] = named('map', args);
    const run = registry.filter(name);
    return new Lazy(
      list.map((item) => run(item, rest, options, registry)),
      'map',
    );
  }
  const attribute = options.get('attribute') ?? fail('map expects the name of a filter, or attribute=');
  const unknown = [...options.keys()].find((key) => key !== 'attribute' && key !== 'default');
  if (unknown) fail(`map takes no argument "${unknown}"`);
  const otherwise = options.get('default');
  const read = (item: unknown) => {
    const found = getPath(item, attribute);
    return found instanceof Undefined && given(otherwise) ? otherwise : found;
  };
  return new Lazy(list.map(read), 'map');
};

const choose =
  (what: string, wanted: boolean, byAttribute: boolean): Filter =>
  (value, args, _options, registry: Registry) => {
    const attribute = byAttribute ? (args[0] ?? fail(`${what} expects an attribute`)) : undefined;
    const rest = byAttribute ? args.slice(1) : args;
    const [name, more] = rest.length > 0 ? named(what, rest) : [undefined, []];
    const test = name === undefined ? undefined : registry.test(name);
    const holds = (item: unknown) => {
      const part = byAttribute ? getPath(item, attribute) : item;
      return test ? test(part, more, registry) : truthy(part);
    };
    return new Lazy(
      iterate(value).filter((item) => holds(item) === wanted),
      what,
    );
  };

/** The filters that keep or drop items by a test. */
export const choosingFilters: Record<string, Filter> = {
  map: mapFilter,
  select: choose('select', true, false),
  reject: choose('reject', false, false),
  selectattr: choose('selectattr', true, true),
  rejectattr: choose('rejectattr', false, true),
};
