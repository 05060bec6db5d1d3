import type { Api, App } from '../app.ts';
import { DiffBody, Nothing } from '../http/schemas.ts';
import { devicePath, orNothing, queue, workSchema } from './changes.ts';
import { answerJob } from './follow.ts';

/** What can be read of a device without a parameter; getters answer in the shape of NAPALM, with fields of ours. */
const reads = [
  ['bgp', 'bgp', "Read all BGP sessions; `result.bgp` has NAPALM's shape"],
  [
    'bgp-detail',
    'bgpDetail',
    'Read ports, timers, policies and counters of all BGP sessions into `result["bgp-detail"]`',
  ],
  ['facts', 'facts', 'Read host name, model, version, serial number and uptime into `result.facts`'],
  ['interfaces-ip', 'interfacesIp', 'Read the addresses of all interfaces into `result["interfaces-ip"]`'],
] as const;

/** Reads of a device: each route queues a job and answers with its record. */
export const readRoutes = (app: App, api: Api): void => {
  for (const [verb, operationId, summary] of reads) {
    app.post(
      devicePath(verb),
      {
        config: { needs: ['view', 'device'] },
        preValidation: orNothing,
        schema: workSchema(operationId, summary, { body: Nothing }),
      },
      async (request, reply) =>
        answerJob(api, reply, await queue(api, request, request.params.name, verb, {}), request.query.wait),
    );
  }
  app.post(
    devicePath('diff'),
    {
      config: { needs: ['view', 'device'] },
      preValidation: orNothing,
      schema: {
        ...workSchema('diff', "Compare on the device; `result.diff` is '' without a difference", { body: DiffBody }),
        description:
          'Loads the newest intent as a candidate, or with `to` what a rollback to before that job, or the `last`, would deploy, compares it with what runs and discards it. With `before` and `after`, compares two configurations that the device has.',
      },
    },
    async (request, reply) => {
      const { params, query, body } = request;
      return answerJob(api, reply, await queue(api, request, params.name, 'diff', body), query.wait);
    },
  );
};
