import { sha256 } from '../../core/store/payload.ts';
import type { App } from '../app.ts';
import { isKnown } from '../views/answer.ts';

/** Ages go on by themselves. */
const still = (name: string, value: unknown): unknown => (name === 'ageSeconds' ? undefined : value);

/**
 * Gives each answer to a GET that needs a caller an `ETag` of what it says, the same at every instance, and answers 304 to
 * whoever has it. Lists from memory have one of their own.
 */
export const tagAnswers = (app: App): void => {
  app.addHook('preSerialization', async (request, reply, payload) => {
    const { method, routeOptions } = request;
    if (method !== 'GET' || reply.statusCode !== 200 || routeOptions.config.needs === 'nothing') return payload;
    if (!reply.hasHeader('etag')) reply.header('etag', `W/"${sha256(JSON.stringify(payload, still)).slice(0, 32)}"`);
    return payload;
  });
  app.addHook('onSend', async (request, reply, payload) => {
    const tag = reply.getHeader('etag');
    if (reply.statusCode !== 200 || typeof tag !== 'string' || typeof payload !== 'string') return payload;
    if (!isKnown(request, tag)) return payload;
    reply.code(304).removeHeader('content-type').removeHeader('content-length');
    return '';
  });
};
