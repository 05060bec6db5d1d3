import { createHash, timingSafeEqual } from 'node:crypto';
import rateLimit from '@fastify/rate-limit';
import type { FastifyRequest } from 'fastify';
import type { App } from '../app.ts';
import { HttpProblem } from './problem.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Needs no key. */
    open?: boolean;
  }
}

/** Wrong keys that an address may send in a minute; the right one is always let in. */
const maxFailures = 20;

const keyOf = (request: FastifyRequest) => /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];

/**
 * Lets only requests with the key through, except to routes that say `config: {open: true}`.
 *
 * @param keyHash SHA-256 of the key, in hex
 */
export const requireKey = async (app: App, keyHash: string): Promise<void> => {
  await app.register(rateLimit, { global: false });
  const expected = Buffer.from(keyHash, 'hex');
  const countFailure = app.createRateLimit({ max: maxFailures, timeWindow: 60_000 });
  app.addHook('onRequest', async (request) => {
    if (request.routeOptions.config.open) return;
    const key = keyOf(request);
    if (key !== undefined && timingSafeEqual(createHash('sha256').update(key).digest(), expected)) return;
    const count = await countFailure(request);
    if (!count.isAllowed && count.isExceeded) {
      throw new HttpProblem('too_many_requests', 'too many requests without the right API key from this address', {
        headers: { 'retry-after': String(count.ttlInSeconds) },
        hint: 'send the right key, which is let in at once, or wait for as long as Retry-After says',
      });
    }
    const challenge = 'Bearer realm="plumbline"';
    throw new HttpProblem('not_authenticated', key === undefined ? 'an API key is needed' : 'this is not the API key', {
      headers: { 'www-authenticate': key === undefined ? challenge : `${challenge}, error="invalid_token"` },
      hint: 'send `Authorization: Bearer KEY`; the key is in .plumb/api-key where the API first ran, `plumb up` prints where',
    });
  });
};
