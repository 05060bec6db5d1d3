import type { Static } from 'typebox';
import { Type } from './schema.ts';

const closed = { additionalProperties: false } as const;

/** A request, before it was carried out; its answer; or why it was refused. */
const auditKinds = ['asked', 'answered', 'refused'] as const;

/**
 * One record of the stream `<site>-audit`. `prev` is the SHA-256 of the message before it, as its bytes are stored, and
 * `n` the place of this one: changing, removing or moving a record breaks the chain after it.
 */
export const AuditRecord = Type.Object(
  {
    n: Type.Integer({ description: 'position in the chain, from 1' }),
    prev: Type.Union([Type.String({ pattern: '^[0-9a-f]{64}$' }), Type.Null()], {
      description: 'SHA-256 of the previous record; null: there was none, or it had expired',
    }),
    at: Type.String({ description: "RFC 3339, UTC, by the writer's clock" }),
    kind: Type.Unsafe<(typeof auditKinds)[number]>(Type.Enum([...auditKinds])),
    id: Type.String({ description: 'of the request: the same in the records of the request and of its answer' }),
    who: Type.String({ description: '`claimed:` marks an unproven name' }),
    from: Type.String({ description: 'address; for a command line, its machine' }),
    what: Type.String({ description: 'operationId of the OpenAPI document, or the verb' }),
    on: Type.Optional(Type.String({ description: "path, or the verb's arguments" })),
    told: Type.Optional(Type.Unknown({ description: 'the request, with secrets masked and configurations as hashes' })),
    status: Type.Optional(Type.Integer({ description: 'HTTP status' })),
    job: Type.Optional(Type.String({ description: 'the job that it started, which holds the outcome' })),
  },
  closed,
);
export type AuditRecord = Static<typeof AuditRecord>;

/** What the writer of a record supplies; the chain adds the rest. */
export type AuditEntry = Omit<AuditRecord, 'n' | 'prev' | 'at'>;
