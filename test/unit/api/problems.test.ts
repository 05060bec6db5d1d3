import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newJobId } from '../../../core/store/jobs.ts';
import { apiForTest, type Harness } from './harness.ts';

let api: Harness;
beforeAll(async () => {
  api = await apiForTest();
});
afterAll(() => api[Symbol.asyncDispose]());

const configure = '/api/v1/devices/leaf1/configure';
const config = 'hostname leaf1\n';

type Case = [
  what: string,
  method: 'GET' | 'POST' | 'DELETE' | 'PUT',
  url: string,
  body: object | string | undefined,
  status: number,
  code: string,
  detail: RegExp,
];

const cases: Case[] = [
  ['an unknown path', 'GET', '/api/v1/nothing', undefined, 404, 'not_found', /nothing at \/api\/v1\/nothing/],
  [
    'an unknown device',
    'GET',
    '/api/v1/devices/leaf3',
    undefined,
    404,
    'unknown_device',
    /leaf3: no such device.*leaf[12]/,
  ],
  ['work on an unknown device', 'POST', '/api/v1/devices/leaf3/bgp', undefined, 404, 'unknown_device', /leaf3/],
  [
    'a configuration for an unknown device',
    'POST',
    '/api/v1/devices/nope/configure',
    { config },
    404,
    'unknown_device',
    /nope/,
  ],
  ['jobs of an unknown device', 'GET', '/api/v1/jobs?select=leaf3', undefined, 404, 'unknown_device', /leaf3/],
  ['a name that is no name', 'GET', '/api/v1/devices/a.b', undefined, 400, 'invalid_request', /path\/name/],
  ['an unknown job', 'GET', `/api/v1/jobs/${newJobId()}`, undefined, 404, 'unknown_job', /no job/],
  ['cancelling an unknown job', 'DELETE', `/api/v1/jobs/${newJobId()}`, undefined, 404, 'unknown_job', /no job/],
  ['an id that is no id', 'GET', '/api/v1/jobs/*', undefined, 400, 'invalid_request', /path\/id/],
  [
    'an unknown query field',
    'GET',
    '/api/v1/devices?colour=red',
    undefined,
    400,
    'invalid_request',
    /query\/colour: unknown key/,
  ],
  ['a bad cursor', 'GET', '/api/v1/jobs?cursor=nonsense!', undefined, 400, 'invalid_request', /query\/cursor/],
  [
    'a limit that is no number',
    'GET',
    '/api/v1/jobs?limit=many',
    undefined,
    400,
    'invalid_request',
    /query\/limit: expected a whole number/,
  ],
  [
    'a limit too high',
    'GET',
    '/api/v1/jobs?limit=9999',
    undefined,
    400,
    'invalid_request',
    /query\/limit: expected 200 or less/,
  ],
  [
    'an unknown state',
    'GET',
    '/api/v1/jobs?state=asleep',
    undefined,
    400,
    'invalid_request',
    /query\/state: expected one of/,
  ],
  [
    'a wait too long',
    'POST',
    `${configure}?wait=61`,
    { config },
    400,
    'invalid_request',
    /query\/wait: expected 60 or less/,
  ],
  [
    'an unknown body field',
    'POST',
    configure,
    { config, forced: 'x' },
    400,
    'invalid_request',
    /body\/forced: unknown key.*"force"/,
  ],
  [
    'a configuration that is no text',
    'POST',
    configure,
    { config: 7 },
    400,
    'invalid_request',
    /body\/config: expected a text/,
  ],
  ['no body', 'POST', configure, undefined, 400, 'invalid_request', /^body: missing/],
  ['no command', 'POST', '/api/v1/devices/leaf1/command', undefined, 400, 'invalid_request', /^body: missing/],
  ['no configuration', 'POST', configure, {}, 400, 'invalid_request', /missing key "config"/],
  ['an empty configuration', 'POST', configure, { config: '' }, 400, 'invalid_request', /body\/config/],
  ['a commit of two lines', 'POST', configure, { config, commit: 'a\nb' }, 400, 'invalid_request', /body\/commit/],
  [
    'a claim of who asks',
    'POST',
    configure,
    { config, author: 'ann' },
    400,
    'invalid_request',
    /body\/author: unknown key/,
  ],
  ['an unknown mode', 'POST', configure, { config, mode: 'replce' }, 400, 'invalid_request', /"replace"/],
  ['options twice', 'POST', `${configure}?mode=merge`, { config }, 400, 'invalid_request', /not into the query/],
  [
    'a forced dry run',
    'POST',
    configure,
    { config, dryRun: true, force: 'x' },
    400,
    'invalid_request',
    /nothing to force/,
  ],
  ['no command', 'POST', '/api/v1/devices/leaf1/command', {}, 400, 'invalid_request', /missing key "command"/],
  [
    'a rollback to no job',
    'POST',
    '/api/v1/devices/leaf1/rollback',
    { to: 'yesterday' },
    400,
    'invalid_request',
    /body\/to/,
  ],
  [
    'a body where none is',
    'POST',
    '/api/v1/devices/leaf1/bgp',
    { vrf: 'red' },
    400,
    'invalid_request',
    /body\/vrf: unknown key/,
  ],
  ['the wrong method', 'PUT', '/api/v1/devices/leaf1', {}, 405, 'method_not_allowed', /does not take PUT/],
];

describe('a request that is wrong', () => {
  it.each(cases)('is answered with a problem document: %s', async (_what, method, url, body, status, code, detail) => {
    const reply = await api.call(method, url, body === undefined ? {} : { payload: body });
    expect(reply.headers['content-type']).toMatch('application/problem+json');
    const problem = reply.json();
    expect(problem).toMatchObject({ type: `urn:plumbline:problem:${code}`, code, status, instance: url.split('?')[0] });
    expect(problem.title).toMatch(/^[A-Z][a-z ]+$/);
    expect(problem.detail).toMatch(detail);
    expect(reply.statusCode).toBe(status);
  });

  it('names the methods that a path knows', async () => {
    const reply = await api.call('PUT', `/api/v1/jobs/${newJobId()}`);
    expect(reply.statusCode).toBe(405);
    expect(reply.headers.allow).toBe('GET, HEAD, DELETE');
  });

  it('points at each field that is wrong', async () => {
    const reply = await api.call('POST', configure, { payload: { config: 1, mode: 'x' } });
    expect(reply.json().errors).toEqual([
      { in: 'body', pointer: '/config', detail: expect.stringContaining('expected a text') },
      { in: 'body', pointer: '/mode', detail: expect.stringContaining('expected one of') },
    ]);
  });

  it('says what it takes where a text is none of several', async () => {
    const reply = await api.call('POST', '/api/v1/devices/leaf1/rollback', { payload: { to: 'zz' } });
    expect(reply.json()).toMatchObject({
      status: 400,
      detail: 'body/to: expected the id of a job or last, found another text',
    });
  });

  it.each([
    ['is no JSON', 'application/json', '{"config": ', 400, 'invalid_request'],
    ['is empty', 'application/json', '', 400, 'invalid_request'],
    ['is of a type that is not taken', 'application/xml', '<config/>', 415, 'unsupported_media_type'],
    ['is a text in another encoding', 'text/plain; charset=utf-16', 'a', 415, 'unsupported_media_type'],
    ['is JSON in another encoding', 'application/json;charset="latin1"', '{}', 415, 'unsupported_media_type'],
    ['is larger than any configuration', 'text/plain', 'x'.repeat(17 * 1024 * 1024), 413, 'too_large'],
  ])('is refused when its body %s', async (_, type, payload, status, code) => {
    const reply = await api.call('POST', configure, { payload, headers: { 'content-type': type } });
    expect(reply.json()).toMatchObject({ status, code });
    expect(reply.statusCode).toBe(status);
  });

  it('is refused when its path cannot be read', async () => {
    const reply = await api.call('GET', '/api/v1/devices/%E0%A4%A');
    expect(reply.json()).toMatchObject({ status: 400, code: 'invalid_request' });
  });
});
