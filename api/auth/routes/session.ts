import { randomBytes } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { Grant } from '../../../core/access.ts';
import type { AuditEntry } from '../../../core/audit.ts';
import type { Api, App } from '../../app.ts';
import { HttpProblem } from '../../http/problem.ts';
import { answers, problems, read } from '../../http/responses.ts';
import { Nothing } from '../../http/schemas.ts';
import type { Trail } from '../audit/trail.ts';
import { giveCookie, isFromElsewhere, sessionsOf, takeCookie } from '../cookie.ts';
import { type Credentials, logIn } from '../log-in.ts';
import { type Caller, permissions, permissionsOf } from '../roles.ts';
import { beginSession, endSession, findSession, type LoggedIn, takeLink } from '../sessions.ts';
import { slowDown } from '../slow-down.ts';

const closed = { additionalProperties: false } as const;
const secret = (description: string) => Type.String({ minLength: 1, maxLength: 1000, description });
const Login = Type.Union([
  Type.Object({ key: secret('an API key') }, closed),
  Type.Object(
    { user: Type.String({ minLength: 1, maxLength: 100 }), password: secret('a user from `plumb user`') },
    closed,
  ),
]);
const Session = Type.Object({
  name: Type.String({ description: 'as shown in records' }),
  grants: Type.Array(Grant),
  may: Type.Array(Type.Enum([...permissions]), { description: 'allowed on at least one device' }),
  endsAt: Type.Optional(Type.String({ description: 'when the session ends at the latest' })),
});

const Ways = Type.Object({
  oidc: Type.Boolean({ description: 'whether an identity provider is configured: browsers go to /login/oidc' }),
  session: Type.Boolean({ description: 'whether the request has a valid session' }),
});

const told = (caller: Caller) => ({
  name: caller.name,
  grants: [...caller.grants],
  may: permissionsOf(caller),
  ...(caller.session ? { endsAt: caller.session.endsAt } : {}),
});

/** Attempts to log in that an address has in a minute. */
const maxAttempts = 10;

/** Logging in and out, and who one is. @param siteKey SHA-256 of the site's own key @param ways those that are there beside keys and users */
export const sessionRoutes = (app: App, api: Api, siteKey: string, trail: Trail, ways: { oidc: boolean }): void => {
  const { store, bus } = api;
  const mayTry = slowDown(app, maxAttempts);
  const record = (request: FastifyRequest, kind: AuditEntry['kind'], who: string, status: number, on?: string) => {
    const id = randomBytes(9).toString('base64url');
    const what = { id, who, from: request.ip, what: 'logIn', status, ...(on === undefined ? {} : { on }) };
    return bus.reach(() => trail({ kind, ...what }));
  };
  const begin = async (request: FastifyRequest, who: LoggedIn) => {
    await record(request, 'answered', who.name, 201);
    return bus.reach(() => beginSession(store, who));
  };

  app.get(
    '/api/v1/session',
    {
      config: { needs: 'caller' },
      schema: {
        operationId: 'getSession',
        summary: 'Who you are, and what you may do',
        tags: ['access'],
        querystring: Nothing,
        response: read(Session),
      },
    },
    async ({ caller }) => told(caller),
  );
  app.get(
    '/api/v1/login',
    {
      config: { needs: 'nothing' },
      schema: {
        operationId: 'waysToLogIn',
        summary: 'The available ways to log in, and whether the caller is logged in',
        tags: ['access'],
        security: [],
        querystring: Nothing,
        response: answers(Ways),
      },
    },
    async (request) => {
      for (const secret of sessionsOf(request))
        if (await bus.reach(() => findSession(store, secret, siteKey))) return { ...ways, session: true };
      return { ...ways, session: false };
    },
  );
  app.post(
    '/api/v1/session',
    {
      config: { needs: 'nothing' },
      schema: {
        operationId: 'logIn',
        summary: 'Log in with a key, or with name and password; the session is a cookie',
        tags: ['access'],
        security: [],
        querystring: Nothing,
        body: Login,
        response: { 201: Session, ...problems },
      },
    },
    async (request, reply) => {
      if (isFromElsewhere(request))
        throw new HttpProblem('forbidden', 'this request comes from another site: log in on our own page');
      await mayTry(request);
      const given = request.body as Credentials; // checked above
      const who = await logIn(api, given, siteKey);
      if (!who) {
        await record(request, 'refused', 'nobody', 401, 'user' in given ? given.user : 'a key');
        const what = 'user' in given ? 'the name or the password is wrong' : 'this key opens nothing';
        throw new HttpProblem('not_authenticated', what, {
          hint: '`plumb user list` and `plumb key list` show who may log in',
        });
      }
      giveCookie(reply, await begin(request, who.as));
      return reply.code(201).send(told(who.caller));
    },
  );
  app.delete(
    '/api/v1/session',
    {
      config: { needs: 'caller' },
      schema: {
        operationId: 'logOut',
        summary: 'End the session of the request',
        tags: ['access'],
        querystring: Nothing,
        response: { 204: Type.Null({ description: 'logged out' }), ...problems },
      },
    },
    async (request, reply) => {
      // all that it brought: of two valid ones the other would be the caller's from the next request on
      for (const secret of request.caller.session ? sessionsOf(request) : []) {
        const found = await bus.reach(() => findSession(store, secret, siteKey, false));
        const id = found?.session?.id;
        if (id !== undefined) await bus.reach(() => endSession(store, id));
      }
      takeCookie(reply);
      return reply.code(204).send(null);
    },
  );
  app.get('/login', { config: { needs: 'nothing' }, schema: { hide: true } }, async (request, reply) => {
    if (isFromElsewhere(request))
      throw new HttpProblem('forbidden', 'this request comes from another site: open the link yourself');
    await mayTry(request);
    const { link } = request.query as { link?: unknown };
    const who = typeof link === 'string' ? await bus.reach(() => takeLink(store, link)) : undefined;
    if (!who) {
      throw new HttpProblem('not_authenticated', 'this link was used already, or is older than five minutes', {
        hint: '`plumb up` prints a new link each time it starts; or log in with an API key',
      });
    }
    giveCookie(reply, await begin(request, who));
    return reply.code(303).header('location', '/').send();
  });
};
