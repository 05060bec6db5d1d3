import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const script = fileURLToPath(new URL('../../../examples/ci/comment.mjs', import.meta.url));
const review = '<!-- plumb diff -->\n### 1 device would change\n';

type Asked = { call: string; token: unknown; body?: unknown };
let asked: Asked[];
let comments: { id: number; body: string }[];
let status: number;
let server: Server;
beforeEach(async () => {
  asked = [];
  comments = [];
  status = 200;
  server = createServer(async (request, response) => {
    const { method, url, headers } = request;
    const token = headers.authorization ?? headers['private-token'];
    asked.push({ call: `${method} ${url}`, token });
    response.statusCode = status;
    if (method === 'GET') {
      const page = Number(new URL(url ?? '', 'http://x').searchParams.get('page'));
      return response.end(JSON.stringify(comments.slice((page - 1) * 100, page * 100)));
    }
    Object.assign(asked.at(-1) ?? {}, { body: await json(request) });
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

const base = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const githubEnv = () => ({ GITHUB_TOKEN: 't', GITHUB_REPOSITORY: 'a/b', GITHUB_API_URL: base(), PULL_REQUEST: '7' });
const gitlabEnv = () => ({
  GITLAB_CI: 'true',
  GITLAB_TOKEN: 't',
  CI_API_V4_URL: base(),
  CI_PROJECT_ID: '3',
  CI_MERGE_REQUEST_IID: '7',
});

const comment = (env: Record<string, string>, input = review) =>
  new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    const child = execFile(process.execPath, [script], { env, timeout: 60_000 }, (_, out, err) =>
      resolve({ code: child.exitCode, out, err }),
    );
    child.stdin?.end(input);
  });

describe('the comment of a review', () => {
  it.each([
    ['GitHub', githubEnv, '/repos/a/b/issues/7/comments', 'PATCH /repos/a/b/issues/comments/150', 'Bearer t'],
    ['GitLab', gitlabEnv, '/projects/3/merge_requests/7/notes', 'PUT /projects/3/merge_requests/7/notes/150', 't'],
  ])('is written on %s once, and updated from then on', async (_, env, list, update, token) => {
    expect(await comment(env())).toEqual({ code: 0, out: 'comment written\n', err: '' });
    expect(asked).toEqual([
      { call: `GET ${list}?per_page=100&page=1`, token },
      { call: `POST ${list}`, token, body: { body: review } },
    ]);
    comments = Array.from({ length: 200 }, (_, id) => ({ id, body: id === 150 ? review : 'looks good' }));
    expect(await comment(env())).toEqual({ code: 0, out: 'comment updated\n', err: '' });
    expect(asked.at(-1)).toEqual({ call: update, token, body: { body: review } });
  });

  it('says what the forge answered', async () => {
    status = 403;
    const { code, err } = await comment(githubEnv());
    expect(code).toBe(1);
    expect(err).toContain(`comment: GET ${base()}/repos/a/b/issues/7/comments?per_page=100&page=1: 403`);
  });

  it('posts nothing but a review', async () => {
    const { code, err } = await comment(githubEnv(), 'plumb: no server\n');
    expect({ code, asked }).toEqual({ code: 2, asked: [] });
    expect(err).toContain('nothing is posted');
  });

  it('names the variable that is missing', async () => {
    const { code, err } = await comment({ GITHUB_TOKEN: 't' });
    expect({ code, err }).toEqual({ code: 2, err: 'comment: GITHUB_API_URL is not set\n' });
  });
});
