import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKey, revokeKey } from '../../../api/auth/keys.ts';
import { beginSession, endSession } from '../../../api/auth/sessions.ts';
import { getUser, setUser } from '../../../api/auth/users.ts';
import { newJob } from '../../../core/store/jobs.ts';
import { sha256 } from '../../../core/store/payload.ts';
import { storeJob } from '../../stored.ts';
import { apiForTest, type Harness } from './harness.ts';

let api: Harness;
let url: string;

beforeAll(async () => {
  api = await apiForTest();
  url = await api.app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => api[Symbol.asyncDispose]());

/** Opens a stream of events and says when it ends, and what was told until then. */
const listen = async (headers: Record<string, string>) => {
  const stop = new AbortController();
  const reply = await fetch(`${url}/api/v1/events`, { headers, signal: stop.signal });
  expect(reply.status).toBe(200);
  let told = '';
  const ended = (async () => {
    for await (const chunk of reply.body?.pipeThrough(new TextDecoderStream()) ?? []) told += chunk;
  })();
  ended.catch(() => {}); // ended by us
  return { ended, told: () => told, stop: () => stop.abort() };
};
const keyFor = async (name: string) => {
  const secret = await createKey(api.store, { name, grants: [{ role: 'viewer' }], by: 'the test' });
  return { authorization: `Bearer ${secret}` };
};
const cookie = (secret: string) => ({ cookie: `__Host-plumb=${secret}` });

describe('a stream of events', () => {
  it('ends when its key is revoked, its session is over, or its user gets another password; no other one does', async () => {
    const { store } = api;
    const user = { name: 'ann', grants: [{ role: 'viewer' as const }], by: 'the test' };
    await setUser(store, user);
    const changedAt = (await getUser(store, 'ann'))?.changedAt ?? '';
    const ofUser = await beginSession(store, { name: 'user:ann', of: { kind: 'user', name: 'ann', changedAt } });
    const login = { name: 'oidc:bob', of: { kind: 'login' as const, grants: user.grants } };
    const loggedIn = await beginSession(store, login);
    const kept = await listen(await keyFor('kept'));
    const keptSession = await listen(cookie(await beginSession(store, login)));
    const going = [await listen(await keyFor('gone')), await listen(cookie(loggedIn)), await listen(cookie(ofUser))];
    await revokeKey(store, 'gone');
    await endSession(store, sha256(loggedIn));
    await setUser(store, user);
    await Promise.all(going.map(({ ended }) => ended));
    const job = newJob('leaf1', 'bgp');
    await storeJob(store, job);
    await expect.poll(() => [kept, keptSession].every(({ told }) => told().includes(job.id))).toBe(true);
    for (const each of going) expect(each.told()).not.toContain(job.id);
    for (const each of [kept, keptSession]) each.stop();
  });

  it('does not keep a session from ending by itself', async () => {
    const { store } = api;
    const secret = await beginSession(store, { name: 'oidc:eve', of: { kind: 'login', grants: [{ role: 'viewer' }] } });
    const heard = await listen(cookie(secret));
    const record = await store.sessions.get(sha256(secret));
    const long = new Date(Date.now() - 59.9 * 60_000).toISOString();
    await store.sessions.put(sha256(secret), JSON.stringify({ ...record?.json<object>(), seen: long }));
    await heard.ended; // an hour without a request is over within 6 s
  });
});
