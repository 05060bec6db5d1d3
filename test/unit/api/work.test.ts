import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Job } from '../../../core/bus.ts';
import { fetchIntent } from '../../../core/store/intents.ts';
import { watchJob } from '../../../core/store/job-watch.ts';
import { getJob } from '../../../core/store/jobs.ts';
import { storeJob } from '../../stored.ts';
import { apiForTest, type Harness, holdForTest } from './harness.ts';

let api: Harness;
beforeAll(async () => {
  api = await apiForTest();
});
afterAll(() => api[Symbol.asyncDispose]());

const text = 'hostname leaf1\n!\n';
const configure = '/api/v1/devices/leaf1/configure';

/** The job as it ends. */
const ended = async (id: string): Promise<Job> => {
  let last: Job | undefined;
  for await (const job of watchJob(api.store, id, AbortSignal.timeout(60_000))) last = job;
  if (!last) throw new Error(`no record of job ${id}`);
  return last;
};

describe('a body that is not UTF-8', () => {
  it.each([
    ['text/plain', 'hostname leaf1\nbanner caf\xe9\n', 2],
    ['application/json', '{"config": "banner caf\xe9"}', 1],
  ])('is refused as %s: nothing takes the place of its bytes', async (type, body, line) => {
    const payload = Buffer.from(body, 'latin1');
    const reply = await api.call('POST', configure, { payload, headers: { 'content-type': type } });
    expect(reply.statusCode).toBe(400);
    expect(reply.json()).toMatchObject({ detail: expect.stringContaining(`not valid UTF-8 in line ${line}`) });
    expect(await fetchIntent(api.store, 'leaf1')).toBeUndefined();
  });
});

describe('POST configure', () => {
  it('publishes the text as a hand-made intent under a job that can be seen at once', async () => {
    const reply = await api.call('POST', configure, {
      payload: {
        config: text,
        mode: 'replace',
        confirmSeconds: 90,
        commit: 'abc123',
        force: 'a drill',
      },
    });
    expect(reply.statusCode).toBe(202);
    const job = reply.json<Job>();
    expect(reply.headers.location).toBe(`/api/v1/jobs/${job.id}`);
    expect(job).toMatchObject({
      device: 'leaf1',
      kind: 'deploy',
      state: 'queued',
      author: 'key:api-key',
      forced: 'a drill',
    });
    expect((await api.call('GET', `/api/v1/jobs/${job.id}`)).json()).toEqual(job);
    expect(await getJob(api.store, job.id, 'leaf1')).toEqual(job);
    const intent = await fetchIntent(api.store, 'leaf1');
    expect(Buffer.from(intent?.body ?? []).toString()).toBe(text);
    expect(intent?.meta).toMatchObject({
      job: job.id,
      mode: 'replace',
      confirmSeconds: 90,
      commit: 'abc123',
      author: 'key:api-key',
      force: 'a drill',
    });
  });

  it('takes the bare text as well, with the options in the query', async () => {
    const reply = await api.call('POST', `${configure}?mode=merge`, {
      payload: 'ntp server 192.0.2.1\n',
      headers: { 'content-type': 'text/plain; charset=utf-8' },
    });
    expect(reply.statusCode).toBe(202);
    const intent = await fetchIntent(api.store, 'leaf1');
    expect(Buffer.from(intent?.body ?? []).toString()).toBe('ntp server 192.0.2.1\n');
    expect(intent?.meta).toMatchObject({ job: reply.json<Job>().id, mode: 'merge', author: 'key:api-key' });
  });

  it('takes a configuration larger than a message of NATS', async () => {
    const lines = Array.from(
      { length: 60_000 },
      (_, at) => `ip route 10.${at >> 8}.${at & 255}.0/24 Null0 ${Math.random()}`,
    );
    const large = lines.join('\n');
    expect(large.length).toBeGreaterThan(2 * 1024 * 1024);
    const reply = await api.call('POST', '/api/v1/devices/leaf2/configure', { payload: { config: large } });
    expect(reply.statusCode).toBe(202);
    expect((await fetchIntent(api.store, 'leaf2'))?.body.length).toBe(large.length);
  });

  it('waits for the job where it is asked to', async () => {
    const asked = api.call('POST', `${configure}?wait=60`, { payload: { config: 'hostname leaf1\nlog x\n' } });
    for await (const job of watchJob(api.store, '*', AbortSignal.timeout(60_000), 'leaf1')) {
      const now = new Date().toISOString();
      await storeJob(api.store, { ...job, state: 'finished', outcome: { kind: 'applied' }, updatedAt: now });
      break;
    }
    const reply = await asked;
    expect(reply.statusCode).toBe(200);
    expect(reply.json()).toMatchObject({ state: 'finished', outcome: { kind: 'applied' } });
  });

  it('answers with the job as it is when that takes longer', async () => {
    const reply = await api.call('POST', `${configure}?wait=1`, { payload: { config: text } });
    expect(reply.statusCode).toBe(202);
    expect(reply.json()).toMatchObject({ state: 'queued' });
  });

  it('answers at once when the diff waits for an approval, which no wait brings', async () => {
    const asked = api.call('POST', `${configure}?wait=60`, { payload: { config: text } });
    for await (const job of watchJob(api.store, '*', AbortSignal.timeout(60_000), 'leaf1')) {
      await storeJob(api.store, { ...job, state: 'awaiting', updatedAt: new Date().toISOString() });
      break;
    }
    const reply = await asked;
    expect(reply.statusCode).toBe(202);
    expect(reply.json()).toMatchObject({ state: 'awaiting' });
  });

  it('asks for the diff of a dry run, and leaves the newest intent as it is', async () => {
    const before = await fetchIntent(api.store, 'leaf1');
    await using _ = await holdForTest(api.store, 'leaf1', 'diff', (request) => {
      expect(request).toEqual({ config: 'hostname new\n', mode: 'merge' });
      return { outcome: { kind: 'previewed' }, result: { diff: '+hostname new' } };
    });
    const payload = { config: 'hostname new\n', mode: 'merge', dryRun: true };
    const reply = await api.call('POST', `${configure}?wait=60`, { payload });
    expect(reply.statusCode).toBe(200);
    expect(reply.json()).toMatchObject({ kind: 'diff', dryRun: true, outcome: { kind: 'previewed' } });
    expect((await fetchIntent(api.store, 'leaf1'))?.seq).toBe(before?.seq);
  });

  it('says that a dry run is too large for a message', async () => {
    const payload = { config: 'x\n'.repeat(600_000), dryRun: true };
    const reply = await api.call('POST', configure, { payload });
    expect(reply.json()).toMatchObject({ status: 413, code: 'too_large' });
  });
});

describe('POST command, the reads, test and rollback', () => {
  it.each([
    ['command', { command: 'show version' }, { output: 'FRRouting 8.4.4' }],
    ['bgp', undefined, { bgp: { global: { router_id: null, peers: {} } } }],
    ['bgp-detail', undefined, { 'bgp-detail': { global: {} } }],
    ['facts', {}, { facts: { hostname: 'leaf1' } }],
    ['interfaces-ip', undefined, { 'interfaces-ip': { lo: {} } }],
    ['diff', undefined, { diff: '+mtu 9214' }],
    ['test', {}, { ok: true, checks: [] }],
    ['rollback', undefined, undefined],
  ] as const)('%s is done by the runner under the job that was answered', async (verb, payload, result) => {
    await using _ = await holdForTest(api.store, 'leaf1', verb, (request) => {
      expect(request).toEqual(payload ?? {});
      return result ? { result } : {};
    });
    const reply = await api.call('POST', `/api/v1/devices/leaf1/${verb}`, payload ? { payload } : {});
    expect(reply.statusCode).toBe(202);
    const job = reply.json<Job>();
    expect(job).toMatchObject({ kind: verb, state: 'queued', device: 'leaf1', author: 'key:api-key' });
    expect(reply.headers.location).toBe(`/api/v1/jobs/${job.id}`);
    const last = await ended(job.id);
    expect(last).toMatchObject({ state: 'finished', outcome: { kind: 'done' }, ...(result ? { result } : {}) });
    expect((await api.call('GET', `/api/v1/jobs/${job.id}`)).json()).toEqual(last);
  });

  it('a command in plain text is a command', async () => {
    await using _ = await holdForTest(api.store, 'leaf1', 'command', (request) => ({ result: request }));
    const reply = await api.call('POST', '/api/v1/devices/leaf1/command?wait=60', {
      payload: 'show clock\n', // as curl sends a file
      headers: { 'content-type': 'text/plain' },
    });
    expect(reply.statusCode).toBe(200);
    expect(reply.json()).toMatchObject({ result: { command: 'show clock' } });
  });

  it('the job ends with `no_runner` where nobody holds the device', async () => {
    const reply = await api.call('POST', '/api/v1/devices/leaf2/bgp?wait=60');
    expect(reply.statusCode).toBe(200);
    expect(reply.json()).toMatchObject({
      state: 'finished',
      outcome: { kind: 'failed', code: 'no_runner', detail: expect.stringContaining('leaf2: no runner holds it') },
    });
    expect(reply.json<Job>().steps.map(({ step }) => step)).toEqual(['queued', 'finished']);
  });

  it('the job keeps what the runner recorded of a failure', async () => {
    await using _ = await holdForTest(api.store, 'leaf1', 'command', () => ({
      outcome: { kind: 'failed', code: 'rejected', detail: 'leaf1: % Unknown command' },
    }));
    const reply = await api.call('POST', '/api/v1/devices/leaf1/command?wait=60', { payload: { command: 'shw' } });
    expect(reply.json()).toMatchObject({ outcome: { code: 'rejected', detail: 'leaf1: % Unknown command' } });
  });
});
