import type { Static, TSchema } from 'typebox';
import { Type } from './schema.ts';

// Who may do what through the API: the entries of the bucket `<site>-api` beside the hash of the site's own key.

const closed = { additionalProperties: false } as const;
const nullable = <T extends TSchema>(schema: T, options = {}) => Type.Union([schema, Type.Null()], options);
const Timestamp = Type.String({ description: 'RFC 3339, UTC' });
const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });

/** The roles that a caller may have; `api/auth/roles.ts` says what each may do. */
export const accessRoles = ['viewer', 'operator', 'approver', 'admin'] as const;
export type AccessRole = (typeof accessRoles)[number];

/** A role, for all devices or for those that a selector picks. */
export const Grant = Type.Object(
  {
    role: Type.Unsafe<AccessRole>(Type.Enum([...accessRoles])),
    on: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 2000,
        description: 'selector of devices (docs/selectors.md); default: all devices and the site itself',
      }),
    ),
  },
  closed,
);
export type Grant = Static<typeof Grant>;

const namePattern = '^[A-Za-z0-9-]{1,40}$';
/** What a name of a key or a user consists of. */
export const nameWords = 'letters, digits and "-", at most 40';
/** A name of a key or a user: one token of a subject. */
export const AccessName = Type.String({ pattern: namePattern, description: nameWords });
export const isAccessName = (text: string): boolean => new RegExp(namePattern).test(text);

/** Entry `keys.<name>`. Never the key itself. */
export const NamedKey = Type.Object({
  sha256: Sha256,
  grants: Type.Array(Grant),
  createdAt: Timestamp,
  createdBy: Type.String(),
  expiresAt: nullable(Timestamp, { description: 'null: never' }),
});
export type NamedKey = Static<typeof NamedKey>;

/** Entry `used.<name>`, apart from the key's own: whoever writes this one cannot restore a revoked key. */
export const KeyUse = Type.Object({ at: Timestamp, from: Type.String({ description: 'address' }) });
export type KeyUse = Static<typeof KeyUse>;

/** Who may log in by name and password: entry `users.<name>` of the bucket `<site>-api`. */
export const User = Type.Object({
  password: Type.String({ description: 'scrypt$log2(N)$r$p$salt$hash, in base64url' }),
  grants: Type.Array(Grant),
  email: Type.Optional(Type.String({ description: 'as in commits' })),
  changedAt: Timestamp,
  changedBy: Type.String(),
});
export type User = Static<typeof User>;

/**
 * Bucket `<site>-sessions`, by the hash of the session's secret. The roles of a key or a user are looked up at each
 * request; others keep the roles that they had at login.
 */
export const LoginSession = Type.Object({
  name: Type.String({ description: 'as in records' }),
  of: Type.Union([
    Type.Object({ kind: Type.Literal('key'), name: Type.String(), sha256: Sha256 }),
    Type.Object({ kind: Type.Literal('user'), name: Type.String(), changedAt: Timestamp }),
    Type.Object({ kind: Type.Literal('login'), grants: Type.Array(Grant) }),
  ]),
  at: Timestamp,
  seen: Timestamp,
});
export type LoginSession = Static<typeof LoginSession>;

/** Entry `link.<hash>` of the same bucket: logs in whoever presents its secret, once, under this name. */
export const LoginLink = Type.Object({ name: Type.String(), grants: Type.Array(Grant), at: Timestamp });
export type LoginLink = Static<typeof LoginLink>;

/**
 * Entry `oidc.<hash>` of the same bucket: a login in progress at an identity provider, by the hash of a cookie's
 * secret.
 */
export const LoginUnderWay = Type.Object({
  state: Type.String(),
  nonce: Type.String(),
  verifier: Type.String({ description: 'PKCE code verifier' }),
  at: Timestamp,
});
export type LoginUnderWay = Static<typeof LoginUnderWay>;

/**
 * Entry `once.<hash>` of the same bucket: a request that came with an `Idempotency-Key`, by the hash of its sender and that
 * key.
 */
export const OnceRecord = Type.Object({
  asked: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256 of path, query and body' }),
  work: Type.String({ description: 'id of the job, or of the request to many devices, that it started' }),
  began: Timestamp,
  since: nullable(Timestamp, { description: 'when an instance last took it on; null: that instance gave it up' }),
  answer: nullable(
    Type.Object({
      status: Type.Integer(),
      location: nullable(Type.String()),
      type: nullable(Type.String()),
      body: Type.String({ description: 'gzip, in base64' }),
    }),
    { description: 'null: still in progress' },
  ),
});
export type OnceRecord = Static<typeof OnceRecord>;

/** `api.oidc` of plumbline.yml: who logs in through which identity provider, and with which roles. */
export const OidcSettings = Type.Object(
  {
    issuer: Type.String({ pattern: '^https?://', description: 'https://…; http:// only on this machine' }),
    clientId: Type.String({ minLength: 1 }),
    redirect: Type.String({
      pattern: '^https?://',
      description: 'https://HOST/login/oidc/callback, as registered with the provider',
    }),
    scope: Type.Optional(Type.String({ description: 'default: `openid profile email`' })),
    name: Type.Optional(
      Type.String({ description: 'claim with the name of the person; default: preferred_username, email or sub' }),
    ),
    roles: Type.Array(
      Type.Object(
        { claim: Type.String({ minLength: 1 }), has: Type.String({ minLength: 1 }), ...Grant.properties },
        closed,
      ),
      { minItems: 1, description: 'a person with this text in that claim gets this role; all matching roles add up' },
    ),
  },
  closed,
);
export type OidcSettings = Static<typeof OidcSettings>;
