import type { TSchema } from 'typebox';
import { didYouMean } from '../../engines/nearest.ts';
import type { Path, Problem } from './yaml.ts';

// Checks a value from a file by its TypeBox schema and says what is wrong in an operator's terms: TypeBox's own errors
// are limited in number, and of a union say only that no member fits.

type Schema = TSchema & {
  type?: string;
  enum?: readonly unknown[];
  const?: unknown;
  anyOf?: readonly Schema[];
  properties?: Record<string, Schema>;
  patternProperties?: Record<string, Schema>;
  required?: readonly string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  minItems?: number;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  pattern?: string;
  description?: string;
};

const words: Record<string, string> = {
  object: 'a map of keys',
  array: 'a list',
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  null: 'nothing',
};

const typeOf = (value: unknown): string => {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value === 'bigint' ? 'integer' : typeof value;
};

/** What was found, in short; texts are not repeated, since one may be a secret in the wrong place. */
const found = (value: unknown): string => {
  const type = typeOf(value);
  if (type === 'boolean' || type === 'integer' || type === 'number') return `${value}`;
  if (type === 'string') return /^(yes|no|on|off)$/i.test(value as string) ? `the text "${value}"` : 'a text';
  return type === 'null' ? 'nothing' : (words[type] ?? type);
};

const expected = (schema: Schema): string => {
  if (schema.enum) return `one of ${schema.enum.join(', ')}`;
  if (schema.const !== undefined) return `${schema.const}`;
  if (schema.anyOf)
    return schema.anyOf
      .filter((member) => member.type !== 'null')
      .map((member) => (member.pattern && member.description) || expected(member))
      .join(' or ');
  const keys = Object.keys(schema.properties ?? {});
  if (keys.length === 1) return `{${keys[0]}: …}`;
  return words[schema.type ?? ''] ?? 'something else';
};

const isMap = (value: unknown): value is Record<string, unknown> | Map<unknown, unknown> =>
  value instanceof Map || typeOf(value) === 'object';

const entriesOf = (value: Record<string, unknown> | Map<unknown, unknown>): [string, unknown][] =>
  value instanceof Map ? [...value].map(([key, item]) => [String(key), item]) : Object.entries(value);

const checkMap = (schema: Schema, value: Record<string, unknown> | Map<unknown, unknown>, path: Path): Problem[] => {
  const properties = schema.properties ?? {};
  const rest = Object.values(schema.patternProperties ?? {})[0];
  const entries = entriesOf(value);
  const problems = entries.flatMap(([key, item]): Problem[] => {
    const member = Object.hasOwn(properties, key) ? properties[key] : rest;
    if (member) return checkValue(member, item, [...path, key]);
    if (schema.additionalProperties !== false) return [];
    const known = Object.keys(properties);
    const text = `unknown key${didYouMean(key, known) || `, expected one of ${known.join(', ')}`}`;
    return [{ path: [...path, key], text, on: 'key' }];
  });
  const present = new Set(entries.map(([key]) => key));
  const missing = (schema.required ?? []).filter((key) => !present.has(key));
  for (const key of missing) {
    const what = properties[key]?.description;
    problems.push({ path, text: `missing key "${key}"${what ? ` (${what})` : ''}`, on: 'key' });
  }
  return problems;
};

const checkUnion = (members: readonly Schema[], value: unknown, path: Path, whole: Schema): Problem[] => {
  const results = members.map((member) => checkValue(member, value, path));
  if (results.some((problems) => problems.length === 0)) return [];
  // the member that knows the key is the one that was meant
  const meant = members.findIndex(
    (member) => isMap(value) && entriesOf(value).some(([key]) => Object.hasOwn(member.properties ?? {}, key)),
  );
  const maps = members.filter((member) => member.type === 'object');
  if (meant >= 0) return results[meant] ?? [];
  if (isMap(value) && maps.length === 1 && maps[0]) return checkValue(maps[0], value, path);
  const known = members.flatMap((member) => Object.keys(member.properties ?? {}));
  const guess = isMap(value)
    ? entriesOf(value)
        .map(([key]) => didYouMean(key, known))
        .find(Boolean)
    : undefined;
  const takesTexts = members.some(({ type, const: only }) => type === 'string' || typeof only === 'string');
  const what = takesTexts && typeof value === 'string' ? 'another text' : found(value);
  return [{ path, text: `expected ${expected(whole)}, found ${what}${guess ?? ''}` }];
};

const checkValue = (schema: Schema, value: unknown, path: Path): Problem[] => {
  if (schema.anyOf) return checkUnion(schema.anyOf, value, path, schema);
  const wrong = (text: string): Problem[] => [{ path, text }];
  if (schema.enum) {
    if (schema.enum.includes(value)) return [];
    const guess = typeof value === 'string' ? didYouMean(value, schema.enum.map(String)) : '';
    const what = typeof value === 'string' && /^[\w.-]{1,40}$/.test(value) ? `"${value}"` : found(value);
    return wrong(`expected ${expected(schema)}, found ${what}${guess}`);
  }
  if (schema.const !== undefined && value !== schema.const)
    return wrong(`expected ${expected(schema)}, found ${found(value)}`);
  if (schema.type === 'object') {
    return isMap(value) ? checkMap(schema, value, path) : wrong(`expected ${expected(schema)}, found ${found(value)}`);
  }
  if (schema.type === undefined) return [];
  const type = typeOf(value);
  if (type !== schema.type && !(schema.type === 'number' && type === 'integer')) {
    return wrong(`expected ${expected(schema)}, found ${found(value)}`);
  }
  if (Array.isArray(value)) {
    if (value.length < (schema.minItems ?? 0)) return wrong(`expected at least ${schema.minItems} item`);
    return value.flatMap((item, index) => (schema.items ? checkValue(schema.items, item, [...path, index]) : []));
  }
  if (typeof value === 'number') {
    if (value < (schema.minimum ?? -Infinity)) return wrong(`expected ${schema.minimum} or more, found ${value}`);
    if (value > (schema.maximum ?? Infinity)) return wrong(`expected ${schema.maximum} or less, found ${value}`);
  }
  if (typeof value === 'string') {
    if (value.length < (schema.minLength ?? 0)) return wrong('expected a text, found an empty one');
    if (value.length > (schema.maxLength ?? Infinity)) return wrong(`expected at most ${schema.maxLength} characters`);
    if (schema.pattern && !new RegExp(schema.pattern).test(value)) {
      return wrong(
        `expected letters, digits, "_" and "-" only, 63 at most, found ${JSON.stringify(value.slice(0, 80))}`,
      );
    }
  }
  return [];
};

/** @returns what is wrong with `value`, and what was expected instead; [] when nothing is */
export const checkSchema = (schema: TSchema, value: unknown): Problem[] => checkValue(schema as Schema, value, []);
