import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeviceView, JobSummary } from '../../../api/http/schemas.ts';
import { newJob, newJobId } from '../../../core/store/jobs.ts';
import { putRecord } from '../../../core/store/records.ts';
import { natsForTest } from '../../nats.ts';
import { storeJob } from '../../stored.ts';
import {
  apiForTest,
  appForTest,
  entry,
  gatedStore,
  type Harness,
  type Keeps,
  keepForTest,
  key,
  stateOf,
} from './harness.ts';

let api: Harness;
let keeps: Keeps;
const hour = 3_600_000;

beforeAll(async () => {
  api = await apiForTest();
  await putRecord(api.store.inventory, 'spine1', entry('spine1'));
  await putRecord(api.store.state, 'leaf1', stateOf('leaf1'));
  keeps = await keepForTest(api.store, 'runner-1', ['leaf1']);
  for (const [device, hours] of [
    ['leaf1', 0],
    ['leaf2', 5],
    ['gone1', 30],
    ['leaf1', 50],
  ] as const) {
    const ms = Date.now() - hours * hour;
    await storeJob(api.store, { ...newJob(device, 'bgp', newJobId(ms)), createdAt: new Date(ms).toISOString() });
  }
});
afterAll(async () => {
  await keeps[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});

type Page = { items: (DeviceView & JobSummary)[]; cursor: string | null };
const get = async (path: string) => (await api.call('GET', `/api/v1/${path}`)).json<Page>();
const devicesOf = ({ items }: Page) => items.map(({ device }) => device);

describe('a list from memory', () => {
  it('holds what was written before it was asked for', async () => {
    for (const name of ['a', 'b', 'c']) {
      await putRecord(api.store.inventory, `border-${name}`, entry(`border-${name}`));
      expect(devicesOf(await get('devices'))).toContain(`border-${name}`);
      await api.store.inventory.delete(`border-${name}`);
      expect(devicesOf(await get('devices'))).not.toContain(`border-${name}`);
    }
  });

  it('is turned over page by page', async () => {
    const first = await get('devices?limit=2');
    expect([devicesOf(first), first.cursor]).toEqual([['leaf1', 'leaf2'], 'leaf2']);
    const last = await get(`devices?limit=2&cursor=${first.cursor}`);
    expect([devicesOf(last), last.cursor]).toEqual([['spine1'], null]);
  });

  it('holds the fields alone that were asked for', async () => {
    const { items } = await get('devices?fields=device,sync,state.bgp.expected,ageSeconds&select=leaf1');
    expect(items).toEqual([
      { device: 'leaf1', sync: 'in_sync', state: { bgp: { expected: 2 } }, ageSeconds: expect.any(Number) },
    ]);
    expect((await get('devices?fields=device,state.bgp&select=leaf2')).items).toEqual([
      { device: 'leaf2', state: null },
    ]);
    expect((await get('jobs?fields=kind&limit=1')).items).toEqual([{ kind: 'bgp' }]);
    expect(await get('devices?fields=device,synk')).toMatchObject({
      code: 'invalid_request',
      detail: 'fields: there is no field "synk"; did you mean "sync"?',
    });
    expect(await get('devices?fields=state.bgp.up')).toMatchObject({ detail: 'fields: state.bgp has no field "up"' });
  });

  it('is not sent again to whoever has it, until something changes', async () => {
    for (const path of ['devices', 'jobs']) {
      const reply = await api.call('GET', `/api/v1/${path}`);
      expect(Number(reply.headers.age)).toBeLessThan(20);
      const ask = () =>
        api.call('GET', `/api/v1/${path}`, { headers: { 'if-none-match': String(reply.headers.etag) } });
      const same = await ask();
      expect([same.statusCode, same.body]).toEqual([304, '']);
      await putRecord(api.store.state, 'leaf1', stateOf('leaf1', { reason: path }));
      expect((await ask()).statusCode).toBe(200);
    }
  });

  it('tells a caller apart from one who sees other devices', async () => {
    const narrow = await api.as({ role: 'viewer', on: 'leaf1' });
    const { headers } = await api.call('GET', '/api/v1/devices');
    const reply = await narrow('GET', '/api/v1/devices', { headers: { 'if-none-match': String(headers.etag) } });
    expect(devicesOf(reply.json())).toEqual(['leaf1']);
  });

  it('does not change because a lease is renewed, and does when it is gone', async () => {
    const version = async () => (await api.call('GET', '/api/v1/devices')).headers.etag;
    const before = await version();
    await keeps.take('leaf1');
    expect(await version()).toBe(before);
    await api.store.lease.delete('leaf1');
    expect((await get('devices?select=leaf1')).items).toMatchObject([{ sync: 'unknown', lease: null }]);
  });
});

describe('jobs', () => {
  it('are picked by device, also by one that the inventory no longer has', async () => {
    expect(devicesOf(await get('jobs?device=leaf1'))).toEqual(['leaf1', 'leaf1']);
    expect(devicesOf(await get('jobs?device=gone1'))).toEqual(['gone1']);
    expect((await get('jobs?device=spine1')).items).toEqual([]);
    expect(await get('jobs?device=laef1')).toMatchObject({ code: 'unknown_device' });
    const narrow = await api.as({ role: 'viewer', on: 'leaf1' });
    expect((await narrow('GET', '/api/v1/jobs?device=leaf2')).json()).toMatchObject({ code: 'unknown_device' });
  });

  it('are picked by the time since when they were asked for', async () => {
    expect(devicesOf(await get('jobs?since=6h'))).toEqual(['leaf1', 'leaf2']);
    expect(devicesOf(await get('jobs?since=2d&limit=2'))).toEqual(['leaf1', 'leaf2']);
    const day = new Date(Date.now() - 31 * hour).toISOString();
    expect(devicesOf(await get(`jobs?since=${day}`))).toEqual(['leaf1', 'leaf2', 'gone1']);
    expect(await get('jobs?since=yesterday')).toMatchObject({ code: 'invalid_request' });
  });
});

describe('an instance that reads something anew', () => {
  it('answers once it has', async () => {
    await using nats = await natsForTest();
    const { store } = nats;
    const gated = gatedStore(store);
    const app = await appForTest(gated.store, { views: { pulseMs: 50 } });
    const reads = gated.shut();
    await store.jsm.streams.delete('KV_dc1-inventory');
    await reads;
    await putRecord(store.inventory, 'leaf1', entry('leaf1'));
    const asked = app.inject({ url: '/api/v1/devices', headers: { authorization: `Bearer ${key}` } });
    const first = await Promise.race([asked, new Promise((resolve) => setTimeout(resolve, 100))]);
    expect(first).toBeUndefined();
    gated.open();
    expect(devicesOf((await asked).json())).toEqual(['leaf1']);
    await app.close();
  });
});

describe('an instance that was just started', () => {
  it('says that it is loading, and never shows a list that is not whole', async () => {
    await using nats = await natsForTest();
    await putRecord(nats.store.inventory, 'leaf1', entry('leaf1'));
    const gated = gatedStore(nats.store);
    void gated.shut();
    const app = await appForTest(gated.store, { views: { patienceMs: 0 } });
    const ask = () => app.inject({ url: '/api/v1/devices', headers: { authorization: `Bearer ${key}` } });
    const first = await ask();
    expect(first.json()).toMatchObject({ status: 503, code: 'loading', hint: expect.any(String) });
    expect(first.headers).toMatchObject({ 'retry-after': '1', 'content-type': expect.stringMatching('problem') });
    gated.open();
    await expect.poll(async () => (await ask()).statusCode).toBe(200);
    expect(devicesOf((await ask()).json())).toEqual(['leaf1']);
    await app.close();
  });
});
