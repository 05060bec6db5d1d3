import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { explain } from '../../core/errors.ts';
import { log } from '../../core/log.ts';
import { getJob, newJobId } from '../../core/store/jobs.ts';
import { sha256 } from '../../core/store/payload.ts';
import type { App } from '../app.ts';
import type { Needs, Reach } from '../auth/needs.ts';
import type { Caller } from '../auth/roles.ts';
import { HttpProblem } from '../http/problem.ts';
import { type Answer, type Claim, dropClaim, keepAnswer, leaveClaim, takeClaim } from './claims.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The id for what comes of the request: a job, or the same work on many devices. */
    work: string;
    /** An instance that is gone may have begun under this id. */
    resumed: boolean;
  }
}

/** Who asks, and under which id the work is to be recorded. */
export type Asked = Pick<FastifyRequest, 'work' | 'resumed'> & { caller: Caller };

/** In small letters, as Node has the names of headers. */
const headers = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      pattern: '^[!-~]{1,255}$',
      description: 'chosen by the caller; the same request with the same key is done once and answered the same',
    }),
  ),
});

/** Whether a route starts something. The answer that makes a key, or a session, is kept nowhere. */
const starts = (method: unknown, needs: Needs | undefined): boolean =>
  method === 'POST' && typeof needs === 'object' && needs[0] !== 'access';

const claims = new WeakMap<FastifyRequest, Claim>();

/** How long one waits for the answer is no part of what is asked for. */
const askedOf = ({ url, body }: FastifyRequest): string => {
  const { pathname, searchParams } = new URL(url, 'http://api');
  searchParams.delete('wait');
  searchParams.sort();
  return sha256(JSON.stringify([pathname, searchParams.toString(), body ?? null]));
};

const replay = (reply: FastifyReply, { status, location, type, body }: Answer) => {
  if (location !== null) reply.header('location', location);
  if (type !== null) reply.type(type);
  return reply.code(status).header('idempotency-replayed', 'true').send(body);
};

const textOf = (value: unknown): string | null => (value === undefined ? null : String(value));

/** Does a request that is sent again with the same `Idempotency-Key` once, whichever instance it reaches. */
export const onceOnly = (app: App, { store, bus }: Reach): void => {
  app.decorateRequest('work', '');
  app.decorateRequest('resumed', false);
  app.addHook('onRoute', (route) => {
    if (starts(route.method, route.config?.needs)) route.schema = { ...route.schema, headers };
  });
  app.addHook('preHandler', async (request, reply) => {
    if (request.method !== 'POST') return;
    request.work = newJobId();
    const key = request.headers['idempotency-key'];
    if (key === undefined) return;
    if (!starts(request.method, request.routeOptions.config.needs)) {
      throw new HttpProblem('invalid_request', 'this route takes no Idempotency-Key: its answer is kept nowhere', {
        hint: 'leave the header out',
      });
    }
    const claim = await bus.reach(() => takeClaim(store, request.caller.name, String(key), askedOf(request)));
    if ('status' in claim) return replay(reply, claim);
    claims.set(request, claim);
    request.work = claim.record.work;
    request.resumed = claim.resumed;
    if (!claim.resumed) return;
    const job = await bus.reach(() => getJob(store, request.work));
    if (job?.state !== 'finished' && job?.runner === undefined) return; // nobody has it, maybe: it is asked for again
    reply.header('location', `/api/v1/jobs/${job.id}`);
    return reply.code(job.state === 'finished' ? 200 : 202).send(job);
  });
  app.addHook('onSend', async (request, reply, payload) => {
    const claim = claims.get(request);
    if (!claim) return payload;
    claims.delete(request);
    const { statusCode: status } = reply;
    const header = (name: string) => textOf(reply.getHeader(name));
    const answer = { status, location: header('location'), type: header('content-type'), body: String(payload ?? '') };
    const kept = () => {
      if (status < 300) return keepAnswer(store, claim, answer);
      return status < 500 ? dropClaim(store, claim) : leaveClaim(store, claim);
    };
    await bus.reach(kept).catch((error: unknown) => {
      log.warn({ job: request.work }, `the answer to a request with a key is not kept: ${explain(error)}`);
    });
    return payload;
  });
};
