import { Type } from 'typebox';
import type { Api, App } from '../app.ts';
import { problems, read } from '../http/responses.ts';
import { Nothing } from '../http/schemas.ts';
import type { Hook } from './hooks.ts';
import { resend } from './outbox.ts';
import { DeliveryView, deliveries, HookView, hookViews } from './view.ts';

const closed = { additionalProperties: false } as const;
const DeliveriesQuery = Type.Object(
  { state: Type.Optional(Type.Enum(['waiting', 'sent', 'dead'], { description: 'default: all' })) },
  closed,
);
const ResendBody = Type.Object(
  { id: Type.String({ minLength: 1, maxLength: 200, description: 'as `GET /webhooks/deliveries` has it' }) },
  closed,
);

/** Receivers, and what is on its way to them. */
export const webhookRoutes = (app: App, { store, bus }: Api, hooks: readonly Hook[]): void => {
  const known = hooks.map(({ name, url, format, events }) => ({ name, host: url.host, format, events }));
  app.get(
    '/api/v1/webhooks',
    {
      config: { needs: ['access', 'site'] },
      schema: {
        operationId: 'listWebhooks',
        summary: 'Receivers of webhooks, and how many events are on their way to each',
        tags: ['webhooks'],
        querystring: Nothing,
        response: read(Type.Object({ items: Type.Array(HookView) })),
      },
    },
    async () => ({ items: await bus.reach(() => hookViews(store, known)) }),
  );
  app.get(
    '/api/v1/webhooks/deliveries',
    {
      config: { needs: ['access', 'site'] },
      schema: {
        operationId: 'listDeliveries',
        summary: 'Events on their way, dead, or sent within a day, the oldest first',
        tags: ['webhooks'],
        querystring: DeliveriesQuery,
        response: read(Type.Object({ items: Type.Array(DeliveryView) })),
      },
    },
    async ({ query: { state } }) => {
      const all = await bus.reach(() => deliveries(store));
      return { items: all.filter((each) => state === undefined || each.state === state) };
    },
  );
  app.post(
    '/api/v1/webhooks/resend',
    {
      config: { needs: ['access', 'site'] },
      schema: {
        operationId: 'resendDelivery',
        summary: 'Send an event to its receiver again, within seconds',
        tags: ['webhooks'],
        querystring: Nothing,
        body: ResendBody,
        response: { 202: DeliveryView, ...problems },
      },
    },
    async ({ body: { id } }, reply) => {
      const delivery = await bus.reach(() => resend(store, id));
      return reply.code(202).send({ id, ...delivery });
    },
  );
};
