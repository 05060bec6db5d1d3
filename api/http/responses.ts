import { type TSchema, Type } from 'typebox';
import type { Job } from '../../core/bus.ts';
import type { Problem } from './problem.ts';

/** Refers to a schema by its name, so that the OpenAPI document spells it once. */
export const named = <T>(id: string) => Type.Unsafe<T>({ $ref: `${id}#` });

const failed = {
  description: 'A problem document (RFC 9457); `code` says what went wrong.',
  content: { 'application/problem+json': { schema: named<Problem>('Problem') } },
};
export const problems = { '4xx': failed, '5xx': failed };

export const answers = <S extends TSchema>(schema: S) => ({ 200: schema, ...problems });

const unchanged = {
  304: { description: 'Nothing but ages has changed since the `ETag` that was sent in `If-None-Match`.', type: 'null' },
};
const etag = {
  ETag: { type: 'string', description: 'for `If-None-Match`; another one after any change but that of ages' },
};

/** What a route that only reads answers. */
export const read = <S extends TSchema>(schema: S) => ({
  200: { description: 'As it is now.', headers: etag, content: { 'application/json': { schema } } },
  ...unchanged,
  ...problems,
});

const location = { Location: { type: 'string', description: 'where the job is found' } };
const job = (description: string) => ({
  description,
  headers: location,
  content: { 'application/json': { schema: named<Job>('Job') } },
});

/** What a list from memory answers. */
export const viewed = <S extends TSchema>(schema: S) => ({
  200: {
    description: 'As of now; `Age` says for how many seconds NATS has not said that it is still so.',
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
    description: 'Events until one side ends the connection; a comment each 15 s says that it still stands.',
    content: { 'text/event-stream': { schema: { type: 'string' } } },
  },
  ...problems,
};

/** What a route that starts work answers. */
export const started = {
  200: job('The job is finished; `outcome` says how it ended.'),
  202: job('The job is under way, or waits for an approval.'),
  ...problems,
};
