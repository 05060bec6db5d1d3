import type { Job, JobKind, Request, Verb } from '../../core/bus.ts';
import { newJob } from '../../core/store/jobs.ts';
import type { Api, App } from '../app.ts';
import { HttpProblem } from '../http/problem.ts';
import { started } from '../http/responses.ts';
import {
  CommandBody,
  CommandText,
  ConfigureBody,
  ConfigureQuery,
  ConfigureText,
  DevicePath,
  Nothing,
  RollbackBody,
  WaitQuery,
} from '../http/schemas.ts';
import type { Asked } from '../once/once.ts';
import { configure } from './configure.ts';
import { getEntry } from './device-view.ts';
import { dispatch, record } from './dispatch.ts';
import { answerJob } from './follow.ts';

/** Room for the largest text that a policy may allow by default, written as JSON; the runner's guard says the rest. */
const configureLimitBytes = 16 * 1024 * 1024;

/** Publishes the record of a job and asks the device's holder for the work. */
export const queue = async <V extends Verb & JobKind>(
  api: Api,
  { caller, work, resumed }: Asked,
  device: string,
  verb: V,
  payload: Request<V>,
): Promise<Job> => {
  await getEntry(api, device);
  const job: Job = { ...newJob(device, verb, work), author: caller.name, request: payload };
  await record(api, job, resumed);
  dispatch(api, job, verb, payload);
  return job;
};

/** The route of a verb on a device. */
export const devicePath = (verb: string) => `/api/v1/devices/:name/${verb}`;

/** Schemas by content type are not asked where there is no content. */
const mustHaveBody = async (request: { body: unknown }) => {
  if (request.body === undefined) throw new HttpProblem('invalid_request', 'body: missing; send JSON or text/plain');
};

/** A body that need not be there: nothing is the same as `{}`. */
export const orNothing = async (request: { body: unknown }) => {
  request.body ??= {};
};

/** What the routes that start work on a device have in common. */
export const workSchema = <const T extends object>(operationId: string, summary: string, more: T) => ({
  operationId,
  summary,
  tags: ['work'],
  params: DevicePath,
  querystring: WaitQuery,
  response: started,
  ...more,
});

/** Work on a device: each route queues a job and answers with its record. */
export const workRoutes = (app: App, api: Api): void => {
  app.post(
    devicePath('configure'),
    {
      config: { needs: ['deploy', 'device'] },
      preValidation: mustHaveBody,
      bodyLimit: configureLimitBytes,
      schema: {
        ...workSchema('configure', 'Deploy a complete configuration by hand', {}),
        description:
          'The text holds the device against the source until the source has different content, or until `resume`.',
        querystring: ConfigureQuery,
        body: {
          content: { 'application/json': { schema: ConfigureBody }, 'text/plain': { schema: ConfigureText } },
        },
      },
    },
    async (request, reply) => {
      const { params, query, body: given } = request;
      const { wait, ...options } = query;
      const body = given as string | ConfigureBody; // checked above, by content type
      if (typeof body !== 'string' && Object.keys(options).length > 0) {
        throw new HttpProblem('invalid_request', 'with a JSON body, the options go into the body, not into the query');
      }
      await getEntry(api, params.name);
      const asked = typeof body === 'string' ? { config: body, ...options } : body;
      return answerJob(api, reply, await configure(api, request, params.name, asked), wait);
    },
  );
  app.post(
    devicePath('command'),
    {
      config: { needs: ['command', 'device'] },
      preValidation: mustHaveBody,
      schema: workSchema('command', 'Run one command; `result.output` has its output', {
        body: { content: { 'application/json': { schema: CommandBody }, 'text/plain': { schema: CommandText } } },
      }),
    },
    async (request, reply) => {
      const { params, query } = request;
      const body = request.body as string | Request<'command'>;
      const payload = typeof body === 'string' ? { command: body.replace(/\r?\n$/, '') } : body;
      return answerJob(api, reply, await queue(api, request, params.name, 'command', payload), query.wait);
    },
  );
  app.post(
    devicePath('test'),
    {
      config: { needs: ['view', 'device'] },
      preValidation: orNothing,
      schema: workSchema('test', 'Open a new login and run the checks; changes nothing', { body: Nothing }),
    },
    async (request, reply) =>
      answerJob(api, reply, await queue(api, request, request.params.name, 'test', {}), request.query.wait),
  );
  app.post(
    devicePath('rollback'),
    {
      config: { needs: ['deploy', 'device'] },
      preValidation: orNothing,
      schema: workSchema('rollback', 'Return to the configuration before a job, or before the last deployment', {
        body: RollbackBody,
      }),
    },
    async (request, reply) => {
      const { params, query, body } = request;
      return answerJob(api, reply, await queue(api, request, params.name, 'rollback', body), query.wait);
    },
  );
};
