import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Provider as Asked } from '../../../api/auth/oidc.ts';
import type { Oidc } from '../../../core/config/api-config.ts';
import { apiForTest, type Harness } from './harness.ts';

type Person = Record<string, unknown> & { sub: string };
const redirect = 'https://plumb.example.net/login/oidc/callback';
const settings = (issuer: string): Oidc => ({
  issuer,
  clientId: 'plumbline',
  secret: 'a-secret-of-the-client',
  redirect,
  roles: [
    { claim: 'groups', has: 'noc', role: 'viewer' },
    { claim: 'groups', has: 'leaves', role: 'operator', on: 'group=leaves' },
    { claim: 'department', has: 'network', role: 'approver' },
  ],
});

/** A real identity provider, at which whoever comes is this person. */
const identityProvider = async (): Promise<{
  issuer: string;
  server: Server;
  is(person: Person): void;
  answers(yes: boolean): void;
}> => {
  let person: Person = { sub: 'nobody' };
  let handle: ReturnType<Provider['callback']> = async () => {};
  let provider: Provider | undefined;
  let answers = true;
  const server = createServer((request, response) => {
    if (!answers) return void response.writeHead(502).end();
    if (!request.url?.startsWith('/interaction/')) return void handle(request, response);
    void provider?.interactionFinished(request, response, { login: { accountId: person.sub } });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  provider = new Provider(issuer, {
    clients: [{ client_id: 'plumbline', client_secret: 'a-secret-of-the-client', redirect_uris: [redirect] }],
    claims: {
      openid: ['sub'],
      email: ['email', 'email_verified'],
      profile: ['preferred_username', 'groups', 'department'],
    },
    ttl: { Interaction: 60, Grant: 60, Session: 60, AccessToken: 60, IdToken: 60 },
    cookies: { keys: ['of the test'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    findAccount: (_context, accountId) => ({ accountId, claims: async () => person }),
    loadExistingGrant: async (context) => {
      const grant = new context.oidc.provider.Grant({ clientId: 'plumbline', accountId: person.sub });
      grant.addOIDCScope('openid profile email');
      await grant.save();
      return grant;
    },
  });
  handle = provider.callback();
  return {
    issuer,
    server,
    is: (next) => {
      person = next;
    },
    answers: (yes) => {
      answers = yes;
    },
  };
};

const cookiesOf = (headers: Headers): string[] => headers.getSetCookie().map((each) => each.split(';')[0] ?? '');

/** Goes where the provider sends a browser, until that is back at us. @returns the way back */
const visit = async (to: string): Promise<URL> => {
  const jar = new Map<string, string>();
  for (let at = to, hops = 0; hops < 10; hops++) {
    const reply = await fetch(at, { redirect: 'manual', headers: { cookie: [...jar.values()].join('; ') } });
    for (const each of cookiesOf(reply.headers)) jar.set(each.split('=')[0] ?? '', each);
    at = new URL(reply.headers.get('location') ?? '', at).href;
    if (at.startsWith(redirect)) return new URL(at);
  }
  throw new Error('the provider never sent us back');
};

describe('a login at an identity provider', () => {
  let idp: Awaited<ReturnType<typeof identityProvider>>;
  let api: Harness;
  beforeAll(async () => {
    idp = await identityProvider();
    api = await apiForTest({ oidc: settings(idp.issuer) });
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
    await new Promise((resolve) => idp.server.close(resolve));
  });

  const begin = async () => {
    const reply = await api.app.inject({ url: '/login/oidc' });
    return { to: String(reply.headers.location), cookie: String(reply.headers['set-cookie']) };
  };
  const back = (at: URL, cookie: string) =>
    api.app.inject({ url: `/login/oidc/callback${at.search}`, headers: { cookie: cookie.split(';')[0] ?? '' } });
  const logIn = async (person: Person) => {
    idp.is(person);
    const { to, cookie } = await begin();
    return back(await visit(to), cookie);
  };
  const sessionOf = async (reply: { headers: Record<string, unknown> }) => {
    const cookie = String(reply.headers['set-cookie']).split(';')[0] ?? '';
    return (await api.app.inject({ url: '/api/v1/session', headers: { cookie } })).json();
  };

  it('is offered to whoever asks how to log in, where there is one', async () => {
    expect((await api.app.inject({ url: '/api/v1/login' })).json()).toMatchObject({ oidc: true });
    await using without = await apiForTest();
    expect((await without.app.inject({ url: '/api/v1/login' })).json()).toMatchObject({ oidc: false });
    expect((await without.app.inject({ url: '/login/oidc' })).statusCode).toBe(401);
  });

  it('is sent there with PKCE, a state and a nonce, and a cookie that comes back with him', async () => {
    const { to, cookie } = await begin();
    const asked = new URL(to).searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({
      client_id: 'plumbline',
      redirect_uri: redirect,
      response_type: 'code',
      scope: 'openid profile email',
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(Math.min(asked.get('state')?.length ?? 0, asked.get('nonce')?.length ?? 0)).toBeGreaterThan(30);
    expect(cookie).toMatch(/^__Host-plumb-login=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax; Max-Age=600$/);
  });

  it('gives the roles of every rule that fits, by claims that are a text or a list', async () => {
    const reply = await logIn({
      sub: '1',
      preferred_username: 'ann',
      email: 'ann@example.net',
      email_verified: true,
      groups: ['noc', 'leaves', 'else'],
      department: 'network',
    });
    expect({ status: reply.statusCode, to: reply.headers.location }).toEqual({ status: 303, to: '/' });
    expect(await sessionOf(reply)).toMatchObject({
      name: 'oidc:ann <ann@example.net>',
      grants: [{ role: 'viewer' }, { role: 'operator', on: 'group=leaves' }, { role: 'approver' }],
    });
  });

  it('goes by an address that the provider has verified, and by no name that looks like one', async () => {
    const reply = await logIn({
      sub: '2',
      preferred_username: 'eve <ann@example.net>',
      email: 'ann@example.net',
      email_verified: false,
      groups: ['noc'],
    });
    expect((await sessionOf(reply)).name).toBe('oidc:eve ann@example.net');
  });

  it.each([
    ['an address that a text says is not verified', { email: 'ann@example.net', email_verified: 'false' }, 'oidc:5'],
    [
      'one that a text says is verified',
      { email: 'ann@example.net', email_verified: 'true' },
      'oidc:ann@example.net <ann@example.net>',
    ],
    ['a name of nothing but blanks', { preferred_username: ' <> ' }, 'oidc:5'],
    ['a subject that looks like an address', { sub: 'eve <ann@example.net>\u001b' }, 'oidc:eve ann@example.net'],
  ])('goes by what is left of the claims: %s', async (_, claims, name) => {
    expect((await sessionOf(await logIn({ sub: '5', groups: ['noc'], ...claims }))).name).toBe(name);
  });

  it('is taken once, however often it comes back at the same moment', async () => {
    idp.is({ sub: '6', groups: ['noc'] });
    const { to, cookie } = await begin();
    const at = await visit(to);
    const replies = await Promise.all([at, at, at, at].map((each) => back(each, cookie)));
    expect(replies.filter(({ statusCode }) => statusCode === 303)).toHaveLength(1);
    for (const reply of replies) expect(reply.body).not.toContain('[object Object]');
  });

  it('gives nothing to somebody whom no rule fits, and says so', async () => {
    const reply = await logIn({ sub: '3', preferred_username: 'bob', groups: ['nocturnal'], department: ['sales'] });
    expect(reply.statusCode).toBe(403);
    expect(reply.headers['set-cookie']).toBeUndefined();
    expect(reply.json()).toMatchObject({ code: 'forbidden', detail: expect.stringContaining('oidc:bob logged in at') });
    const { items } = (await api.call('GET', '/api/v1/audit?limit=1')).json();
    expect(items).toMatchObject([{ what: 'logIn', kind: 'refused', who: 'oidc:bob', status: 403 }]);
  });

  it('is of the browser that began it, once, with the state and the code that belong to it', async () => {
    idp.is({ sub: '4', groups: ['noc'] });
    const [one, other] = [await begin(), await begin()];
    const [oneBack, otherBack] = [await visit(one.to), await visit(other.to)];
    expect((await back(oneBack, '')).statusCode).toBe(401);
    expect((await back(oneBack, other.cookie)).statusCode).toBe(401); // the state of another login
    expect((await back(otherBack, other.cookie)).statusCode).toBe(401); // that one is used up
    const forged = new URL(oneBack);
    forged.searchParams.set('code', `${oneBack.searchParams.get('code')}x`);
    expect((await back(forged, one.cookie)).statusCode).toBe(401);
    const fourth = await begin();
    const otherState = await visit(fourth.to);
    otherState.searchParams.set('state', 'another');
    expect((await back(otherState, fourth.cookie)).statusCode).toBe(401);
    const third = await begin();
    const thirdBack = await visit(third.to);
    expect((await back(thirdBack, third.cookie)).statusCode).toBe(303);
    expect((await back(thirdBack, third.cookie)).statusCode).toBe(401);
  });

  it('says that the provider does not answer, and works once it does', async () => {
    await using alone = await apiForTest({ oidc: settings(idp.issuer) });
    idp.answers(false);
    const reply = await alone.app.inject({ url: '/login/oidc' });
    expect(reply.json()).toMatchObject({
      status: 503,
      code: 'credentials_unavailable',
      detail: expect.stringContaining(idp.issuer),
    });
    idp.answers(true);
    expect((await alone.app.inject({ url: '/login/oidc' })).statusCode).toBe(303);
  });

  it('is begun only so often by an address: each login is remembered for a while', async () => {
    const codes: number[] = [];
    const remoteAddress = '198.51.100.9';
    for (let tries = 0; tries < 31; tries++)
      codes.push((await api.app.inject({ url: '/login/oidc', remoteAddress })).statusCode);
    expect([codes[29], codes[30]]).toEqual([303, 429]);
  });

  it('asks no provider in plain text but one of this machine', () => {
    expect(() => new Asked(settings('http://idp.example.net'))).toThrow('plain HTTP is allowed only on this machine');
    expect(() => new Asked(settings('http://127.0.0.1.example.net'))).toThrow('plain HTTP');
    expect(() => new Asked(settings('http://localhost:8080/realms/net'))).not.toThrow();
  });
});
