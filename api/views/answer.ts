import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sha256 } from '../../core/store/payload.ts';

/** Versions count what this process has seen, and mean nothing to another one. */
const mark = randomBytes(6).toString('hex');

const isKnown = (request: FastifyRequest, tag: string): boolean =>
  (request.headers['if-none-match'] ?? '').split(',').some((each) => each.trim() === tag || each.trim() === '*');

/**
 * Answers from the views: with 304 where the caller has this very version, and always with how old it is.
 *
 * @param version of all that the answer is made of
 * @param ageMs since NATS last said that it is still so
 */
export const answerView = (
  request: FastifyRequest,
  reply: FastifyReply,
  version: readonly number[],
  ageMs: number,
  body: () => string,
): FastifyReply => {
  const who = sha256(JSON.stringify(request.caller)).slice(0, 8); // another one may see other devices
  const tag = `W/"${[mark, who, ...version].join('-')}"`;
  reply.header('etag', tag).header('age', String(Math.floor(ageMs / 1000)));
  if (isKnown(request, tag)) return reply.code(304).send();
  return reply.type('application/json; charset=utf-8').send(body());
};

/** A page of a list whose records are JSON already. */
export const pageOf = (items: readonly string[], cursor: string | null): string =>
  `{"items":[${items.join(',')}],"cursor":${JSON.stringify(cursor)}}`;
