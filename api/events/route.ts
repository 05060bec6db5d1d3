import { picks } from '../../core/inventory/select/select.ts';
import type { Api, App } from '../app.ts';
import { mayEverywhere, mayOn } from '../auth/roles.ts';
import { streamed } from '../http/responses.ts';
import { EventsQuery } from '../http/schemas.ts';
import { seenBy } from '../routes/device-view.ts';
import { Feed } from './feed.ts';

/** A connection ends after that: it may stand in a proxy that nobody sees any more; a browser comes again by itself. */
const longestMs = 10 * 60_000;

/** What becomes of devices and jobs, as it happens. */
export const eventRoutes = (app: App, api: Api): void => {
  const feed = new Feed(api.views, api.signal);
  const { site } = api.store;
  app.get(
    '/api/v1/events',
    {
      config: { needs: ['view', 'seen'] },
      schema: {
        operationId: 'events',
        summary: 'Changes of devices and jobs, as server-sent events',
        description:
          '`start`: from here on no change is missed. `device`: as in `GET /devices`. `job`: as in `GET /jobs`. `removed`: `{"device"}` or `{"job", "device"}`. `reset`: the changes in between are not known, load the lists again. `bus`: `{"up", "ageSeconds"}`, whether NATS still confirms what was sent.',
        tags: ['events'],
        querystring: EventsQuery,
        response: streamed,
      },
    },
    async ({ query, caller, known, headers }, reply) => {
      await api.views.fresh('devices', 'jobs');
      const { after = headers['last-event-id']?.toString(), select } = query;
      if (select !== undefined) seenBy(api, caller, select); // it picks something, or is refused
      const seen = mayEverywhere(caller, 'view') ? undefined : mayOn(site, caller, 'view');
      const picked = select === undefined ? undefined : picks(site, select);
      const wants =
        seen && picked ? (entry: Parameters<typeof seen>[0]) => seen(entry) && picked(entry) : (seen ?? picked);
      const listener = feed.join({ wants, after });
      const end = setTimeout(() => listener.end(), longestMs);
      const unwatch = known && api.lasting.watch(caller, known, () => listener.end());
      listener.stream.once('close', () => {
        clearTimeout(end);
        unwatch?.();
      });
      reply.header('x-accel-buffering', 'no'); // else a proxy would hold them back
      reply.header('connection', 'close'); // else the server, when it stops, waits for a next request on it
      return reply.type('text/event-stream; charset=utf-8').send(listener.stream);
    },
  );
};
