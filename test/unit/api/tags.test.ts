import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from '../../../api/app.ts';
import { newJob } from '../../../core/store/jobs.ts';
import { putRecord } from '../../../core/store/records.ts';
import { storeJob } from '../../stored.ts';
import { apiForTest, appForTest, type Harness, key, stateOf } from './harness.ts';

let api: Harness;
let other: App;
const job = newJob('leaf1', 'deploy');

beforeAll(async () => {
  api = await apiForTest();
  other = await appForTest(api.store);
  await storeJob(api.store, { ...job, diff: '+x\n' });
  await putRecord(api.store.state, 'leaf1', stateOf('leaf1'));
  const runner = { runner: 'r', version: '1', host: 'h', pid: 1, devices: ['leaf1'], waiting: 0, jobs: 0 };
  await putRecord(api.store.runners, 'r', { ...runner, startedAt: new Date().toISOString() });
});
afterAll(async () => {
  await other.close();
  await api[Symbol.asyncDispose]();
});

const headers = { authorization: `Bearer ${key}` };

describe('an ETag', () => {
  it.each([
    'devices/leaf1',
    `jobs/${job.id}`,
    'runners',
    'keys',
    'session',
    'devices/leaf1/diff',
    'devices/leaf1/config',
    'devices/leaf1/bgp',
    'devices/leaf1/bgp/history',
  ])('of %s answers 304 at every instance until something but its age changes', async (path) => {
    const url = `/api/v1/${path}`;
    const first = await api.app.inject({ url, headers });
    const tag = String(first.headers.etag);
    expect(first.headers['cache-control']).toBe('private, no-cache');
    for (const at of [api.app, other]) {
      const same = await at.inject({ url, headers: { ...headers, 'if-none-match': tag } });
      expect([same.statusCode, same.body, same.headers.etag]).toEqual([304, '', tag]);
      expect(same.headers).not.toHaveProperty('content-type');
    }
    const whole = await api.app.inject({ url, headers: { ...headers, 'if-none-match': 'W/"else"' } });
    expect([whole.statusCode, whole.headers.etag]).toEqual([200, tag]);
    expect(Object.keys(whole.json())).toEqual(Object.keys(first.json()));
  });

  it('is another one once the state of the device, or its history, is', async () => {
    const tags = async () =>
      Promise.all(
        ['devices/leaf1', 'devices/leaf1/history'].map(
          async (path) => (await api.call('GET', `/api/v1/${path}`)).headers.etag,
        ),
      );
    const before = await tags();
    await putRecord(
      api.store.state,
      'leaf1',
      stateOf('leaf1', { updatedAt: new Date(Date.now() - 60_000).toISOString() }),
    );
    await storeJob(api.store, newJob('leaf1', 'rollback'));
    const after = await tags();
    expect(after[0]).not.toBe(before[0]);
    expect(after[1]).not.toBe(before[1]);
  });

  it('is given to no failure, and to nothing that is open to all', async () => {
    for (const path of ['/api/v1/devices/nope', '/health', '/api/v1/login'])
      expect((await api.call('GET', path)).headers).not.toHaveProperty('etag');
  });
});

describe('fields', () => {
  it.each([
    ['devices/leaf1', 'device,state.bgp.expected', { device: 'leaf1', state: { bgp: { expected: 2 } } }],
    [`jobs/${job.id}`, 'id,diff', { id: job.id, diff: '+x\n' }],
  ])('leave of %s what is named', async (path, fields, left) => {
    expect((await api.call('GET', `/api/v1/${path}?fields=${fields}`)).json()).toEqual(left);
    expect((await api.call('GET', `/api/v1/${path}?fields=nope`)).json()).toMatchObject({
      status: 400,
      detail: expect.stringContaining('fields: there is no field "nope"'),
    });
  });

  it('leave of each runner, and of each job in the history of a device, what is named', async () => {
    expect((await api.call('GET', '/api/v1/runners?fields=runner')).json()).toEqual({ items: [{ runner: 'r' }] });
    const history = (await api.call('GET', '/api/v1/devices/leaf1/history?fields=id')).json();
    expect(history.items).toContainEqual({ id: job.id });
  });
});
