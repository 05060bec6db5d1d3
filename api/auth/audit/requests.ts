import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AuditEntry } from '../../../core/audit.ts';
import { explain } from '../../../core/errors.ts';
import { log } from '../../../core/log.ts';
import { redactAll } from '../../../core/redact/redact-all.ts';
import { sha256 } from '../../../core/store/payload.ts';
import type { App } from '../../app.ts';
import type { Needs, Reach } from '../needs.ts';
import type { Trail } from './trail.ts';

const recorded = new WeakMap<FastifyRequest, AuditEntry>();

/** Whether a route does something: all that is not looking. What decides by itself on whom it acts, as bulk does, may. */
const changes = (method: string, needs: Needs | undefined): boolean => {
  if (method === 'GET' || method === 'HEAD' || needs === undefined || needs === 'nothing') return false;
  return needs === 'caller' || needs[0] !== 'view' || needs[1] === 'seen';
};

const maxChars = 4_000;

/** What a request said: a text of a configuration as its hash, the rest with its secrets masked, and cut. */
const toldOf = async ({ body, query }: FastifyRequest, what: string): Promise<unknown> => {
  const given =
    typeof body === 'string'
      ? { [what === 'configure' ? 'config' : what]: body }
      : ((body ?? {}) as Record<string, unknown>);
  const { config, ...rest } = { ...(query as object), ...given } as Record<string, unknown>;
  const text = typeof config === 'string' ? { config: `sha256:${sha256(config)}` } : {};
  const told = { ...rest, ...text };
  if (Object.keys(told).length === 0) return undefined;
  const shown = JSON.stringify(await redactAll(told));
  return shown.length > maxChars ? `${shown.slice(0, maxChars)} …` : JSON.parse(shown);
};

const entryOf = (request: FastifyRequest, kind: AuditEntry['kind']): AuditEntry => ({
  kind,
  id: randomBytes(9).toString('base64url'),
  who: request.caller.name,
  from: request.ip,
  what: (request.routeOptions.schema as { operationId?: string } | undefined)?.operationId ?? request.method,
  on: request.url.split('?')[0] ?? '',
});

const jobIn = (reply: FastifyReply): string | undefined =>
  /\/(?:jobs|bulk)\/(\w+)$/.exec(String(reply.getHeader('location') ?? ''))?.[1];

/** Puts what somebody may not do into the audit, where it would have changed something. */
export const auditRefusal = async ({ bus }: Reach, trail: Trail, request: FastifyRequest): Promise<void> => {
  if (!changes(request.method, request.routeOptions.config.needs)) return;
  await bus.reach(() => trail({ ...entryOf(request, 'refused'), status: 403 }));
};

/**
 * Puts every request that changes something into the audit before it is done, and how it was answered after that. What
 * cannot be put there is not done.
 */
export const auditRequests = (app: App, { bus }: Reach, trail: Trail): void => {
  const underWay = new Set<Promise<void>>();
  app.addHook('preHandler', async (request) => {
    if (!changes(request.method, request.routeOptions.config.needs)) return;
    const asked = entryOf(request, 'asked');
    const told = await toldOf(request, asked.what);
    const entry: AuditEntry = { ...asked, ...(told === undefined ? {} : { told }) };
    await bus.reach(() => trail(entry));
    recorded.set(request, entry);
  });
  app.addHook('onResponse', async (request, reply) => {
    const entry = recorded.get(request);
    if (!entry) return;
    const { told: _, ...same } = entry;
    const job = jobIn(reply);
    const answered: AuditEntry = { ...same, kind: 'answered', status: reply.statusCode, ...(job ? { job } : {}) };
    const written = bus
      .reach(() => trail(answered))
      .catch((error: unknown) => {
        log.error({ id: entry.id }, `the answer to a request is missing from the audit: ${explain(error)}`);
      })
      .finally(() => underWay.delete(written));
    underWay.add(written);
  });
  app.addHook('onClose', async () => void (await Promise.all(underWay)));
};
