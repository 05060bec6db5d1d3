import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchIntent } from '../../../core/store/intents.ts';
import { listJobs } from '../../../core/store/jobs.ts';
import { apiForTest, type Harness, key } from './harness.ts';

let api: Harness;
beforeAll(async () => {
  api = await apiForTest();
});
afterAll(() => api[Symbol.asyncDispose]());

const post = (headers: Record<string, string>) =>
  api.app.inject({
    method: 'POST',
    url: '/api/v1/devices/leaf1/configure',
    headers,
    payload: { config: 'hostname leaf1\n' },
  });

describe('a caller of the API', () => {
  it('without a key gets 401 and a challenge, and nothing is done', async () => {
    const reply = await post({});
    expect(reply.statusCode).toBe(401);
    expect(reply.headers['www-authenticate']).toBe('Bearer realm="plumbline"');
    expect(reply.headers['content-type']).toMatch('application/problem+json');
    expect(reply.json()).toMatchObject({
      type: 'urn:plumbline:problem:not_authenticated',
      title: 'Not authenticated',
      status: 401,
      instance: '/api/v1/devices/leaf1/configure',
      code: 'not_authenticated',
      hint: expect.stringContaining('Authorization: Bearer'),
    });
    expect((await listJobs(api.store)).jobs).toEqual([]);
    expect(await fetchIntent(api.store, 'leaf1')).toBeUndefined();
  });

  it.each([
    ['a wrong key', `Bearer ${key}x`],
    ['half a key', `Bearer ${key.slice(0, -1)}`],
    ['an empty key', 'Bearer '],
    ['a password', `Basic ${Buffer.from(`admin:${key}`).toString('base64')}`],
    ['the key without its scheme', key],
  ])('with %s gets 401, and nothing is done', async (_, authorization) => {
    const reply = await post({ authorization });
    expect(reply.statusCode).toBe(401);
    expect(reply.headers['www-authenticate']).toMatch(/^Bearer /);
    expect(reply.body).not.toContain(key);
    expect((await listJobs(api.store)).jobs).toEqual([]);
  });

  it.each(['/api/v1/devices', '/api/v1/devices/leaf1', '/api/v1/jobs', '/api/v1/runners', '/metrics', '/nowhere'])(
    'without a key reads nothing at %s',
    async (url) => {
      expect((await api.app.inject({ url })).statusCode).toBe(401);
    },
  );

  it('reads health and the OpenAPI document without a key', async () => {
    expect((await api.app.inject({ url: '/health' })).json()).toEqual({
      status: 'ok',
      bus: expect.stringMatching(/^[0-9a-f]{12}$/),
    });
    expect((await api.app.inject({ url: '/openapi.json' })).statusCode).toBe(200);
  });

  it('is told to slow down after many wrong keys, while the right key still opens', async () => {
    const wrong = () => api.app.inject({ url: '/api/v1/devices', headers: { authorization: 'Bearer wrong' } });
    let reply = await wrong();
    for (let tries = 0; tries < 40 && reply.statusCode === 401; tries++) reply = await wrong();
    expect(reply.statusCode).toBe(429);
    expect(Number(reply.headers['retry-after'])).toBeGreaterThan(0);
    expect(reply.json()).toMatchObject({ code: 'too_many_requests', status: 429, hint: expect.any(String) });
    expect((await api.call('GET', '/api/v1/devices')).statusCode).toBe(200);
  });
});
