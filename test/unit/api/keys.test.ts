import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKey } from '../../../api/auth/keys.ts';
import { KeyUse } from '../../../core/access.ts';
import { redact } from '../../../core/redact/redact.ts';
import { sha256 } from '../../../core/store/payload.ts';
import { getRecord } from '../../../core/store/records.ts';
import { apiForTest, appForTest, type Harness } from './harness.ts';

let api: Harness;
beforeAll(async () => {
  api = await apiForTest();
});
afterAll(() => api[Symbol.asyncDispose]());

const make = async (name: string, more: object = {}) => {
  const grants = [{ role: 'viewer' }];
  const reply = await api.call('POST', '/api/v1/keys', { payload: { name, grants, ...more } });
  return { reply, key: reply.json<{ key: string }>().key };
};
const devicesWith = async (key: string, app = api.app) =>
  (await app.inject({ url: '/api/v1/devices', headers: { authorization: `Bearer ${key}` } })).statusCode;

describe('a key', () => {
  it('has 256 random bits, is shown once, and is kept as a hash', async () => {
    const { reply, key } = await make('ci');
    expect(reply.statusCode).toBe(201);
    expect(Buffer.from(key.replace('plumb_ci_', ''), 'base64url')).toHaveLength(32);
    expect((await make('other')).key).not.toBe(key);
    expect(await devicesWith(key)).toBe(200);
    const stored = (await api.store.api.get('keys.ci'))?.string() ?? '';
    expect(stored).toContain(sha256(key));
    expect(stored).not.toContain(key);
    const list = await api.call('GET', '/api/v1/keys');
    expect(list.body).not.toContain(sha256(key));
    const told = async () => (await api.call('GET', '/api/v1/keys')).json().items;
    await expect.poll(told).toContainEqual({
      name: 'ci',
      grants: [{ role: 'viewer' }],
      createdAt: expect.any(String),
      createdBy: 'key:api-key',
      expiresAt: null,
      used: expect.anything(), // nobody waits until that is written down
    });
    expect(redact(`Authorization: Bearer ${key}`)).not.toContain(key);
  });

  it('opens nothing from the moment it is revoked, at another instance too', async () => {
    await using other = await appForTest(api.store);
    const { key } = await make('short-lived');
    expect([await devicesWith(key), await devicesWith(key, other)]).toEqual([200, 200]);
    expect((await api.call('DELETE', '/api/v1/keys/short-lived')).statusCode).toBe(204);
    expect([await devicesWith(key), await devicesWith(key, other)]).toEqual([401, 401]);
    expect((await api.call('DELETE', '/api/v1/keys/short-lived')).statusCode).toBe(404);
    const again = await make('short-lived');
    expect([await devicesWith(key), await devicesWith(again.key)]).toEqual([401, 200]);
  });

  it('opens nothing once it has expired', async () => {
    const { key } = await make('till-soon', { expiresAt: new Date(Date.now() + 3_600_000).toISOString() });
    expect(await devicesWith(key)).toBe(200);
    const record = JSON.parse((await api.store.api.get('keys.till-soon'))?.string() ?? '');
    await api.store.api.put('keys.till-soon', JSON.stringify({ ...record, expiresAt: new Date().toISOString() }));
    expect(await devicesWith(key)).toBe(401);
  });

  it('is not another one: with one character changed, without its name, with that of another', async () => {
    const { key } = await make('exact');
    const other = key.endsWith('A') ? 'B' : 'A';
    for (const wrong of [
      key.slice(0, -1) + other,
      key.slice(0, -1),
      key.replace('exact', 'ci'),
      key.replace('exact_', ''),
    ])
      expect(await devicesWith(wrong)).toBe(401);
  });

  it('is written down as used, with time and address, not at each request', async () => {
    const { key } = await make('used');
    await devicesWith(key);
    const use = async () => getRecord(api.store.api, KeyUse, 'used.used');
    await expect.poll(use).toMatchObject({ value: { from: '127.0.0.1' } });
    const { revision } = (await use()) ?? {};
    await devicesWith(key);
    await devicesWith(key);
    expect((await use())?.revision).toBe(revision);
  });

  it.each([
    ['of a name that is taken', { name: 'ci' }, 409, /already/],
    ["of the site key's name", { name: 'api-key' }, 400, /site's own key/],
    ['of a name that is none', { name: 'a.b' }, 400, /body\/name/],
    ['without a role', { grants: [] }, 400, /body\/grants/],
    ['with a role that there is not', { grants: [{ role: 'root' }] }, 400, /one of viewer, operator/],
    ['for a device that there is not', { grants: [{ role: 'viewer', on: 'leaf9' }] }, 404, /leaf9: no such device/],
    ['for a selector that is none', { grants: [{ role: 'viewer', on: 'a and' }] }, 400, /selector "a and"/],
    ['that is over', { expiresAt: '2020-01-01T00:00:00Z' }, 400, /is in the past/],
    ['with a time that is none', { expiresAt: 'soon' }, 400, /expiresAt/],
  ])('%s is not made', async (_, more, status, detail) => {
    const { reply } = await make('new', more);
    expect({ status: reply.statusCode, detail: reply.json<{ detail: string }>().detail }).toEqual({
      status,
      detail: expect.stringMatching(detail),
    });
  });

  it('is not brought back by an instance that notes its last use', async () => {
    const { key } = await make('gone');
    await devicesWith(key);
    await api.call('DELETE', '/api/v1/keys/gone');
    await api.store.api.put('used.gone', JSON.stringify({ at: new Date().toISOString(), from: '192.0.2.1' }));
    expect(await devicesWith(key)).toBe(401);
    await expect(createKey(api.store, { name: 'gone', grants: [{ role: 'viewer' }], by: 'x' })).resolves.toMatch(
      /^plumb_gone_/,
    );
  });
});
