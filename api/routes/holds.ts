import type { Static } from 'typebox';
import { ask } from '../../core/store/ask.ts';
import type { Api, App } from '../app.ts';
import { answers } from '../http/responses.ts';
import { ConfigBody, DevicePath, HoldBody, Nothing, Resumed } from '../http/schemas.ts';
import { devicePath, orNothing, queue, workSchema } from './changes.ts';
import { getEntry } from './device-view.ts';
import { answerJob } from './follow.ts';

const resumeMs = 10_000;

/** Stopping deployments to a device and letting them go on, and the configuration that it has meanwhile. */
export const holdRoutes = (app: App, api: Api): void => {
  app.post(
    devicePath('hold'),
    {
      config: { needs: ['deploy', 'device'] },
      schema: workSchema('hold', 'Stop all deployments to a device until `resume`', { body: HoldBody }),
    },
    async (request, reply) => {
      const { params, query, body } = request;
      return answerJob(api, reply, await queue(api, request, params.name, 'hold', body), query.wait);
    },
  );
  app.post(
    devicePath('resume'),
    {
      config: { needs: ['deploy', 'device'] },
      preValidation: orNothing,
      schema: {
        operationId: 'resume',
        summary: "End the hold of a device and deploy the source's text",
        tags: ['work'],
        params: DevicePath,
        querystring: Nothing,
        body: Nothing,
        response: answers(Resumed),
      },
    },
    async ({ params, caller: { name: author } }) => {
      await getEntry(api, params.name);
      const answer = await ask(api.store, params.name, 'resume', {}, { timeoutMs: resumeMs, author });
      return answer as Static<typeof Resumed>;
    },
  );
  app.post(
    devicePath('config'),
    {
      config: { needs: ['view', 'device'] },
      preValidation: orNothing,
      schema: {
        ...workSchema('config', 'Read a configuration, secrets masked, into `result.config`', { body: ConfigBody }),
        description:
          'The running configuration; with `from: startup` the startup configuration, with `saved: JOB` the one saved before that job. Cut at 256 KiB.',
      },
    },
    async (request, reply) => {
      const { params, query, body } = request;
      return answerJob(api, reply, await queue(api, request, params.name, 'config', body), query.wait);
    },
  );
};
