import type { FastifyRequest } from 'fastify';
import type { App } from '../app.ts';
import { HttpProblem } from '../http/problem.ts';

/**
 * Lets an address log in only so often, whether it succeeds or not.
 *
 * @param max attempts in a minute
 */
export const slowDown = (app: App, max: number): ((request: FastifyRequest) => Promise<void>) => {
  const count = app.createRateLimit({ max, timeWindow: 60_000 });
  return async (request) => {
    const counted = await count(request);
    if (counted.isAllowed || !counted.isExceeded) return;
    throw new HttpProblem('too_many_requests', 'too many login attempts from this address', {
      headers: { 'retry-after': String(counted.ttlInSeconds) },
      hint: 'wait as long as Retry-After says; a request with a valid API key is accepted at once',
    });
  };
};
