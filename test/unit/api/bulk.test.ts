import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiForTest, type Harness, holdForTest } from './harness.ts';

let api: Harness;
beforeAll(async () => {
  api = await apiForTest();
});
afterAll(() => api[Symbol.asyncDispose]());

const bulk = (payload: object) => api.call('POST', '/api/v1/bulk', { payload });

describe('the same work on many devices', () => {
  it('is one job each, and tells how far all of them have come', async () => {
    await using _ = await holdForTest(api.store, 'leaf1', 'command', (request) => {
      expect(request).toEqual({ command: 'show clock' });
      return { result: { output: '12:00' } };
    });
    const reply = await bulk({ verb: 'command', select: 'leaf*', request: { command: 'show clock' } });
    expect(reply.statusCode).toBe(202);
    const begun = reply.json();
    expect(begun).toMatchObject({ verb: 'command', total: 2, finished: 0, outcomes: {} });
    const progress = async () => (await api.call('GET', String(reply.headers.location))).json();
    // nobody holds leaf2
    await expect.poll(progress).toMatchObject({ finished: 2, outcomes: { done: 1, no_runner: 1 } });
    const { items } = await progress();
    expect(items).toEqual([
      { device: 'leaf1', job: expect.any(String), state: 'finished', outcome: 'done' },
      { device: 'leaf2', job: expect.any(String), state: 'finished', outcome: 'no_runner' },
    ]);
    const job = (await api.call('GET', `/api/v1/jobs/${items[0].job}`)).json();
    expect(job).toMatchObject({ bulk: begun.id, author: 'key:api-key', result: { output: '12:00' } });
  });

  it('is told as another instance sees it, and of the devices alone that one sees', async () => {
    const { id } = (await bulk({ verb: 'facts', devices: ['leaf2', 'leaf1', 'leaf2'] })).json();
    const narrow = await api.as({ role: 'viewer', on: 'leaf1' });
    expect((await narrow('GET', `/api/v1/bulk/${id}`)).json()).toMatchObject({
      total: 1,
      items: [{ device: 'leaf1' }],
    });
    expect((await api.call('GET', `/api/v1/bulk/${'0'.repeat(25)}`)).json()).toMatchObject({ code: 'unknown_job' });
  });

  it('is begun on none where it may not be done on one of them, or is not said rightly', async () => {
    const narrow = await api.as({ role: 'operator', on: 'leaf1' }, { role: 'viewer' });
    const count = async () => (await api.call('GET', '/api/v1/jobs?limit=200')).json().items.length;
    const before = await count();
    const payload = { verb: 'command', select: 'leaf*', request: { command: 'show clock' } };
    expect((await narrow('POST', '/api/v1/bulk', { payload })).json()).toMatchObject({
      code: 'forbidden',
      detail: expect.stringMatching('on leaf2'),
    });
    for (const [wrong, code] of [
      [{ verb: 'facts', devices: ['leaf1', 'laef2'] }, 'unknown_device'],
      [{ verb: 'facts', select: 'platform=junos' }, 'invalid_request'],
      [{ verb: 'facts' }, 'invalid_request'],
      [{ verb: 'facts', devices: ['leaf1'], select: 'leaf1' }, 'invalid_request'],
      [{ verb: 'command', devices: ['leaf1'], request: { comand: 'x' } }, 'invalid_request'],
      [{ verb: 'configure', devices: ['leaf1'] }, 'invalid_request'],
    ] as const)
      expect((await bulk(wrong)).json()).toMatchObject({ code, detail: expect.any(String) });
    expect(await count()).toBe(before);
  });
});
