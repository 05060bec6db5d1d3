import { busMark } from '../../core/store/server/bus-mark.ts';
import type { Api, App } from '../app.ts';
import { answers } from '../http/responses.ts';
import { Health } from '../http/schemas.ts';

/** Whether this instance can do its work, for load balancers: open, and tells strangers nothing else. */
export const healthRoutes = (app: App, { store, bus }: Api): void => {
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
};
