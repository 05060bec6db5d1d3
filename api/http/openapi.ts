import swagger from '@fastify/swagger';
import type { App } from '../app.ts';
import { Problem } from './problem.ts';
import { DeviceView, JobSummary, JobView, RunnerView } from './schemas.ts';

/** Serves the OpenAPI document of all routes that are registered after it. */
export const describeApi = async (app: App, version: string): Promise<void> => {
  for (const schema of [DeviceView, JobView, JobSummary, RunnerView, Problem]) app.addSchema(schema);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Plumbline',
        version,
        description: 'The state of the network devices of one site, and work on them.',
      },
      components: {
        securitySchemes: {
          key: { type: 'http', scheme: 'bearer', description: 'an API key' },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: '__Host-plumb',
            description: 'the session of a browser that is logged in',
          },
        },
      },
      security: [{ key: [] }, { session: [] }],
      tags: [
        { name: 'devices' },
        { name: 'work' },
        { name: 'jobs' },
        { name: 'events' },
        { name: 'runners' },
        { name: 'access' },
        { name: 'webhooks' },
        { name: 'health' },
      ],
    },
    refResolver: { buildLocalReference: (json, _base, _fragment, at) => String(json.$id ?? `schema${at}`) },
  });
  app.get('/openapi.json', { schema: { hide: true }, config: { needs: 'nothing' } }, async () => app.swagger());
};
