import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sha256 } from '../../core/store/payload.ts';

/** Versions count what this process has seen, and mean nothing to another one. */
const mark = randomBytes(6).toString('hex');

/** Whether the caller has this very version. */
export const isKnown = (request: FastifyRequest, tag: string): boolean =>
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
  body: () => string | Readable,
): FastifyReply => {
  const who = sha256(JSON.stringify(request.caller)).slice(0, 8); // another one may see other devices
  const tag = `W/"${[mark, who, ...version].join('-')}"`;
  reply.header('etag', tag).header('age', String(Math.floor(ageMs / 1000)));
  if (isKnown(request, tag)) return reply.code(304).send();
  return reply.type('application/json; charset=utf-8').send(body());
};

/** Records that are written before other work gets its turn. */
const together = 500;

const pieces = function* <T>(items: readonly T[], text: (item: T) => string, cursor: string | null) {
  yield '{"items":[';
  for (let at = 0; at < items.length; at += together) {
    const some = items
      .slice(at, at + together)
      .map(text)
      .join(',');
    yield at === 0 ? some : `,${some}`;
  }
  yield `],"cursor":${JSON.stringify(cursor)}}`;
};

/** A page of a list, each record by its JSON; a long one comes bit by bit. */
export const pageOf = <T>(items: readonly T[], text: (item: T) => string, cursor: string | null): string | Readable => {
  const all = pieces(items, text, cursor);
  return items.length > together ? Readable.from(all, { objectMode: false }) : [...all].join('');
};
