import type { Api, App } from '../app.ts';
import { Nothing } from '../http/schemas.ts';
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
  [
    'diff',
    'diff',
    "Load the newest intent as a candidate, compare it on the device and discard it; `result.diff` is '' without a difference",
  ],
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
};
