import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiForTest, type Harness, key } from './harness.ts';

let api: Harness;
let port: number;
beforeAll(async () => {
  api = await apiForTest();
  port = Number(new URL(await api.app.listen({ host: '127.0.0.1', port: 0 })).port);
});
afterAll(() => api[Symbol.asyncDispose]());

/** Sends bytes as they are. @returns the head of the answer, and the body */
const send = async (bytes: string) => {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.end(bytes);
  const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
  return { head, body };
};

const host = 'Host: x\r\nConnection: close\r\n';
const auth = `Authorization: Bearer ${key}\r\n`;

const cases: [what: string, bytes: string, status: number, code: string, instance: string][] = [
  [
    'headers that are too large',
    `GET /health HTTP/1.1\r\n${host}X: ${'x'.repeat(20_000)}\r\n\r\n`,
    431,
    'header_too_large',
    '/health',
  ],
  ['a path that is too large', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\n${host}\r\n`, 431, 'header_too_large', ''],
  ['a method that HTTP does not have', `BREW / HTTP/1.1\r\n${host}\r\n`, 501, 'unknown_method', '/'],
  [
    'a method that no route has',
    `PROPFIND /health HTTP/1.1\r\n${host}${auth}\r\n`,
    405,
    'method_not_allowed',
    '/health',
  ],
  ['a tunnel', `CONNECT example.net:443 HTTP/1.1\r\n${host}\r\n`, 405, 'method_not_allowed', 'example.net:443'],
  ['a version that HTTP does not have', `GET /health HTTP/9.7\r\n${host}\r\n`, 505, 'unknown_version', '/health'],
  ['another protocol', 'GET /health GOPHER/1.1\r\n\r\n', 400, 'invalid_request', '/health'],
  ['a line that is no request', 'hello there\r\n\r\n', 400, 'invalid_request', ''],
  ['the first bytes of TLS', '\x16\x03\x01\x02\x00\x01\x00', 400, 'invalid_request', ''],
  ['a header without a colon', `GET /health HTTP/1.1\r\n${host}nonsense\r\n\r\n`, 400, 'invalid_request', '/health'],
  [
    'two lengths',
    `POST /api/v1/devices/leaf1/bgp HTTP/1.1\r\n${host}Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}`,
    400,
    'invalid_request',
    '/api/v1/devices/leaf1/bgp',
  ],
  [
    'a chunk without a size',
    `POST /health HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\nzz\r\n`,
    400,
    'invalid_request',
    '/health',
  ],
  ['no host', 'GET /health HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'invalid_request', '/health'],
  ['an expectation', `GET /health HTTP/1.1\r\n${host}Expect: miracles\r\n\r\n`, 417, 'unmet_expectation', '/health'],
  [
    'a path with a bad escape',
    `GET /api/v1/jobs/%zz HTTP/1.1\r\n${host}${auth}\r\n`,
    400,
    'invalid_request',
    '/api/v1/jobs/%zz',
  ],
  [
    'a name that is too long',
    `GET /api/v1/jobs/${'x'.repeat(300)} HTTP/1.1\r\n${host}${auth}\r\n`,
    414,
    'invalid_request',
    `/api/v1/jobs/${'x'.repeat(300)}`,
  ],
  [
    'a key that opens nothing',
    `GET /api/v1/jobs HTTP/1.1\r\n${host}Authorization: Basic eDp5\r\n\r\n`,
    401,
    'not_authenticated',
    '/api/v1/jobs',
  ],
];

describe('what no route can be given', () => {
  it.each(cases)('is answered with a problem document: %s', async (_what, bytes, status, code, instance) => {
    const { head, body } = await send(bytes);
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [A-Z]`));
    expect(head).toMatch(/^content-type: application\/problem\+json/im);
    expect(head).toMatch(/^connection: close$/im);
    expect(JSON.parse(body)).toMatchObject({ type: `urn:plumbline:problem:${code}`, code, status, instance });
    expect(JSON.parse(body).detail).toMatch(/^\S.{9,}/);
  });

  it('is answered so also while the API stops', async () => {
    const stopping = await apiForTest();
    const { hostname, port: own } = new URL(await stopping.app.listen({ host: '127.0.0.1', port: 0 }));
    const accepted = once(stopping.app.server, 'connection'); // one that is not accepted yet is reset
    const socket = connect(Number(own), hostname);
    await accepted;
    const closed = stopping.app.close();
    socket.write(`GET /health HTTP/1.1\r\n${host}\r\n`);
    const answer = await text(socket);
    await closed;
    await stopping[Symbol.asyncDispose]();
    expect(answer).toMatch(/^HTTP\/1\.1 503 /);
    expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({ code: 'stopping', status: 503 });
  });
});

it('a request that comes byte by byte has an end: its connection is not held for ever', () => {
  const { requestTimeout, headersTimeout } = api.app.server; // Node looks every 30 s: too long to wait for here
  expect(requestTimeout).toBe(60_000); // Fastify's own is 0: no limit
  expect(headersTimeout).toBeGreaterThan(0);
});
