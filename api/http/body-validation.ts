import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Value } from 'typebox/value';
import { checkSchema } from '../../core/inventory/check.ts';
import { type Flaw, HttpProblem } from './problem.ts';

const places: Record<string, string> = { querystring: 'query', params: 'path', body: 'body', headers: 'headers' };
const maxFlaws = 10;

const flawsOf = (schema: TSchema, value: unknown, place: string): Flaw[] => {
  const problems = checkSchema(schema, value);
  const worded = problems
    .filter(({ text }) => !text.includes('63 at most')) // patterns are worded by their own description, below
    .map(({ path, text }) => ({ in: place, pointer: path.map((step) => `/${step}`).join(''), detail: text }));
  if (worded.length > 0) return worded.slice(0, maxFlaws);
  return Value.Errors(schema, value)
    .slice(0, maxFlaws)
    .map(({ instancePath, message }) => ({ in: place, pointer: instancePath, detail: message }));
};

/**
 * Checks requests by TypeBox: a body as it stands, a query and a path with their texts turned into numbers and booleans.
 * What is not in the schema is an error, never left out in silence.
 */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const place = places[httpPart ?? ''] ?? 'request';
  const checked = Compile(schema);
  return (given: unknown) => {
    const value = httpPart === 'body' ? given : Value.Convert(schema, given);
    if (checked.Check(value)) return { value };
    const errors = flawsOf(schema, value, place);
    const detail = errors.map((flaw) => `${place}${flaw.pointer}: ${flaw.detail}`).join('; ');
    return { error: new HttpProblem('invalid_request', detail, { errors }) };
  };
};
