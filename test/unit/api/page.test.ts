import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folderOfAll } from '../../folder.ts';
import { apiForTest, type Harness } from './harness.ts';

const folder = folderOfAll('page');
let api: Harness;
const get = (url: string, headers = {}) => api.app.inject({ url, headers });

beforeAll(async () => {
  await mkdir(join(folder, 'dist', 'assets'), { recursive: true });
  await writeFile(join(folder, 'secret.txt'), 'not for the web');
  await writeFile(join(folder, 'dist', 'index.html'), '<!doctype html>');
  await writeFile(join(folder, 'dist', 'assets', 'index-Ab12.js'), 'export {};');
  await writeFile(join(folder, 'dist', 'assets', 'index-Ab12.css'), 'p { margin: 0 }');
  api = await apiForTest({ page: join(folder, 'dist') });
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

describe('the page', () => {
  it.each(['/', '/devices/leaf1', '/activity'])('is sent at %s, without a key', async (url) => {
    const reply = await get(url);
    expect(reply.statusCode).toBe(200);
    expect(reply.body).toBe('<!doctype html>');
    expect(reply.headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' });
  });

  it('runs nothing but its own files, by a policy without exceptions', async () => {
    const { headers } = await get('/');
    const policy = String(headers['content-security-policy']);
    for (const part of [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "require-trusted-types-for 'script'",
    ])
      expect(policy.split('; ')).toContain(part);
    expect(policy).not.toMatch(/unsafe|data:|https?:|\*/);
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
  });

  it.each([
    ['/assets/index-Ab12.js', 'text/javascript; charset=utf-8'],
    ['/assets/index-Ab12.css', 'text/css; charset=utf-8'],
  ])('has files whose names change with what is in them, so they are kept for good: %s', async (url, type) => {
    const { headers } = await get(url);
    expect(headers).toMatchObject({ 'content-type': type, 'cache-control': 'public, max-age=31536000, immutable' });
  });

  it('is not sent again to who has it', async () => {
    const { headers } = await get('/');
    const again = await get('/', { 'if-none-match': headers.etag });
    expect([again.statusCode, again.body]).toEqual([304, '']);
  });

  it.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/%2e%2e%5c%2e%2e%5csecret.txt',
    '//etc/passwd',
    '/assets/',
  ])('leads to no other file: %s', async (url) => {
    const reply = await get(url);
    expect(reply.body).not.toContain('not for the web');
    expect([401, 404]).toContain(reply.statusCode);
  });

  it('leaves what the API says uncached', async () => {
    const cached = async (path: string) => (await api.call('GET', path)).headers['cache-control'];
    expect(await cached('/api/v1/devices')).toBe('private, no-cache'); // asked for again each time, by its ETag
    expect(await cached('/api/v1/runners')).toBe('private, no-cache');
    expect(await cached('/api/v1/login')).toBe('no-store');
  });

  it('says where it was not built, and how it is', async () => {
    await using bare = await apiForTest({ page: '' });
    expect((await bare.app.inject({ url: '/' })).json()).toMatchObject({
      code: 'not_found',
      hint: expect.stringContaining('npm run build'),
    });
  });
});
