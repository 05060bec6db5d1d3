import type { Static } from 'typebox';
import { Type } from './schema.ts';

const closed = { additionalProperties: false } as const;

/** What somebody asked, before it was done; how that was answered; or why it was not begun. */
const auditKinds = ['asked', 'answered', 'refused'] as const;

/**
 * One record of the stream `<site>-audit`. `prev` is the SHA-256 of the message before it, as its bytes are stored, and `n`
 * the place of this one: whoever changes, takes out or moves a record breaks the chain behind it.
 */
export const AuditRecord = Type.Object(
  {
    n: Type.Integer({ description: 'its place, from 1' }),
    prev: Type.Union([Type.String({ pattern: '^[0-9a-f]{64}$' }), Type.Null()], {
      description: 'SHA-256 of the record before; null: there was none, or it had expired',
    }),
    at: Type.String({ description: "RFC 3339, UTC, by the writer's clock" }),
    kind: Type.Unsafe<(typeof auditKinds)[number]>(Type.Enum([...auditKinds])),
    id: Type.String({ description: 'of the request: the same in what was asked and how it was answered' }),
    who: Type.String({ description: '`claimed:` stands before what nobody has proved' }),
    from: Type.String({ description: 'address, or the machine of a command line' }),
    what: Type.String({ description: 'operationId of the OpenAPI document, or the verb' }),
    on: Type.Optional(Type.String({ description: 'path, or what the verb was given' })),
    told: Type.Optional(
      Type.Unknown({ description: 'the request, secrets masked, texts of configurations as hashes' }),
    ),
    status: Type.Optional(Type.Integer({ description: 'of HTTP' })),
    job: Type.Optional(Type.String({ description: 'the job that came of it, which has its outcome' })),
  },
  closed,
);
export type AuditRecord = Static<typeof AuditRecord>;

/** What whoever writes a record says; the rest is the chain's. */
export type AuditEntry = Omit<AuditRecord, 'n' | 'prev' | 'at'>;
