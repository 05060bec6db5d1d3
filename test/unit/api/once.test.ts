import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from '../../../api/app.ts';
import { takeClaim } from '../../../api/once/claims.ts';
import { OnceRecord } from '../../../core/access.ts';
import type { Job } from '../../../core/bus.ts';
import { fetchMessage } from '../../../core/store/intents.ts';
import { getJob, newJob } from '../../../core/store/jobs.ts';
import { sha256 } from '../../../core/store/payload.ts';
import { getRecord, putRecord } from '../../../core/store/records.ts';
import { storeJob } from '../../stored.ts';
import { apiForTest, appForTest, type Harness, holdForTest, key } from './harness.ts';

let api: Harness;
let other: App;
let keys = 0;
const freshKey = () => `key-${++keys}`;

beforeAll(async () => {
  api = await apiForTest();
  other = await appForTest(api.store);
});
afterAll(async () => {
  await other.close();
  await api[Symbol.asyncDispose]();
});

type Asked = { path?: string; payload?: object; once: string; at?: App; as?: string };
const ask = ({ path = 'devices/leaf1/facts', payload = {}, once, at = api.app, as = key }: Asked) =>
  at.inject({
    method: 'POST',
    url: `/api/v1/${path}`,
    payload,
    headers: { authorization: `Bearer ${as}`, 'idempotency-key': once },
  });
const jobsOf = async (device = 'leaf1') =>
  (await api.call('GET', `/api/v1/jobs?device=${device}&limit=200`)).json<{ items: Job[] }>().items.length;

/** What an instance left that was killed: the claim of that request, begun so long ago. */
const leftBehind = async (once: string, path: string, body: object, agoMs: number) => {
  const asked = sha256(JSON.stringify([`/api/v1/${path}`, '', body]));
  const claim = await takeClaim(api.store, 'key:api-key', once, asked);
  if ('status' in claim) throw new Error('answered already');
  const at = new Date(Date.now() - agoMs).toISOString();
  await putRecord(api.store.sessions, claim.entry, { ...claim.record, began: at, since: at });
  return claim;
};

describe('a request that is sent twice with one Idempotency-Key', () => {
  it('is done once and answered the same, at every instance', async () => {
    const taken: string[] = [];
    await using _held = await holdForTest(api.store, 'leaf1', 'facts', (_request, { id }) => {
      taken.push(id);
      return { result: { facts: { hostname: 'leaf1' } } };
    });
    const once = freshKey();
    const first = await ask({ path: 'devices/leaf1/facts?wait=60', once });
    expect(first.statusCode).toBe(200);
    for (const at of [api.app, other]) {
      const again = await ask({ path: 'devices/leaf1/facts?wait=3', once, at });
      expect([again.statusCode, again.body]).toEqual([200, first.body]);
      expect(again.headers).toMatchObject({ location: first.headers.location, 'idempotency-replayed': 'true' });
    }
    expect(taken).toEqual([first.json().id]);
    expect(first.headers).not.toHaveProperty('idempotency-replayed');
  });

  it('is done once where both instances get it at the same moment; one of them says that it is under way', async () => {
    const before = await jobsOf();
    const once = freshKey();
    const asked = [api.app, other, api.app, other].map((at) =>
      ask({ path: 'devices/leaf1/hold', payload: { reason: 'x' }, once, at }),
    );
    const replies = await Promise.all(asked);
    const done = replies.filter(({ statusCode }) => statusCode === 202);
    expect(new Set(done.map(({ body }) => body)).size).toBe(1);
    for (const reply of replies.filter((each) => !done.includes(each)))
      expect(reply.json()).toMatchObject({
        status: 409,
        code: 'conflict',
        detail: expect.stringContaining('under way'),
      });
    expect(await jobsOf()).toBe(before + 1);
  });

  it('is answered with 409 while it waits for its job', async () => {
    let end = () => {};
    const ends = new Promise<void>((resolve) => {
      end = resolve;
    });
    let take = () => {};
    const taken = new Promise<void>((resolve) => {
      take = resolve;
    });
    await using _held = await holdForTest(api.store, 'leaf1', 'test', async () => {
      take();
      await ends;
      return {};
    });
    const once = freshKey();
    const first = ask({ path: 'devices/leaf1/test?wait=30', once });
    await taken;
    const second = await ask({ path: 'devices/leaf1/test?wait=30', once, at: other });
    expect(second.json()).toMatchObject({ status: 409, code: 'conflict' });
    expect(second.headers['retry-after']).toBe('1');
    end();
    const { body } = await first;
    expect((await ask({ path: 'devices/leaf1/test', once, at: other })).body).toBe(body);
  });

  it.each([
    ['another body', { payload: { from: 'startup' } }],
    ['another path', { path: 'devices/leaf2/config' }],
  ])('is refused with %s', async (_, more) => {
    const once = freshKey();
    expect((await ask({ path: 'devices/leaf1/config', once })).statusCode).toBe(202);
    const reply = await ask({ path: 'devices/leaf1/config', once, ...more, at: other });
    expect(reply.json()).toMatchObject({
      status: 422,
      code: 'key_reused',
      hint: 'take a new key for each new request',
    });
  });

  it('is the one of its caller: another one may have chosen the same key', async () => {
    const once = freshKey();
    const first = await ask({ once });
    const reply = await (await api.as({ role: 'operator' }))('POST', '/api/v1/devices/leaf1/facts', {
      payload: {},
      headers: { 'idempotency-key': once },
    });
    expect(reply.statusCode).toBe(202);
    expect(reply.json().id).not.toBe(first.json().id);
  });

  it('may be sent again after it was refused, as nothing came of it', async () => {
    const once = freshKey();
    expect((await ask({ path: 'devices/leaf7/facts', once })).json()).toMatchObject({ code: 'unknown_device' });
    expect((await ask({ path: 'devices/leaf1/facts', once })).statusCode).toBe(202);
  });

  it('publishes a configuration, and begins work on many devices, once', async () => {
    const [text, many] = [freshKey(), freshKey()];
    const configure = { path: 'devices/leaf2/configure', payload: { config: 'hostname leaf2\n' }, once: text };
    const published = await ask(configure);
    const seq = (await fetchMessage(api.store, 'leaf2'))?.seq;
    expect((await ask({ ...configure, at: other })).body).toBe(published.body);
    expect((await fetchMessage(api.store, 'leaf2'))?.seq).toBe(seq);
    const bulk = { path: 'bulk', payload: { verb: 'facts', devices: ['leaf1', 'leaf2'] }, once: many };
    const begun = await ask(bulk);
    const before = [await jobsOf(), await jobsOf('leaf2')];
    expect((await ask({ ...bulk, at: other })).body).toBe(begun.body);
    expect([await jobsOf(), await jobsOf('leaf2')]).toEqual(before);
  });
});

describe('what an instance had begun that was killed', () => {
  it('stays its own for as long as an answer may take', async () => {
    const once = freshKey();
    await leftBehind(once, 'devices/leaf1/facts', {}, 60_000);
    expect((await ask({ once })).json()).toMatchObject({ status: 409 });
  });

  it('is answered with the job, where a runner has it', async () => {
    const once = freshKey();
    const { record } = await leftBehind(once, 'devices/leaf1/facts', {}, 100_000);
    const job: Job = { ...newJob('leaf1', 'facts', record.work), state: 'running', runner: 'runner-1' };
    await storeJob(api.store, job);
    const reply = await ask({ once, at: other });
    expect([reply.statusCode, reply.json()]).toEqual([202, job]);
    expect((await ask({ once })).body).toBe(reply.body);
  });

  it('is begun under the same id, where nobody has it', async () => {
    const once = freshKey();
    const { record } = await leftBehind(once, 'devices/leaf1/facts', {}, 100_000);
    await using _held = await holdForTest(api.store, 'leaf1', 'facts', () => ({ result: { facts: {} } }));
    await storeJob(api.store, newJob('leaf1', 'facts', record.work)); // asked of nobody before it was killed
    const reply = await ask({ path: 'devices/leaf1/facts?wait=60', once, at: other });
    expect(reply.json()).toMatchObject({ id: record.work, state: 'finished' });
  });

  it('is not published again, where it was', async () => {
    const once = freshKey();
    const body = { config: 'hostname leaf1\n' };
    const { record } = await leftBehind(once, 'devices/leaf1/configure', body, 100_000);
    await api.call('POST', '/api/v1/devices/leaf1/configure', { payload: body });
    const { publishUnder } = await import('../../../core/store/publish.ts');
    await publishUnder(api.store, newJob('leaf1', 'deploy', record.work), body.config, {});
    const seq = (await fetchMessage(api.store, 'leaf1'))?.seq;
    const reply = await ask({ path: 'devices/leaf1/configure', payload: body, once });
    expect([reply.statusCode, reply.json().id]).toEqual([202, record.work]);
    expect((await fetchMessage(api.store, 'leaf1'))?.seq).toBe(seq);
  });

  it('is gone on with on those devices of many that have no job yet', async () => {
    const once = freshKey();
    const body = { verb: 'facts', devices: ['leaf1', 'leaf2'] };
    const { record } = await leftBehind(once, 'bulk', body, 100_000);
    const job: Job = { ...newJob('leaf1', 'facts'), bulk: record.work, runner: 'r', state: 'running' };
    await storeJob(api.store, job);
    const reply = (await ask({ path: 'bulk', payload: body, once, at: other })).json();
    expect(reply).toMatchObject({ id: record.work, total: 2 });
    expect(reply.items).toMatchObject([{ job: job.id }, { device: 'leaf2' }]);
    expect(await getJob(api.store, reply.items[1].job)).toMatchObject({ bulk: record.work });
  });

  it('is not begun any more minutes later: who asks is told where to look', async () => {
    const once = freshKey();
    const { record } = await leftBehind(once, 'devices/leaf1/facts', {}, 10 * 60_000);
    const reply = (await ask({ once })).json();
    expect(reply).toMatchObject({ status: 409, hint: expect.stringContaining(`/api/v1/jobs/${record.work}`) });
  });
});

describe('an Idempotency-Key', () => {
  it('is refused where the answer is kept nowhere, and where it is none', async () => {
    const secret = await ask({ path: 'keys', payload: { name: 'n', grants: [{ role: 'viewer' }] }, once: freshKey() });
    expect(secret.json()).toMatchObject({ status: 400, detail: expect.stringContaining('takes no Idempotency-Key') });
    for (const once of ['a b', '\u{e4}', 'x'.repeat(256)])
      expect((await ask({ once })).json(), once).toMatchObject({ status: 400, code: 'invalid_request' });
  });

  it('is kept as a hash, with the answer', async () => {
    const once = freshKey();
    await ask({ once });
    const entry = `once.${sha256(JSON.stringify(['key:api-key', once]))}`;
    const record = await getRecord(api.store.sessions, OnceRecord, entry);
    expect(record?.value.answer).toMatchObject({ status: 202 });
  });
});
