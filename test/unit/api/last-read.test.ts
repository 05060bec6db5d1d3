import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Job } from '../../../core/bus.ts';
import { publishIntent } from '../../../core/store/intents.ts';
import { newJob, newJobId } from '../../../core/store/jobs.ts';
import { quietMs } from '../../../core/store/leases/holders.ts';
import { putRecord } from '../../../core/store/records.ts';
import { natsForTest } from '../../nats.ts';
import { storeJob } from '../../stored.ts';
import { apiForTest, appForTest, gatedStore, type Harness, stateOf } from './harness.ts';

let api: Harness;
let made = 0;

/** A finished job; each one is newer than the one before. */
const ended = async (kind: Job['kind'], more: Partial<Job> = {}): Promise<Job> => {
  made += 1;
  const job: Job = {
    ...newJob('leaf1', kind, newJobId(Date.now() - 100_000 + made)),
    state: 'finished',
    outcome: { kind: 'done' },
    finishedAt: new Date(Date.now() - 30_000).toISOString(),
    ...more,
  };
  await storeJob(api.store, job);
  return job;
};
const get = async (path: string) => (await api.call('GET', `/api/v1/devices/leaf1/${path}`)).json();

beforeAll(async () => {
  api = await apiForTest();
});
afterAll(() => api[Symbol.asyncDispose]());

describe('what was read last of a device', () => {
  it.each(['config', 'diff', 'bgp'])('is nothing until somebody asks for its %s, and says how', async (kind) => {
    const reply = await api.call('GET', `/api/v1/devices/leaf2/${kind}`);
    expect(reply.statusCode).toBe(200);
    const hint = `not read within the last 30 days: POST /api/v1/devices/leaf2/${kind} reads it now`;
    expect(reply.json()).toMatchObject({ device: 'leaf2', job: null, at: null, ageSeconds: null, [kind]: null, hint });
  });

  it('is its configuration, of the place that is asked for', async () => {
    const startup = await ended('config', { request: { from: 'startup' }, result: { config: 'hostname before\n' } });
    const running = await ended('config', { request: {}, result: { config: 'hostname leaf1\n' } });
    await ended('config', { request: { saved: running.id }, result: { config: 'hostname saved\n' } });
    await ended('config', { outcome: { kind: 'failed', code: 'unreachable', detail: 'leaf1: no way' } });
    const found = await get('config');
    expect(found).toMatchObject({ device: 'leaf1', what: 'running', config: 'hostname leaf1\n', job: running.id });
    expect(found.ageSeconds).toBeGreaterThanOrEqual(30);
    expect(await get('config?what=startup')).toMatchObject({ config: 'hostname before\n', job: startup.id });
    expect(await get('config?what=saved')).toMatchObject({ code: 'invalid_request' });
  });

  it('is what is intended, its secrets masked', async () => {
    expect(await get('config?what=intended')).toMatchObject({ code: 'not_found', hint: expect.any(String) });
    const text = 'hostname leaf1\nrouter bgp 65001\n neighbor 10.0.0.1 password Geheim123\n';
    const { sha256: hash } = await publishIntent(api.store, 'leaf1', text, { fromSource: true });
    const found = await get('config?what=intended');
    expect(found).toMatchObject({ what: 'intended', job: null, sha256: hash, ageSeconds: expect.any(Number) });
    expect(found.config).toMatch('neighbor 10.0.0.1 password ');
    expect(found.config).not.toMatch('Geheim123');
  });

  it('is the difference to the intent, neither that to a text of somebody nor of what the device has kept', async () => {
    const { id } = await ended('diff', { request: {}, outcome: { kind: 'previewed' }, result: { diff: '-a\n+b\n' } });
    await ended('diff', { request: { config: 'x' }, outcome: { kind: 'previewed' }, result: { diff: '-all\n' } });
    await ended('diff', { request: { to: id }, outcome: { kind: 'previewed' }, result: { diff: '-back\n' } });
    const two = { before: id, after: 'running' };
    await ended('diff', { request: two, outcome: { kind: 'previewed' }, result: { diff: '-two\n' } });
    expect(await get('diff')).toMatchObject({ device: 'leaf1', diff: '-a\n+b\n', job: id });
  });

  it('are its BGP sessions, which are unknown once nobody can ask it', async () => {
    const bgp = { global: { peers: {} } };
    await ended('bgp', { request: {}, result: { bgp } });
    expect(await get('bgp')).toMatchObject({ bgp, known: false, reason: 'no runner holds it' });
    await putRecord(api.store.lease, 'leaf1', { runner: 'r', epoch: 1 });
    await putRecord(api.store.state, 'leaf1', stateOf('leaf1'));
    expect(await get('bgp')).toMatchObject({ known: true, reason: '' });
    await putRecord(api.store.lease, 'runner.r', { n: 1, at: new Date().toISOString() });
    expect(await get('bgp')).toMatchObject({ known: true, reason: '' });
    const now = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + quietMs);
    expect(await get('bgp')).toMatchObject({ known: false, reason: 'its runner r missed its last two heartbeats' });
    now.mockRestore();
    await api.store.lease.delete('runner.r');
    const session = {
      state: 'disconnected' as const,
      error: 'connect: no route to host',
      at: new Date().toISOString(),
    };
    await putRecord(api.store.state, 'leaf1', stateOf('leaf1', { session }));
    expect(await get('bgp')).toMatchObject({ bgp, known: false, reason: 'connect: no route to host' });
  });

  it('is told of a device that the inventory has, and of no other', async () => {
    for (const path of ['config', 'diff', 'bgp', 'bgp/history', 'history'])
      expect((await api.call('GET', `/api/v1/devices/laef1/${path}`)).json()).toMatchObject({ code: 'unknown_device' });
  });
});

describe('the history of a device', () => {
  it('holds what changed it or tried to, page by page', async () => {
    const applied = await ended('deploy', { outcome: { kind: 'applied' } });
    const same = await ended('deploy', { outcome: { kind: 'unchanged' } });
    await ended('deploy', { outcome: { kind: 'previewed' }, dryRun: true });
    await ended('facts');
    const command = await ended('command', { change: 'clear the counters' });
    const ids = ({ items }: { items: Job[] }) => items.map(({ id }) => id);
    expect(ids(await get('history'))).toEqual([command.id, applied.id]);
    expect(ids(await get('history?all=true'))).toEqual([command.id, same.id, applied.id]);
    const first = await get('history?limit=1');
    expect(first.cursor).toBe(command.id);
    expect(ids(await get(`history?limit=1&cursor=${first.cursor}`))).toEqual([applied.id]);
  });
});

describe('an instance', () => {
  it('is ready once it has read all, and needs no key to say so', async () => {
    await using nats = await natsForTest();
    const gated = gatedStore(nats.store);
    void gated.shut();
    const app = await appForTest(gated.store, { views: { patienceMs: 0 } });
    expect((await app.inject({ url: '/ready' })).json()).toMatchObject({ status: 503, code: 'loading' });
    gated.open();
    const ready = async () => (await app.inject({ url: '/ready' })).json();
    await expect.poll(ready).toEqual({ status: 'ready' });
    await app.close();
  });
});
