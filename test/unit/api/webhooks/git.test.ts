import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { subjects } from '../../../../core/bus.ts';
import { lookWhenAsked } from '../../../../watcher/asked.ts';
import { apiForTest, type Harness } from '../harness.ts';

const secret = 'secret-of-the-git-server';
const body = JSON.stringify({ ref: 'refs/heads/main', after: 'a'.repeat(40) });
const mac = (text = body, key = secret) => createHmac('sha256', key).update(text).digest('hex');

let api: Harness;
beforeAll(async () => {
  api = await apiForTest({ gitHookSecret: secret });
});
afterAll(() => api[Symbol.asyncDispose]());

let addresses = 0;
const push = (
  headers: Record<string, string>,
  payload = body,
  app = api.app,
  remoteAddress = `192.0.2.${++addresses}`,
) =>
  app.inject({
    method: 'POST',
    url: '/hooks/git',
    payload,
    headers: { 'content-type': 'application/json', ...headers },
    remoteAddress,
  });

describe('a git server', () => {
  it.each([
    ['GitHub', { 'x-hub-signature-256': `sha256=${mac()}` }],
    [
      'GitHub, as a form',
      { 'x-hub-signature-256': `sha256=${mac()}`, 'content-type': 'application/x-www-form-urlencoded' },
    ],
    ['Gitea', { 'x-gitea-signature': mac() }],
    ['GitLab', { 'x-gitlab-token': secret }],
  ])('has the watcher look: %s', async (_, headers) => {
    const { nc, site } = api.store;
    let looked = () => {};
    const look = new Promise<void>((resolve) => {
      looked = resolve;
    });
    const stop = lookWhenAsked(api.store, { refresh: async () => looked() });
    await nc.flush();
    const reply = await push(headers);
    expect([reply.statusCode, reply.json()]).toEqual([202, { status: 'looking' }]);
    await look;
    stop();
    expect(subjects.look(site)).toBe('look.dc1');
  });

  it.each([
    ['nothing', {}],
    ['another secret', { 'x-hub-signature-256': `sha256=${mac(body, 'another one of that length')}` }],
    ['the signature of another text', { 'x-gitea-signature': mac(`${body} `) }],
    ['a signature without its kind', { 'x-hub-signature-256': mac() }],
    [
      'an older kind of signature',
      { 'x-hub-signature': `sha1=${createHmac('sha1', secret).update(body).digest('hex')}` },
    ],
    ['another token', { 'x-gitlab-token': `${secret}x` }],
    ['a wrong signature beside a right one', { 'x-hub-signature-256': 'sha256=0', 'x-gitlab-token': secret }],
  ])('is refused with %s', async (_, headers) => {
    const heard: unknown[] = [];
    const stop = lookWhenAsked(api.store, { refresh: async () => void heard.push(1) });
    expect((await push(headers)).json()).toMatchObject({ status: 401, code: 'not_authenticated' });
    await api.store.nc.flush();
    stop();
    expect(heard).toEqual([]);
  });

  it('is refused more than 2 MiB, and slowed down after wrong signatures, but not with a right one', async () => {
    expect((await push({ 'x-gitlab-token': secret }, 'x'.repeat(2 * 1024 * 1024 + 1))).statusCode).toBe(413);
    const wrong = () => push({ 'x-gitlab-token': 'x' }, body, api.app, '192.0.2.250');
    for (let count = 0; count < 20; count += 1) expect((await wrong()).statusCode).toBe(401);
    expect((await wrong()).statusCode).toBe(429);
    expect((await push({ 'x-gitlab-token': secret }, body, api.app, '192.0.2.250')).statusCode).toBe(202);
  });

  it('is told what to do where there is no secret', async () => {
    await using other = await apiForTest();
    const reply = await push({ 'x-gitlab-token': '' }, body, other.app);
    expect(reply.json()).toMatchObject({ status: 404, hint: expect.stringContaining('PLUMB_GIT_HOOK_SECRET') });
  });
});

describe('the watcher', () => {
  it('looks once more for all that is said while it looks', async () => {
    const { nc, site } = api.store;
    let looks = 0;
    let end = () => {};
    let begun = () => {};
    const looking = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const ends = new Promise<void>((resolve) => {
      end = resolve;
    });
    const stop = lookWhenAsked(api.store, {
      refresh: async () => {
        looks += 1;
        begun();
        await ends;
      },
    });
    nc.publish(subjects.look(site));
    await looking;
    for (let said = 0; said < 10; said += 1) nc.publish(subjects.look(site));
    await nc.flush();
    end();
    await expect.poll(() => looks).toBe(2);
    stop();
  });
});
