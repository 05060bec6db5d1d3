import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKey, revokeKey } from '../../../api/auth/keys.ts';
import { idleMs, linkMs, makeLink, sessionMs } from '../../../api/auth/sessions.ts';
import { removeUser, setUser } from '../../../api/auth/users.ts';
import type { LoginSession } from '../../../core/access.ts';
import { sha256 } from '../../../core/store/payload.ts';
import { apiForTest, appForTest, type Harness, key as siteKey } from './harness.ts';

let api: Harness;
let addresses = 0;
const password = 'correct horse battery';
const ann = { name: 'ann', grants: [{ role: 'operator' as const, on: 'leaf1' }], email: 'ann@example.net', by: 'test' };

beforeAll(async () => {
  api = await apiForTest();
  await setUser(api.store, ann, password);
}, 30_000);
afterAll(() => api[Symbol.asyncDispose]());

const own = { 'sec-fetch-site': 'same-origin' };
const post = (payload: object, headers: Record<string, string> = own, remoteAddress = `192.0.2.9:${++addresses}`) =>
  api.app.inject({ method: 'POST', url: '/api/v1/session', headers, payload, remoteAddress });
const cookieOf = (reply: { headers: Record<string, unknown> }) =>
  String(reply.headers['set-cookie']).split(';')[0] ?? '';
const logIn = async (payload: object = { key: siteKey }) => cookieOf(await post(payload));
const get = (cookie: string, url = '/api/v1/session', app = api.app) => app.inject({ url, headers: { cookie } });
const secretIn = (cookie: string) => cookie.slice('__Host-plumb='.length);
/** What would be stored had it been this long ago. */
const shift = async (cookie: string, key: 'at' | 'seen', ms: number) => {
  const id = sha256(secretIn(cookie));
  const record = JSON.parse((await api.store.sessions.get(id))?.string() ?? '') as LoginSession;
  await api.store.sessions.put(id, JSON.stringify({ ...record, [key]: new Date(Date.now() - ms).toISOString() }));
};

describe('a session', () => {
  it('begins by name and password, in a cookie that no script reads and no other site sends', async () => {
    const reply = await post({ user: 'ann', password });
    expect(reply.statusCode).toBe(201);
    expect(reply.headers['set-cookie']).toMatch(
      /^__Host-plumb=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict; Max-Age=43200$/,
    );
    expect(reply.json()).toMatchObject({ name: 'user:ann <ann@example.net>', grants: ann.grants });
    const told = (await get(cookieOf(reply))).json();
    expect(told).toMatchObject({ name: 'user:ann <ann@example.net>', may: ['view', 'command', 'deploy', 'cancel'] });
    expect(Date.parse(told.endsAt) - Date.now()).toBeGreaterThan(sessionMs - 60_000);
    const stored = JSON.stringify(await api.store.sessions.get(sha256(secretIn(cookieOf(reply)))));
    expect(stored).not.toContain(secretIn(cookieOf(reply)));
  });

  it('is there or not, without a refusal for who has none', async () => {
    const isThere = async (cookie: string) => (await get(cookie, '/api/v1/login')).json().session;
    const cookie = await logIn();
    expect([await isThere(''), await isThere(`${cookie}x`), await isThere(cookie)]).toEqual([false, false, true]);
  });

  it('is found beside a cookie of that name whose session has ended, whichever comes first', async () => {
    const ended = await logIn();
    await shift(ended, 'at', sessionMs + 1_000);
    const cookie = await logIn();
    for (const both of [`${ended}; ${cookie}`, `${cookie}; other=1; ${ended}`, `__Host-plumb=x; ${cookie}`]) {
      expect((await get(both)).json()).toMatchObject({ name: 'key:api-key' });
      expect((await get(both, '/api/v1/login')).json().session).toBe(true);
    }
    expect((await get(`${ended}; ${ended}`)).json().detail).toBe('the session has ended');
    // each one costs a look into the store: whoever sends many is not served all of them
    expect((await get(`${`${ended}; `.repeat(4)}${cookie}`)).statusCode).toBe(401);
  });

  it('ends with all others that the request to end it has brought: none of them goes on in its place', async () => {
    const both = `${await logIn()}; ${await logIn()}`;
    const url = '/api/v1/session';
    const headers = { ...own, cookie: both };
    expect((await api.app.inject({ method: 'DELETE', url, headers })).statusCode).toBe(204);
    expect((await get(both)).statusCode).toBe(401);
  });

  it('begins by a key as well, and may what that may', async () => {
    const cookie = await logIn();
    expect((await get(cookie)).json()).toMatchObject({ name: 'key:api-key', grants: [{ role: 'admin' }] });
    expect((await get(cookie, '/api/v1/keys')).statusCode).toBe(200);
  });

  it.each([
    ['a wrong password', { user: 'ann', password: `${password}!` }, 401],
    ['a user that there is not', { user: 'bob', password }, 401],
    ['a name that is none', { user: 'a.*', password }, 401],
    ['a wrong key', { key: 'plumb_x' }, 401],
    ['nothing', {}, 400],
    ['both', { user: 'ann', password, key: siteKey }, 400],
  ])('does not begin by %s', async (_, payload, status) => {
    const reply = await post(payload);
    expect(reply.statusCode).toBe(status);
    expect(reply.headers['set-cookie']).toBeUndefined();
  });

  it('says the same of a wrong password and of a user that there is not', async () => {
    const [wrong, unknown] = [await post({ user: 'ann', password: 'x' }), await post({ user: 'bob', password: 'x' })];
    expect(wrong.body).toBe(unknown.body);
  });

  it('ends by logging out, at every instance', async () => {
    await using other = await appForTest(api.store);
    const cookie = await logIn();
    expect((await get(cookie, '/api/v1/devices', other)).statusCode).toBe(200);
    const out = await api.app.inject({ method: 'DELETE', url: '/api/v1/session', headers: { cookie, ...own } });
    expect(out.statusCode).toBe(204);
    expect(out.headers['set-cookie']).toMatch(/^__Host-plumb=; .*Max-Age=0$/);
    for (const app of [api.app, other]) expect((await get(cookie, '/api/v1/devices', app)).statusCode).toBe(401);
    expect((await get(cookie)).json().detail).toBe('the session has ended');
  });

  it('ends when it was not used for an hour, and after twelve hours however much it is used', async () => {
    const idle = await logIn();
    await shift(idle, 'seen', idleMs - 60_000);
    expect((await get(idle)).statusCode).toBe(200);
    await shift(idle, 'seen', idleMs + 1_000);
    expect((await get(idle)).statusCode).toBe(401);
    const old = await logIn();
    await shift(old, 'at', sessionMs - 60_000);
    expect((await get(old)).statusCode).toBe(200);
    await shift(old, 'at', sessionMs + 1_000);
    expect((await get(old)).statusCode).toBe(401);
  });

  it('is used when it is: that is written down once a minute', async () => {
    const cookie = await logIn();
    const revision = async () => (await api.store.sessions.get(sha256(secretIn(cookie))))?.revision;
    const first = await revision();
    await get(cookie);
    expect(await revision()).toBe(first);
    await shift(cookie, 'seen', 120_000);
    const shifted = await revision();
    await get(cookie);
    expect(await revision()).toBeGreaterThan(shifted ?? 0);
  });

  it('ends with what it came of: a revoked key, another password, a user that is gone', async () => {
    const key = await createKey(api.store, { name: 'short', grants: [{ role: 'viewer' }], by: 'test' });
    const byKey = await logIn({ key });
    expect((await get(byKey)).statusCode).toBe(200);
    await revokeKey(api.store, 'short');
    expect((await get(byKey)).statusCode).toBe(401);
    await createKey(api.store, { name: 'short', grants: [{ role: 'admin' }], by: 'test' });
    expect((await get(byKey)).statusCode).toBe(401); // another key of that name
    await setUser(api.store, { ...ann, name: 'eve' }, password);
    const before = await logIn({ user: 'eve', password });
    await setUser(api.store, { ...ann, name: 'eve' }, `${password} two`);
    expect((await get(before)).statusCode).toBe(401);
    const after = await logIn({ user: 'eve', password: `${password} two` });
    expect((await get(after)).statusCode).toBe(200);
    await removeUser(api.store, 'eve');
    expect((await get(after)).statusCode).toBe(401);
  });

  it.each([
    ['by our own page', { 'sec-fetch-site': 'same-origin' }, 202],
    ['by our own page in an older browser', { origin: 'http://localhost:80', host: 'localhost' }, 202],
    ['by another site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['by another port of this host', { 'sec-fetch-site': 'same-site' }, 403],
    ['by a link', { 'sec-fetch-site': 'none' }, 403],
    ['by another site in an older browser', { origin: 'http://evil.example', host: 'localhost' }, 403],
    ['by a frame in a sandbox', { origin: 'null', host: 'localhost' }, 403],
    ['by something that says nothing', {}, 403],
  ])('changes something %s: %j → %i', async (_, headers, status) => {
    const cookie = await logIn();
    const url = '/api/v1/devices/leaf1/hold';
    const payload = { reason: 'a drill' };
    const reply = await api.app.inject({
      method: 'POST',
      url,
      payload,
      headers: { cookie, ...(headers as Record<string, string>) },
    });
    expect(reply.statusCode).toBe(status);
    if (status === 202) expect(reply.json()).toMatchObject({ author: 'key:api-key' });
    // a key is sent by a program that means it
    const authorization = `Bearer ${siteKey}`;
    const byKey = await api.app.inject({
      method: 'POST',
      url,
      payload,
      headers: { authorization, ...(headers as Record<string, string>) },
    });
    expect(byKey.statusCode).toBe(202);
  });

  it('is not begun by the page of another site', async () => {
    for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { origin: 'http://evil.example' }] as Record<
      string,
      string
    >[])
      expect((await post({ key: siteKey }, headers)).statusCode).toBe(403);
    expect((await post({ key: siteKey }, {})).statusCode).toBe(201); // curl
  });

  it('is not guessed: attempts are slowed down by address, right or wrong', async () => {
    const codes: number[] = [];
    for (let tries = 0; tries < 12; tries++) codes.push((await post({ key: 'x' }, own, '198.51.100.1')).statusCode);
    expect(codes.slice(0, 10)).toEqual(Array(10).fill(401));
    expect(codes.slice(10)).toEqual([429, 429]);
    expect((await post({ key: siteKey }, own, '198.51.100.1')).statusCode).toBe(429);
    expect((await post({ key: siteKey }, own, '198.51.100.2')).statusCode).toBe(201);
  });

  it('is in the audit, with its attempts, and without what was given', async () => {
    await post({ user: 'ann', password: 'a wrong one that nobody may see' });
    await logIn({ user: 'ann', password });
    const { body } = await api.call('GET', '/api/v1/audit?limit=10');
    expect(JSON.parse(body).items).toMatchObject([
      { what: 'logIn', kind: 'answered', who: 'user:ann <ann@example.net>' },
      { what: 'logIn', kind: 'refused', who: 'nobody', on: 'ann', status: 401 },
      ...Array(JSON.parse(body).items.length - 2).fill({}),
    ]);
    expect(body).not.toContain('nobody may see');
  });
});

describe('a link to log in', () => {
  const open = (secret: string, headers: Record<string, string> = { 'sec-fetch-site': 'none' }) =>
    api.app.inject({ url: `/login?link=${secret}`, headers, remoteAddress: `192.0.2.8:${++addresses}` });
  const make = () => makeLink(api.store, 'terminal:ann@host', [{ role: 'admin' }]);

  it('logs in whoever opens it first, once, and leads to the page', async () => {
    const secret = await make();
    const replies = await Promise.all([open(secret), open(secret), open(secret)]);
    expect(replies.map(({ statusCode }) => statusCode).sort()).toEqual([303, 401, 401]);
    const first = replies.find(({ statusCode }) => statusCode === 303);
    expect(first?.headers.location).toBe('/');
    expect((await get(cookieOf(first ?? { headers: {} }))).json()).toMatchObject({ name: 'terminal:ann@host' });
    expect((await open(secret)).json()).toMatchObject({
      code: 'not_authenticated',
      detail: expect.stringContaining('was used already'),
    });
  });

  it('is good for five minutes', async () => {
    const secret = await make();
    const entry = `link.${sha256(secret)}`;
    const record = JSON.parse((await api.store.sessions.get(entry))?.string() ?? '');
    const at = new Date(Date.now() - linkMs - 1_000).toISOString();
    await api.store.sessions.put(entry, JSON.stringify({ ...record, at }));
    expect((await open(secret)).statusCode).toBe(401);
  });

  it('is not followed from the page of another site, and not by a guess', async () => {
    const secret = await make();
    expect((await open(secret, { 'sec-fetch-site': 'cross-site' })).statusCode).toBe(403);
    expect((await open('x')).statusCode).toBe(401);
    expect((await open(secret)).statusCode).toBe(303);
  });
});
