import { randomBytes } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { LoginUnderWay } from '../../../core/access.ts';
import type { Oidc } from '../../../core/config/api-config.ts';
import { PlumbError } from '../../../core/errors.ts';
import { sha256 } from '../../../core/store/payload.ts';
import { getRecord, putRecord } from '../../../core/store/records.ts';
import type { Api, App } from '../../app.ts';
import { HttpProblem } from '../../http/problem.ts';
import type { Trail } from '../audit/trail.ts';
import { giveCookie, giveLoginCookie, loginOf } from '../cookie.ts';
import { Provider } from '../oidc.ts';
import { beginSession, loginMs, takeOnce } from '../sessions.ts';
import { slowDown } from '../slow-down.ts';

/** Logins that an address may begin in a minute: each is remembered for ten. */
const maxAttempts = 30;

const entry = (secret: string): string => `oidc.${sha256(secret)}`;

/** Login at an identity provider: there, and back with a session. */
export const oidcRoutes = (app: App, { store, bus }: Api, settings: Oidc, trail: Trail): void => {
  const provider = new Provider(settings);
  const mayTry = slowDown(app, maxAttempts);
  const told = (request: FastifyRequest, who: string, status: number) =>
    bus.reach(() =>
      trail({
        kind: status === 201 ? 'answered' : 'refused',
        id: randomBytes(9).toString('base64url'),
        who,
        from: request.ip,
        what: 'logIn',
        on: settings.issuer,
        status,
      }),
    );
  /** What a login that this browser began needs to know, once. */
  const takeUnderWay = async (request: FastifyRequest): Promise<LoginUnderWay | undefined> => {
    const secret = loginOf(request);
    if (secret === undefined) return undefined;
    const found = await bus.reach(() => getRecord(store.sessions, LoginUnderWay, entry(secret)));
    if (!found || Date.now() - Date.parse(found.value.at) > loginMs) return undefined;
    return (await bus.reach(() => takeOnce(store, entry(secret), found.revision))) ? found.value : undefined;
  };

  app.get('/login/oidc', { config: { needs: 'nothing' }, schema: { hide: true } }, async (request, reply) => {
    await mayTry(request);
    const { to, underWay } = await provider.begin();
    const secret = randomBytes(32).toString('base64url');
    await bus.reach(() => putRecord(store.sessions, entry(secret), underWay));
    giveLoginCookie(reply, secret);
    return reply.code(303).header('location', to).send();
  });
  app.get('/login/oidc/callback', { config: { needs: 'nothing' }, schema: { hide: true } }, async (request, reply) => {
    const underWay = await takeUnderWay(request);
    if (!underWay) {
      throw new HttpProblem('not_authenticated', 'this browser started no login, or the login took too long', {
        hint: 'start again at /login/oidc',
      });
    }
    const who = await provider.end(request.url.split('?')[1] ?? '', underWay).catch(async (error: unknown) => {
      if (error instanceof PlumbError) await told(request, 'nobody', 401);
      throw error instanceof PlumbError
        ? new HttpProblem('not_authenticated', error.message, { hint: error.hint ?? '' })
        : error;
    });
    if (who.of.kind === 'login' && who.of.grants.length === 0) {
      await told(request, who.name, 403);
      throw new HttpProblem('forbidden', `${who.name} logged in at ${settings.issuer}, but no rule grants a role`, {
        hint: '`api.oidc.roles` in plumbline.yml grants roles: docs/api.md, "Identity providers"',
      });
    }
    await told(request, who.name, 201);
    giveCookie(reply, await bus.reach(() => beginSession(store, who)));
    return reply.code(303).header('location', '/').send();
  });
};
