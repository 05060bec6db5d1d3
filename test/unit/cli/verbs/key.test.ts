import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApp } from '../../../../api/app.ts';
import { sha256 } from '../../../../core/store/payload.ts';
import { putRecord } from '../../../../core/store/records.ts';
import { entry } from '../../api/harness.ts';
import { siteForTest } from '../site.ts';

let site: Awaited<ReturnType<typeof siteForTest>>;
beforeAll(async () => {
  site = await siteForTest();
  await putRecord(site.store.inventory, 'leaf1', entry('leaf1'));
});
afterAll(() => site[Symbol.asyncDispose]());

describe('plumb key', () => {
  it('makes a key that opens what its roles allow, lists it, and revokes it', async () => {
    await using app = await buildApp({ store: site.store, apiKeyHash: sha256('x') });
    expect((await site.run(['key', 'list'])).err).toContain("there is no key besides the site's own");
    const made = await site.run(['key', 'create', 'ci', '--role', 'operator@group=leaves', '--expires', '90d']);
    expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^plumb_ci_[\w-]{43}\n$/) });
    const key = made.out.trim();
    const session = () => app.inject({ url: '/api/v1/session', headers: { authorization: `Bearer ${key}` } });
    expect((await session()).json()).toMatchObject({
      name: 'key:ci',
      grants: [{ role: 'operator', on: 'group=leaves' }],
    });
    const { out } = await site.run(['key', 'list']);
    expect(out).toMatch(/^NAME +ROLES +EXPIRES +USED\nci +operator@group=leaves +\d{4}-\S+ +/);
    expect(out).not.toContain(key);
    const days =
      (Date.parse(JSON.parse((await site.run(['key', 'list', '-o', 'json'])).out).items[0].expiresAt) - Date.now()) /
      86_400_000;
    expect(Math.round(days)).toBe(90);
    expect(await site.run(['key', 'revoke', 'ci'])).toMatchObject({ code: 0, err: 'ci: revoked\n' });
    expect((await session()).statusCode).toBe(401);
  });

  it.each([
    [['create', 'ci', '--role', 'operater'], 'no such role; did you mean "operator"?'],
    [['create', 'ci', '--role', 'viewer@leaf9'], 'leaf9: no such device'],
    [['create', 'ci', '--role', 'viewer', '--expires', 'soon'], 'not a time'],
    [['create', 'ci', '--role', 'viewer', '--expires', '2020-01-01'], 'is in the past'],
    [['create', 'c/i', '--role', 'viewer'], 'cannot be the name of a key'],
    [['create', 'ci'], "required option '--role"],
    [['revoke', 'nope'], 'nope: no such key'],
  ])('%j makes or revokes none', async (argv, said) => {
    expect(await site.run(['key', ...argv])).toMatchObject({ code: 2, out: '', err: expect.stringContaining(said) });
  });
});
