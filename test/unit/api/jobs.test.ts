import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { headers, type Job, subjects } from '../../../core/bus.ts';
import { getJob, newJob, newJobId } from '../../../core/store/jobs.ts';
import { storeJob } from '../../stored.ts';
import { apiForTest, type Harness, holdForTest } from './harness.ts';

let api: Harness;
const made: Job[] = [];

beforeAll(async () => {
  api = await apiForTest();
  for (let at = 0; at < 7; at++) {
    const job: Job = {
      ...newJob(at % 2 ? 'leaf1' : 'leaf2', at < 5 ? 'deploy' : 'bgp', newJobId(Date.now() + at)),
      diff: '-old\n+new\n',
    };
    if (at < 3) Object.assign(job, { state: 'finished', outcome: { kind: 'applied' } });
    made.unshift(job);
    await storeJob(api.store, job);
  }
});
afterAll(() => api[Symbol.asyncDispose]());

const list = async (query: string) =>
  (await api.call('GET', `/api/v1/jobs${query}`)).json<{ items: Job[]; cursor: string | null }>();
const ids = (jobs: readonly Job[]) => jobs.map(({ id }) => id);

describe('jobs by REST', () => {
  it('are listed newest first, without their diffs', async () => {
    const { items: jobs, cursor } = await list('');
    expect(ids(jobs)).toEqual(ids(made));
    expect(cursor).toBeNull();
    expect(jobs[0]).not.toHaveProperty('diff');
    expect(jobs[0]).not.toHaveProperty('steps');
  });

  it('are turned over page by page, each seen once', async () => {
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page = await list(`?limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`);
      expect(page.items.length).toBeLessThanOrEqual(3);
      seen.push(...ids(page.items));
      ({ cursor } = page);
    }
    expect(seen).toEqual(ids(made));
  });

  it('are picked by a selector of devices, kind and state', async () => {
    const picked = await list('?select=host%3Dleaf2.*&kind=deploy&state=finished');
    expect(ids(picked.items)).toEqual(
      ids(made.filter(({ device, kind, state }) => device === 'leaf2' && kind === 'deploy' && state === 'finished')),
    );
    expect(picked.items.length).toBe(2);
  });

  it('show everything one by one', async () => {
    const [job] = made;
    expect((await api.call('GET', `/api/v1/jobs/${job?.id}`)).json()).toEqual(job);
  });

  it('are not taken for one another where one id was given by hand to several: nothing is told of any, or done to it', async () => {
    const id = newJobId(0); // older than all that is listed above
    const waiting = ['leaf1', 'leaf2'].map((device) => ({
      ...newJob(device, 'deploy', id),
      state: 'awaiting' as const,
    }));
    for (const job of waiting) await storeJob(api.store, job);
    const asked: string[] = [];
    const bystander = api.store.nc.subscribe('dc1.*.*', { callback: (_, { subject }) => void asked.push(subject) });
    const looked = { payload: { intent: 'a'.repeat(64), running: 'b'.repeat(64) } };
    const narrow = await api.as({ role: 'viewer', on: 'leaf1' });
    const replies = [
      await api.call('GET', `/api/v1/jobs/${id}`),
      await api.call('POST', `/api/v1/jobs/${id}/approve`, looked),
      await api.call('DELETE', `/api/v1/jobs/${id}`),
      await narrow('GET', `/api/v1/jobs/${id}`),
    ];
    await api.store.nc.flush();
    bystander.unsubscribe();
    expect(replies.map((reply) => reply.json().code)).toEqual(Array(4).fill('conflict'));
    expect(asked.filter((subject) => /approve|cancel/.test(subject))).toEqual([]);
    for (const job of waiting) expect(await getJob(api.store, id, job.device)).toEqual(job);
  });
});

describe('DELETE of a job', () => {
  it('asks its runner to cancel it', async () => {
    const job = newJob('leaf1', 'deploy');
    await storeJob(api.store, job);
    await using _ = await holdForTest(api.store, 'leaf1', 'cancel', async (request) => {
      expect(request).toEqual({ job: job.id });
      const outcome = { kind: 'failed', code: 'cancelled', detail: 'leaf1: cancelled' } as const;
      await storeJob(api.store, { ...job, state: 'finished', outcome, updatedAt: new Date().toISOString() });
      return {};
    });
    const reply = await api.call('DELETE', `/api/v1/jobs/${job.id}?wait=60`);
    expect(reply.statusCode).toBe(200);
    expect(reply.headers.location).toBe(`/api/v1/jobs/${job.id}`);
    expect(reply.json()).toMatchObject({ id: job.id, outcome: { code: 'cancelled' } });
  });

  it('says that it is finished already', async () => {
    const finished = made.find(({ state }) => state === 'finished');
    const reply = await api.call('DELETE', `/api/v1/jobs/${finished?.id}`);
    expect(reply.json()).toMatchObject({ status: 409, code: 'conflict' });
  });

  it('is cancelled as well by a client that names a content type and sends none', async () => {
    const [finished] = made.filter(({ state }) => state === 'finished');
    const typed = { headers: { 'content-type': 'application/json' } };
    const reply = await api.call('DELETE', `/api/v1/jobs/${finished?.id}`, typed);
    expect(reply.json()).toMatchObject({ code: 'conflict' });
  });

  it('says that nobody is there to cancel it, and leaves it', async () => {
    const job = newJob('leaf2', 'deploy');
    await storeJob(api.store, job);
    const reply = await api.call('DELETE', `/api/v1/jobs/${job.id}`);
    expect(reply.json()).toMatchObject({ status: 503, code: 'no_runner', hint: expect.any(String) });
    expect(await getJob(api.store, job.id)).toEqual(job);
  });
});

describe('POST approve', () => {
  const generation = { at: new Date().toISOString(), sha256: 'a'.repeat(64) };
  const awaiting: Job = { ...newJob('leaf1', 'deploy'), state: 'awaiting', generation, runningSha256: 'b'.repeat(64) };

  const seen = { intent: 'a'.repeat(64), running: 'c'.repeat(64) };

  it('names what was looked at, and who says so', async () => {
    const { id } = newJob('leaf1', 'deploy');
    await storeJob(api.store, { ...awaiting, id });
    let author: string | undefined;
    const subscription = api.store.nc.subscribe(subjects.request(api.store.site, 'leaf1', 'approve'), {
      callback: (_error, message) => {
        author = message.headers?.get(headers.author);
        expect(message.json()).toEqual({ job: id, ...seen });
        message.respond('{}');
      },
    });
    try {
      const reply = await api.call('POST', `/api/v1/jobs/${id}/approve`, { payload: seen });
      expect(reply.json()).toMatchObject({ id, state: 'awaiting' });
      expect(author).toBe('key:api-key');
    } finally {
      subscription.unsubscribe();
    }
  });

  it.each([
    ['nothing', undefined],
    ['the intent alone', { intent: seen.intent }],
    ['the running configuration alone', { running: seen.running }],
    ['something that is no hash', { ...seen, intent: 'latest' }],
  ])('is refused where %s says what was looked at', async (_, payload) => {
    const { id } = newJob('leaf1', 'deploy');
    await storeJob(api.store, { ...awaiting, id });
    const asked: unknown[] = [];
    const subscription = api.store.nc.subscribe(subjects.request(api.store.site, 'leaf1', 'approve'), {
      callback: (_error, message) => void asked.push(message.json()),
    });
    const reply = await api.call('POST', `/api/v1/jobs/${id}/approve`, payload ? { payload } : {});
    expect(reply.json()).toMatchObject({ status: 400, code: 'invalid_request' });
    await api.store.nc.flush();
    subscription.unsubscribe();
    expect(asked).toEqual([]);
  });

  it('is refused where nothing waits, by what the job does instead', async () => {
    const finished = made.find(({ state }) => state === 'finished');
    const reply = await api.call('POST', `/api/v1/jobs/${finished?.id}/approve`, { payload: seen });
    expect(reply.json()).toMatchObject({ status: 409, code: 'conflict', detail: expect.stringContaining('finished') });
  });
});
