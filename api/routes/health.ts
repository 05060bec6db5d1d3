import { busMark } from '../../core/store/server/bus-mark.ts';
import type { Api, App } from '../app.ts';
import { answers } from '../http/responses.ts';
import { Health, Ready } from '../http/schemas.ts';

/** Whether this instance can do its work, for load balancers: open, and tells strangers nothing else. */
export const healthRoutes = (app: App, { store, bus, views }: Api): void => {
  app.get(
    '/health',
    {
      config: { needs: 'nothing' },
      schema: {
        operationId: 'health',
        summary: 'Whether NATS answers',
        tags: ['health'],
        security: [],
        response: answers(Health),
      },
    },
    async () => {
      const mark = await bus.reach(() => busMark(store));
      return { status: 'ok' as const, bus: mark };
    },
  );
  app.get(
    '/ready',
    {
      config: { needs: 'nothing' },
      schema: {
        operationId: 'ready',
        summary: 'Whether lists can be answered: NATS answers, and everything has been read',
        tags: ['health'],
        security: [],
        response: answers(Ready),
      },
    },
    async () => {
      await views.fresh('devices', 'jobs');
      return { status: 'ready' as const };
    },
  );
};
