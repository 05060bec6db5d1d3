import rateLimit from '@fastify/rate-limit';
import type { FastifyRequest } from 'fastify';
import { sha256 } from '../../core/store/payload.ts';
import type { App } from '../app.ts';
import { HttpProblem } from '../http/problem.ts';
import { auditRefusal, auditRequests } from './audit/requests.ts';
import type { Trail } from './audit/trail.ts';
import { isFromOurPage, sessionsOf } from './cookie.ts';
import { noteUse, siteKeyName } from './keys.ts';
import type { Known } from './lasting.ts';
import { keyHolder } from './log-in.ts';
import { assertNeeds, type Reach, refuseUndeclared } from './needs.ts';
import { type Caller, nobody } from './roles.ts';
import { findSession } from './sessions.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; `nobody` where the route needs nothing. */
    caller: Caller;
    /** By what he is known; undefined where the route needs nothing. */
    known: Known | undefined;
  }
}

/** Wrong keys that an address may send in a minute; the right one is always let in. */
const maxFailures = 20;

const keyOf = (request: FastifyRequest) => /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];

const notKnown = (key: string | undefined, hadSession: boolean): HttpProblem => {
  const challenge = 'Bearer realm="plumbline"';
  const needed = hadSession ? 'the session has ended' : 'an API key is required';
  return new HttpProblem('not_authenticated', key === undefined ? needed : 'this key opens nothing', {
    headers: { 'www-authenticate': key === undefined ? challenge : `${challenge}, error="invalid_token"` },
    hint: 'send `Authorization: Bearer KEY`: a key from `plumb key create`, or the site key in .plumb/api-key where the API first ran',
  });
};

/**
 * Lets a request through to a route once it is known who asks, and that he may do what the route says that it needs.
 *
 * @param siteKey SHA-256 of the site's own key, in hex: it is an admin's
 * @param trail where what is asked is written down
 */
export const guard = async (app: App, reach: Reach, siteKey: string, trail: Trail): Promise<void> => {
  const { store, bus } = reach;
  await app.register(rateLimit, { global: false });
  app.decorateRequest('caller');
  app.decorateRequest('known', undefined);
  refuseUndeclared(app);
  const countFailure = app.createRateLimit({ max: maxFailures, timeWindow: 60_000 });
  const used = noteUse(store);

  const callerOf = async (request: FastifyRequest, key: string | undefined): Promise<Caller | undefined> => {
    if (key !== undefined) {
      const holder = () => bus.reach(() => keyHolder(store, key, siteKey));
      request.known = { id: sha256(key), again: holder };
      const found = await holder();
      if (found && found.key !== siteKeyName) used(found.key, request.ip);
      return found && { name: found.name, grants: found.grants };
    }
    for (const secret of sessionsOf(request)) {
      const found = await bus.reach(() => findSession(store, secret, siteKey));
      if (!found) continue;
      request.known = { id: sha256(secret), again: () => bus.reach(() => findSession(store, secret, siteKey, false)) };
      return found;
    }
    return undefined;
  };

  app.addHook('onRequest', async (request) => {
    const { needs } = request.routeOptions.config;
    request.caller = nobody;
    if (needs === 'nothing') return;
    const key = keyOf(request);
    const caller = await callerOf(request, key);
    if (!caller) {
      const count = await countFailure(request);
      if (count.isAllowed || !count.isExceeded) throw notKnown(key, sessionsOf(request).length > 0);
      throw new HttpProblem('too_many_requests', 'too many requests without a valid API key from this address', {
        headers: { 'retry-after': String(count.ttlInSeconds) },
        hint: 'send a valid key, which is accepted at once, or wait as long as Retry-After says',
      });
    }
    if (caller.session && request.method !== 'GET' && request.method !== 'HEAD' && !isFromOurPage(request)) {
      throw new HttpProblem('forbidden', 'with a session, only requests from our own page may change anything', {
        hint: 'browsers report the page by Sec-Fetch-Site or Origin; programs send an API key instead of a cookie',
      });
    }
    request.caller = caller;
    // a path that no route takes asks for nothing more: it answers 404
    try {
      await assertNeeds(reach, caller, needs ?? 'caller', request.params);
    } catch (error) {
      if (error instanceof HttpProblem && error.code === 'forbidden') await auditRefusal(reach, trail, request);
      throw error;
    }
  });
  auditRequests(app, reach, trail);
};
