import { Type } from 'typebox';
import { AccessName, Grant, KeyUse, NamedKey } from '../../../core/access.ts';
import type { Api, App } from '../../app.ts';
import { HttpProblem } from '../../http/problem.ts';
import { problems, read } from '../../http/responses.ts';
import { Nothing } from '../../http/schemas.ts';
import { createKey, listKeys, revokeKey } from '../keys.ts';

const closed = { additionalProperties: false } as const;
const KeyName = Type.Object({ name: AccessName }, closed);
const NewKey = Type.Object(
  {
    name: AccessName,
    grants: Type.Array(Grant, { minItems: 1, maxItems: 50 }),
    expiresAt: Type.Optional(Type.String({ format: 'date-time', description: 'RFC 3339; default: never' })),
  },
  closed,
);
const KeyList = Type.Object({
  items: Type.Array(
    Type.Object({
      name: AccessName,
      ...Type.Omit(NamedKey, ['sha256']).properties,
      used: Type.Union([KeyUse, Type.Null()], { description: 'to the minute' }),
    }),
  ),
});
const Made = Type.Object({ name: AccessName, key: Type.String({ description: 'shown only once' }) });

/** Keys of people and programs. */
export const keyRoutes = (app: App, { store, bus }: Api): void => {
  app.get(
    '/api/v1/keys',
    {
      config: { needs: ['access', 'site'] },
      schema: {
        operationId: 'listKeys',
        summary: 'All API keys except the site key, without their secrets',
        tags: ['access'],
        querystring: Nothing,
        response: read(KeyList),
      },
    },
    async () => ({ items: await bus.reach(() => listKeys(store)) }),
  );
  app.post(
    '/api/v1/keys',
    {
      config: { needs: ['access', 'site'] },
      schema: {
        operationId: 'createKey',
        summary: 'Create an API key',
        tags: ['access'],
        querystring: Nothing,
        body: NewKey,
        response: { 201: Made, ...problems },
      },
    },
    async ({ body, caller }, reply) => {
      const key = await bus.reach(() => createKey(store, { ...body, by: caller.name }));
      return reply.code(201).send({ name: body.name, key });
    },
  );
  app.delete(
    '/api/v1/keys/:name',
    {
      config: { needs: ['access', 'site'] },
      schema: {
        operationId: 'revokeKey',
        summary: 'Revoke an API key: every instance refuses it from the next request on',
        tags: ['access'],
        params: KeyName,
        querystring: Nothing,
        response: { 204: Type.Null({ description: 'revoked' }), ...problems },
      },
    },
    async ({ params }, reply) => {
      if (await bus.reach(() => revokeKey(store, params.name))) return reply.code(204).send(null);
      throw new HttpProblem('not_found', `no API key is named "${params.name}"`);
    },
  );
};
