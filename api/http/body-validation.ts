import type { FastifyRequest, FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Value } from 'typebox/value';
import { named } from '../../core/by-name.ts';
import { checkSchema } from '../../core/inventory/check.ts';
import { notUtf8 } from '../../core/text/utf8.ts';
import type { App } from '../app.ts';
import { type Flaw, HttpProblem } from './problem.ts';

/**
 * Takes bodies of JSON and plain text, refusing one that is not UTF-8: what would be put in the place of its bytes is not
 * what was sent.
 */
export const takeBodies = (app: App): void => {
  const json = app.getDefaultJsonParser('error', 'error');
  const text = (bytes: Buffer, type = '') => {
    const [, charset = 'utf-8'] = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(type) ?? [];
    if (!/^(utf-?8|us-ascii)$/i.test(charset))
      throw new HttpProblem('unsupported_media_type', `body: charset ${charset.slice(0, 40)}: only UTF-8 is accepted`);
    const found = notUtf8(bytes);
    if (!found) return bytes.toString();
    throw new HttpProblem(
      'invalid_request',
      `body: not valid UTF-8 in line ${found.line} (byte offset ${found.offset}): it is binary or in another encoding`,
    );
  };
  app.addContentTypeParser('text/plain', { parseAs: 'buffer' }, async ({ headers }: FastifyRequest, body: Buffer) =>
    text(body, headers['content-type']),
  );
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    try {
      if (body.length === 0 && request.method === 'DELETE')
        done(null, undefined); // clients that name the type of every request
      else json(request, text(body, request.headers['content-type']), done);
    } catch (error) {
      done(error as Error);
    }
  });
};

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

/** Texts of a query or a path as what the schema wants there; one that says something else stays, and is refused. */
const fromTexts = (schema: TSchema, given: unknown): unknown => {
  const { properties = {} } = schema as { properties?: Record<string, { type?: string }> };
  const meant = (text: unknown, type: string | undefined) => {
    if (type === 'integer' && typeof text === 'string' && /^-?\d{1,15}$/.test(text)) return Number(text);
    if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
    return text;
  };
  return Object.fromEntries(
    Object.entries(given ?? {}).map(([name, text]) => [name, meant(text, named(properties, name)?.type)]),
  );
};

/**
 * Checks requests by TypeBox: a body as it stands, a query and a path with their texts turned into numbers and booleans.
 * What is not in the schema is an error, never left out in silence.
 */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const place = places[httpPart ?? ''] ?? 'request';
  const checked = Compile(schema);
  return (given: unknown) => {
    const value = httpPart === 'body' ? given : fromTexts(schema, given);
    if (checked.Check(value)) return { value };
    const errors = flawsOf(schema, value, place);
    const detail = errors.map((flaw) => `${place}${flaw.pointer}: ${flaw.detail}`).join('; ');
    return { error: new HttpProblem('invalid_request', detail, { errors }) };
  };
};
