import { Type } from 'typebox';
import { DeviceName, JobId, Step } from '../../core/bus.ts';
import type { Api, App } from '../app.ts';
import { problems, read } from '../http/responses.ts';
import { JobPath, Nothing } from '../http/schemas.ts';
import { type BulkVerb, bulkVerbs, findBulk, progressOf, startBulk } from './bulk.ts';

const closed = { additionalProperties: false } as const;
const Verb = Type.Unsafe<BulkVerb>(Type.Enum(Object.keys(bulkVerbs)));
const Body = Type.Object(
  {
    verb: Verb,
    devices: Type.Optional(Type.Array(DeviceName, { minItems: 1, maxItems: 2_000 })),
    select: Type.Optional(Type.String({ minLength: 1, maxLength: 2_000, description: 'docs/selectors.md' })),
    request: Type.Optional(Type.Unknown({ description: 'the body of the verb, as in the route for a single device' })),
  },
  closed,
);
const Progress = Type.Object({
  id: JobId,
  verb: Verb,
  total: Type.Integer(),
  finished: Type.Integer(),
  outcomes: Type.Record(Type.String(), Type.Integer(), { description: 'number of finished jobs by outcome' }),
  items: Type.Array(
    Type.Object({
      device: DeviceName,
      job: JobId,
      state: Step,
      outcome: Type.Union([Type.String(), Type.Null()], {
        description: 'the kind of the outcome, or the failure code',
      }),
    }),
  ),
});

/** The same work on many devices, with the progress of all in one place. */
export const bulkRoutes = (app: App, api: Api): void => {
  app.post(
    '/api/v1/bulk',
    {
      config: { needs: ['view', 'seen'] },
      schema: {
        operationId: 'startBulk',
        summary: 'Do the same work on many devices, one job each',
        tags: ['work'],
        querystring: Nothing,
        body: Body,
        response: {
          202: { description: 'All jobs are queued.', content: { 'application/json': { schema: Progress } } },
          ...problems,
        },
      },
    },
    async (request, reply) => {
      const { id, jobs } = await startBulk(api, request, request.body);
      return reply.code(202).header('location', `/api/v1/bulk/${id}`).send(progressOf(id, jobs));
    },
  );
  app.get(
    '/api/v1/bulk/:id',
    {
      config: { needs: ['view', 'seen'] },
      schema: {
        operationId: 'getBulk',
        summary: 'The progress of work on many devices',
        tags: ['work'],
        params: JobPath,
        querystring: Nothing,
        response: read(Progress),
      },
    },
    async ({ params, caller }) => findBulk(api, caller, params.id),
  );
};
