import { fail } from './failure.ts';

// Python's values as JavaScript holds them: str, bool, None and list are string, boolean, null and array; an int is an
// integral number (a bigint where it is large); a float is a number with a fraction, or a Float where it has none; a dict
// is a Map or a plain object. What has no like is a class of its own below.

/** A float without a fraction (1.0, inf), which a number would turn into an int. */
export class Float {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }

  valueOf(): number {
    return this.value;
  }

  toJSON(): number {
    return this.value;
  }
}

/** @returns a value that prints and divides as Python's float */
export const float = (value: number): number | Float =>
  Number.isInteger(value) || !Number.isFinite(value) ? new Float(value) : value;

export class Tuple extends Array<unknown> {
  /** The names of a named tuple's items. */
  fields: readonly string[] = [];

  static override get [Symbol.species]() {
    return Array;
  }
}

/** @returns the items as a tuple; with `fields`, a named one */
export const tuple = (items: readonly unknown[], fields: readonly string[] = []): Tuple => {
  const made = new Tuple();
  for (const item of items) made.push(item);
  made.fields = fields;
  return made;
};

/** What `items()`, `keys()` and `values()` of a dict give: iterable, without an index. */
export class DictView extends Array<unknown> {
  view = 'dict_items';

  static override get [Symbol.species]() {
    return Array;
  }
}

export class Range extends Array<unknown> {
  text = '';

  static override get [Symbol.species]() {
    return Array;
  }
}

/** A generator: it gives its items once. */
export class Lazy {
  readonly #from: string;
  #items: readonly unknown[] | undefined;

  constructor(items: readonly unknown[], from: string) {
    this.#items = items;
    this.#from = from;
  }

  take(): readonly unknown[] {
    const items = this.#items ?? fail(`what ${this.#from} gave was used before, and it can be used once: add "| list"`);
    this.#items = undefined;
    return items;
  }

  get from(): string {
    return this.#from;
  }
}

/** A name, key or attribute that there is not; using it for anything but `is defined` or `default` fails. */
export class Undefined {
  readonly #message: () => string;
  /** Prints as nothing and is false: what `a if b` without `else` gives in Jinja2. */
  readonly lenient: boolean;

  constructor(message: () => string, lenient = false) {
    this.#message = message;
    this.lenient = lenient;
  }

  get message(): string {
    return this.#message();
  }
}

export class Namespace {
  readonly attributes: Map<string, unknown>;

  constructor(attributes: Iterable<readonly [string, unknown]>) {
    this.attributes = new Map(attributes);
  }
}

/** Something that a template may call. */
export type Callable = (args: readonly unknown[], named: ReadonlyMap<string, unknown>) => unknown;

/** An object whose attributes are worked out when they are asked for: `loop`, an imported template. */
export abstract class Attributes {
  abstract attribute(name: string): unknown;
  abstract readonly typeName: string;
}

export type Dict = Map<unknown, unknown> | Record<string, unknown>;

export const isDict = (value: unknown): value is Dict =>
  value instanceof Map ||
  (typeof value === 'object' && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value)));

export const isNumber = (value: unknown): value is number | bigint | Float | boolean =>
  typeof value === 'number' || typeof value === 'bigint' || value instanceof Float || typeof value === 'boolean';

export const isInt = (value: unknown): value is number | bigint | boolean =>
  Number.isInteger(value) || typeof value === 'bigint' || typeof value === 'boolean';

export const isFloat = (value: unknown): value is number | Float =>
  value instanceof Float || (typeof value === 'number' && !Number.isInteger(value));

/** What Python calls the type of a value, for messages. */
export const typeName = (value: unknown): string => {
  if (value === null) return 'None';
  if (value instanceof Undefined || value === undefined) return 'undefined';
  if (typeof value === 'string') return 'a text';
  if (typeof value === 'boolean') return 'true or false';
  if (isInt(value)) return 'an int';
  if (isFloat(value)) return 'a float';
  if (value instanceof Tuple) return 'a tuple';
  if (Array.isArray(value)) return 'a list';
  if (isDict(value)) return 'a map';
  if (value instanceof Lazy) return 'a generator';
  if (value instanceof Attributes) return value.typeName;
  return typeof value === 'function' ? 'a function' : 'an object';
};

/** The value itself. @throws TemplateFailure where there is none */
export const defined = (value: unknown): unknown => {
  if (value instanceof Undefined) return value.lenient ? '' : fail(value.message);
  return value === undefined ? fail('the value is undefined') : value;
};

/** A number to reckon with. */
export const toNumber = (value: unknown): number => {
  const known = defined(value);
  if (known instanceof Float) return known.value;
  return typeof known === 'number' || typeof known === 'boolean'
    ? Number(known)
    : fail(`expected a number, found ${typeName(known)}`);
};

/** A whole number to count with. */
export const toInt = (value: unknown): number =>
  isInt(defined(value)) ? Number(value) : fail(`expected a whole number, found ${typeName(value)}`);
