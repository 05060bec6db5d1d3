import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isPassword } from '../../../../api/auth/passwords.ts';
import { getUser } from '../../../../api/auth/users.ts';
import { siteForTest } from '../site.ts';

let site: Awaited<ReturnType<typeof siteForTest>>;
beforeAll(async () => {
  site = await siteForTest();
});
afterAll(() => site[Symbol.asyncDispose]());

describe('plumb user', () => {
  it('lets somebody log in by a password that is made, lists and removes him', async () => {
    const made = await site.run(['user', 'set', 'ann', '--role', 'operator', '--email', 'ann@example.net']);
    expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^[\w-]{20}\n$/) });
    const user = await getUser(site.store, 'ann');
    expect(user).toMatchObject({ grants: [{ role: 'operator' }], email: 'ann@example.net', changedBy: 'ann' });
    expect(await isPassword(made.out.trim(), user?.password)).toBe(true);
    const { out } = await site.run(['user', 'list']);
    expect(out).toMatch(/^NAME +ROLES +EMAIL +CHANGED\nann +operator +ann@example\.net +\d{4}-\S+ by ann\n$/);
    expect((await site.run(['user', 'list', '-o', 'json'])).out).not.toContain('scrypt');
    expect((await site.run(['audit', 'export'])).out).not.toContain(made.out.trim());
    expect(await site.run(['user', 'rm', 'ann'])).toMatchObject({ code: 0, err: 'ann: removed\n' });
    expect(await getUser(site.store, 'ann')).toBeUndefined();
  });

  it('takes a password from a file', async () => {
    await writeFile(join(site.folder, 'pw'), 'long enough for us\n');
    const set = ['user', 'set', 'bob', '--role', 'viewer', '--password-file'];
    expect(await site.run([...set, 'pw'])).toMatchObject({ code: 0, out: '', err: 'bob: set\n' });
    expect(await isPassword('long enough for us', (await getUser(site.store, 'bob'))?.password)).toBe(true);
    await writeFile(join(site.folder, 'pw'), 'short\n');
    for (const [file, why] of [
      ['pw', '12 characters'],
      ['nowhere', 'cannot be read'],
    ] as const)
      expect(await site.run([...set, file])).toMatchObject({ code: 2, err: expect.stringContaining(why) });
  });

  it.each([
    [['set', 'ann', '--role', 'root'], 'no such role'],
    [['set', 'ann', '--role', 'viewer', '--email', 'ann'], 'is not an e-mail address'],
    [['rm', 'eve'], 'eve: no such user'],
  ])('%j does nothing', async (argv, said) => {
    expect(await site.run(['user', ...argv])).toMatchObject({ code: 2, out: '', err: expect.stringContaining(said) });
  });
});
