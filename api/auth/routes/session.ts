import { Type } from 'typebox';
import { Grant } from '../../../core/access.ts';
import type { App } from '../../app.ts';
import { answers } from '../../http/responses.ts';
import { Nothing } from '../../http/schemas.ts';
import { type Caller, permissions, permissionsOf } from '../roles.ts';

const Session = Type.Object({
  name: Type.String({ description: 'as records have it' }),
  grants: Type.Array(Grant),
  may: Type.Array(Type.Enum([...permissions]), { description: 'what one may do on some device at least' }),
});

const told = (caller: Caller) => ({ name: caller.name, grants: [...caller.grants], may: permissionsOf(caller) });

/** Who asks, as we know him. */
export const sessionRoutes = (app: App): void => {
  app.get(
    '/api/v1/session',
    {
      config: { needs: 'caller' },
      schema: {
        operationId: 'getSession',
        summary: 'Who you are, and what you may do',
        tags: ['access'],
        querystring: Nothing,
        response: answers(Session),
      },
    },
    async ({ caller }) => told(caller),
  );
};
