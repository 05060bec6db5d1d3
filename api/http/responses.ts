import { type TSchema, Type } from 'typebox';
import type { Job } from '../../core/bus.ts';
import type { Problem } from './problem.ts';

/** Refers to a schema by its name, so that the OpenAPI document spells it once. */
const named = <T>(id: string) => Type.Unsafe<T>({ $ref: `${id}#` });

const failed = {
  description: 'A problem document (RFC 9457); `code` is the stable word for what went wrong.',
  content: { 'application/problem+json': { schema: named<Problem>('Problem') } },
};
export const problems = { '4xx': failed, '5xx': failed };

export const answers = <S extends TSchema>(schema: S) => ({ 200: schema, ...problems });

const unchanged = {
  304: { description: 'Only ages have changed since the `ETag` in `If-None-Match`.', type: 'null' },
};
const etag = {
  ETag: { type: 'string', description: 'for `If-None-Match`; changes with everything except ages' },
};

/** What a route that only reads answers. */
export const read = <S extends TSchema>(schema: S) => ({
  200: { description: 'As it is now.', headers: etag, content: { 'application/json': { schema } } },
  ...unchanged,
  ...problems,
});

const location = { Location: { type: 'string', description: 'URL of the job' } };
const job = (description: string) => ({
  description,
  headers: location,
  content: { 'application/json': { schema: named<Job>('Job') } },
});

/** What a list from memory answers. */
export const viewed = <S extends TSchema>(schema: S) => ({
  200: {
    description: 'As of now; `Age` is the number of seconds since NATS last confirmed it.',
    headers: {
      ...etag,
      Age: { type: 'integer' },
    },
    content: { 'application/json': { schema } },
  },
  ...unchanged,
  ...problems,
});

/** What a route that goes on telling answers. */
export const streamed = {
  200: {
    description: 'Events until one side ends the connection; a comment every 15 s keeps it alive.',
    content: { 'text/event-stream': { schema: { type: 'string' } } },
  },
  ...problems,
};

/** What a route that starts work answers. */
export const started = {
  200: job('The job is finished; `outcome` says how it ended.'),
  202: job('The job is still running, or waits for an approval.'),
  ...problems,
};
