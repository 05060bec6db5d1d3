import type { TSchema, Type as TypeBox } from 'typebox';

// TypeBox gives the types of our schemas, and compiles them where requests come in. Its builder parses all of
// TypeScript's types: 150 ms of CPU at each start of the command line. This one builds the same as TypeBox.

type Built = Record<string, unknown>;

const hide = (schema: Built, key: string, value: unknown): Built =>
  Object.defineProperty(schema, key, { configurable: true, writable: true, enumerable: false, value });

const built = (kind: string, schema: Built, options: Built = {}): Built =>
  hide({ ...schema, ...options }, '~kind', kind);

/** The same schema with one more hidden mark. */
const marked = (schema: Built, mark: string, value: unknown): Built =>
  hide(Object.defineProperties({}, Object.getOwnPropertyDescriptors(schema)) as Built, mark, value);

const simple = (kind: string, schema: Built) => (options?: Built) => built(kind, schema, options);

const object = (properties: Record<string, Built>, options?: Built) => {
  const required = Object.keys(properties).filter((key) => !Object.hasOwn(properties[key] ?? {}, '~optional'));
  return built('Object', { type: 'object', ...(required.length > 0 ? { required } : {}), properties }, options);
};

const optional = (schema: Built) => marked(schema, '~optional', true);

const builder = {
  Array: (items: Built, options?: Built) => built('Array', { type: 'array', items }, options),
  Boolean: simple('Boolean', { type: 'boolean' }),
  Enum: (values: readonly unknown[], options?: Built) => built('Enum', { enum: values }, options),
  Integer: simple('Integer', { type: 'integer' }),
  Literal: (value: string | number | boolean, options?: Built) =>
    built('Literal', { type: typeof value, const: value }, options),
  Null: simple('Null', { type: 'null' }),
  Number: simple('Number', { type: 'number' }),
  Object: object,
  Optional: optional,
  /** Of an object alone. */
  Partial: ({ properties }: { properties: Record<string, Built> }, options?: Built) =>
    object(Object.fromEntries(Object.entries(properties).map(([key, each]) => [key, optional(each)])), options),
  /** By any key: the only kind that we have. */
  Record: (_key: Built, value: Built, options?: Built) =>
    built('Record', { type: 'object', patternProperties: { '^.*$': value } }, options),
  String: simple('String', { type: 'string' }),
  Union: (anyOf: readonly TSchema[], options?: Built) => built('Union', { anyOf }, options),
  Unknown: simple('Unknown', {}),
  Unsafe: (schema: Built) => marked(schema, '~unsafe', null),
};

/** TypeBox's own, as far as the bus and our files need them. */
export const Type = builder as unknown as Pick<typeof TypeBox, keyof typeof builder>;
