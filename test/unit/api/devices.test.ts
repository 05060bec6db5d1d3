import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeviceView } from '../../../api/http/schemas.ts';
import { newJob } from '../../../core/store/jobs.ts';
import { putRecord } from '../../../core/store/records.ts';
import { storeJob } from '../../stored.ts';
import { apiForTest, entry, type Harness, type Keeps, keepForTest, stateOf } from './harness.ts';

let api: Harness;
let keeps: Keeps;
beforeAll(async () => {
  api = await apiForTest();
  await putRecord(api.store.state, 'leaf1', stateOf('leaf1'));
  keeps = await keepForTest(api.store, 'runner-1', ['leaf1']);
  await putRecord(api.store.inventory, 'spine1', {
    ...entry('spine1'),
    problem: 'intended/configs/spine1.cfg: a link',
  });
  await putRecord(api.store.state, 'spine1', stateOf('spine1'));
  await putRecord(api.store.runners, 'runner-1', {
    runner: 'runner-1',
    version: '1.2.3',
    host: 'pod-1',
    pid: 1,
    startedAt: new Date().toISOString(),
    devices: ['leaf1'],
    waiting: 0,
    jobs: 0,
  });
});
afterAll(async () => {
  await keeps[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});

describe('devices by REST', () => {
  it("are shown with a fault of the server's clock", async () => {
    const generation = { at: '2099-01-01T00:00:00.000000000Z', sha256: 'a'.repeat(64) };
    await putRecord(api.store.state, 'leaf1', stateOf('leaf1', { intent: { generation } }));
    const { reason } = (await api.call('GET', '/api/v1/devices/leaf1')).json<DeviceView>();
    expect(reason).toContain('the clock of the NATS server is ahead');
    await putRecord(api.store.state, 'leaf1', stateOf('leaf1'));
  });

  it('are shown with what the inventory, their runner and the lease say', async () => {
    const reply = await api.call('GET', '/api/v1/devices/leaf1');
    expect(reply.statusCode).toBe(200);
    expect(reply.headers['cache-control']).toBe('private, no-cache');
    expect(reply.json<DeviceView>()).toMatchObject({
      device: 'leaf1',
      host: 'leaf1.example.net',
      platform: 'frr',
      groups: ['leaves'],
      sync: 'in_sync',
      reason: '',
      lease: { runner: 'runner-1', epoch: 1 },
      state: { bgp: { established: 1, expected: 2 }, session: { state: 'connected' } },
    });
    expect(reply.json<DeviceView>().ageSeconds).toBeGreaterThanOrEqual(5);
  });

  it('are picked by a selector, and one that picks nothing is an error', async () => {
    const list = (selector: string) => api.call('GET', `/api/v1/devices?select=${encodeURIComponent(selector)}`);
    const names = ({ items }: { items: DeviceView[] }) => items.map(({ device }) => device);
    expect(names((await list('leaf*, group=leaves, !leaf1')).json())).toEqual(['leaf2']);
    const none = await list('platform=eos');
    expect(none.statusCode).toBe(400);
    expect(none.json()).toMatchObject({ code: 'invalid_request', hint: 'platform is one of frr' });
    expect((await list('laef1')).json()).toMatchObject({ code: 'unknown_device' });
  });

  it('are not known to be in sync when nobody holds them', async () => {
    expect((await api.call('GET', '/api/v1/devices/leaf2')).json()).toMatchObject({
      sync: 'unknown',
      reason: 'no runner holds it',
      lease: null,
      state: null,
      ageSeconds: null,
    });
  });

  it('are listed by name, with what is wrong with their source', async () => {
    const { items: devices } = (await api.call('GET', '/api/v1/devices')).json<{ items: DeviceView[] }>();
    expect(devices.map(({ device }) => device)).toEqual(['leaf1', 'leaf2', 'spine1']);
    expect(devices[2]).toMatchObject({
      sync: 'unknown',
      reason: 'no runner holds it; intended/configs/spine1.cfg: a link',
    });
  });
});

describe('runners by REST', () => {
  it('are shown with what they hold', async () => {
    expect((await api.call('GET', '/api/v1/runners')).json()).toMatchObject({
      items: [{ runner: 'runner-1', devices: ['leaf1'], host: 'pod-1' }],
    });
  });
});

describe('figures for Prometheus', () => {
  const figures = async () => {
    const reply = await api.call('GET', '/metrics');
    expect(reply.headers['content-type']).toMatch('text/plain');
    return reply.body.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  };

  it('tell devices, BGP sessions, sessions, runners and the age of intents', async () => {
    const lines = await figures();
    expect(lines).toContain('plumb_devices{sync="in_sync"} 1');
    expect(lines).toContain('plumb_devices{sync="unknown"} 2');
    expect(lines).toContain('plumb_devices{sync="out_of_sync"} 0');
    expect(lines).toContain('plumb_bgp_sessions_established{device="leaf1"} 1');
    expect(lines).toContain('plumb_bgp_sessions_expected{device="leaf1"} 2');
    expect(lines).toContain('plumb_device_session_up{device="leaf1"} 1');
    expect(lines).toContain('plumb_device_session_up{device="leaf2"} 0');
    expect(lines).toContain('plumb_runners 1');
    const age = lines.find((line) => line.startsWith('plumb_intent_age_seconds{device="leaf1"}'));
    expect(Number(age?.split(' ')[1])).toBeGreaterThanOrEqual(5);
  });

  it('give no BGP figure of a device that nobody looks at', async () => {
    expect((await figures()).join('\n')).not.toContain('plumb_bgp_sessions_established{device="spine1"}');
  });

  it('count each job that ends, once', async () => {
    const done = { ...newJob('leaf1', 'deploy'), state: 'finished' as const, outcome: { kind: 'applied' as const } };
    await storeJob(api.store, done);
    await storeJob(api.store, done);
    await storeJob(api.store, {
      ...newJob('leaf1', 'deploy'),
      state: 'finished',
      outcome: { kind: 'failed', code: 'rejected', detail: 'x' },
    });
    const counted = async () => (await figures()).filter((line) => line.startsWith('plumb_jobs_finished_total'));
    await expect.poll(counted, { timeout: 10_000 }).toHaveLength(2);
    expect(await counted()).toEqual([
      'plumb_jobs_finished_total{kind="deploy",outcome="applied"} 1',
      'plumb_jobs_finished_total{kind="deploy",outcome="rejected"} 1',
    ]);
  });

  it('need no key where the configuration says so', async () => {
    await using open = await apiForTest({ metrics: 'open' });
    expect((await open.app.inject({ url: '/metrics' })).statusCode).toBe(200);
    expect((await open.app.inject({ url: '/api/v1/devices' })).statusCode).toBe(401);
  });
});
