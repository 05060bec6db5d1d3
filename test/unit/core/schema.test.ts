import { type TSchema, Type as TypeBox } from 'typebox';
import { Compile } from 'typebox/compile';
import { describe, expect, it } from 'vitest';
import * as bus from '../../../core/bus.ts';
import { checkSchema } from '../../../core/inventory/check.ts';
import { Type } from '../../../core/schema.ts';

/** One schema of each kind, with and without options, built by either. */
const examples = (type: typeof Type) => ({
  text: type.String({ minLength: 1, description: 'a text' }),
  object: type.Object(
    { needed: type.Integer({ minimum: 1 }), optional: type.Optional(type.Boolean()) },
    { additionalProperties: false },
  ),
  empty: type.Object({}),
  partial: type.Partial(type.Object({ a: type.Number(), b: type.Null() }), { additionalProperties: false }),
  list: type.Array(type.Unknown(), { minItems: 1 }),
  record: type.Record(type.String(), type.Literal(2), { description: 'by name' }),
  union: type.Union([type.Literal('one'), type.Literal(true), type.Null()], { description: 'either' }),
  words: type.Enum(['one', 'other'], { description: 'of them' }),
  unsafe: type.Unsafe<string>(type.Optional(type.Enum(['one']))),
});

/** With its marks, which are hidden. */
const whole = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(whole)
    : typeof value === 'object' && value !== null
      ? Object.entries(Object.getOwnPropertyDescriptors(value)).map(([key, { value: inner, enumerable }]) => [
          key,
          enumerable,
          whole(inner),
        ])
      : value;

it('a schema is the one that TypeBox builds, its marks included', () => {
  const [ours, theirs] = [examples(Type), examples(TypeBox)];
  for (const kind of Object.keys(ours) as (keyof typeof ours)[]) {
    const sorted = (schema: unknown) => JSON.stringify(whole(schema), null, 1).split('\n').sort().join('\n');
    expect(sorted(ours[kind]), kind).toBe(sorted(theirs[kind]));
  }
});

const { Generation, Outcome, CheckResult, Said, Takeover, Job, Blocked, DeviceState, InventoryEntry } = bus;
const { Lease, Runner, ApiKey, requests } = bus;
const records = { Generation, Outcome, CheckResult, Said, Takeover, Job, Blocked, DeviceState, InventoryEntry };
const schemas = {
  ...records,
  Lease,
  Runner,
  ApiKey,
  ...Object.fromEntries(Object.entries(requests).map(([verb, { schema }]) => [verb, schema])),
};

const others = [null, true, -1, 2, 1.5, '', 'text', 'a'.repeat(5000), 'leaf1', 'replace', [], {}, [{}]];

/** Of each pattern that the bus has. */
const texts = ['text', 'leaf1', 'a'.repeat(25), 'a'.repeat(64), '0644'];

type Node = TSchema & {
  type?: string;
  enum?: unknown[];
  minimum?: number;
  pattern?: string;
  properties?: Record<string, Node>;
  items?: Node;
  anyOf?: Node[];
};

/** A value that the schema takes, every optional key in it; for a union, one for each member. */
const valuesOf = (node: Node): unknown[] => {
  if (node.anyOf) return node.anyOf.flatMap(valuesOf);
  if (node.enum) return [node.enum[0]];
  if ('const' in node) return [node.const];
  if (node.type === 'array') return [valuesOf(node.items ?? {}).slice(0, 1)];
  if (node.type === 'integer') return [Number(node.minimum ?? 0)];
  if (node.type === 'boolean') return [true];
  if (node.type === 'null') return [null];
  if (node.type === 'string')
    return texts.filter((text) => new RegExp(String(node.pattern ?? '')).test(text)).slice(0, 1);
  const entries = Object.entries(node.properties ?? {}).map(([key, each]) => [key, valuesOf(each)] as const);
  const first = Object.fromEntries(entries.map(([key, [value]]) => [key, value]));
  return [first, ...entries.flatMap(([key, values]) => values.slice(1).map((value) => ({ ...first, [key]: value })))];
};

/** A value, and all that differ from it in one place. */
function* mutations(value: unknown): Generator<unknown> {
  yield value;
  yield* others;
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const other of [...others, ...value.flatMap((item) => [...mutations(item)])]) yield [other];
    return;
  }
  yield { ...value, unexpected: 1 };
  for (const [key, item] of Object.entries(value)) {
    const { [key]: _, ...rest } = value as Record<string, unknown>;
    yield rest;
    for (const other of mutations(item)) yield { ...rest, [key]: other };
  }
}

describe('a record', () => {
  it.each(Object.entries(schemas))('of the bus is taken where TypeBox takes it: %s', (_, schema) => {
    const compiled = Compile(schema);
    let taken = 0;
    for (const value of valuesOf(schema).flatMap((each) => [...mutations(each)])) {
      const wanted = compiled.Check(value);
      if (wanted) taken++;
      if ((checkSchema(schema, value).length === 0) !== wanted) expect(value, `TypeBox: ${wanted}`).toBe(undefined);
    }
    expect(taken).toBeGreaterThan(0);
  });
});
