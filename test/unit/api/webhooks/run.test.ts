import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from '../../../../api/app.ts';
import type { Hook } from '../../../../api/webhooks/hooks.ts';
import type { HookPace } from '../../../../api/webhooks/run.ts';
import type { Job } from '../../../../core/bus.ts';
import type { CloudEvent } from '../../../../core/config/webhooks.ts';
import { newJob } from '../../../../core/store/jobs.ts';
import { putRecord } from '../../../../core/store/records.ts';
import type { Store } from '../../../../core/store/store.ts';
import { natsForTest } from '../../../nats.ts';
import { storeJob } from '../../../stored.ts';
import { appForTest, entry, type Keeps, keepForTest, key, stateOf } from '../harness.ts';
import { hook, type Received, receiver } from './receiver.ts';

let nats: Awaited<ReturnType<typeof natsForTest>>;
let store: Store;
let keeps: Keeps;
beforeAll(async () => {
  nats = await natsForTest();
  store = nats.store;
  for (const device of ['leaf1', 'leaf2']) {
    await putRecord(store.inventory, device, entry(device));
    await putRecord(store.state, device, stateOf(device));
  }
  keeps = await keepForTest(store, 'r', ['leaf1', 'leaf2']);
});
afterAll(async () => {
  await keeps[Symbol.asyncDispose]();
  await nats[Symbol.asyncDispose]();
});

const headers = { authorization: `Bearer ${key}` };
const open = async (webhooks: readonly Hook[], hookPace: HookPace = {}): Promise<App & AsyncDisposable> => {
  const pace = { everyMs: 20, settleMs: 100, back: [10, 10], ...hookPace };
  const app = await appForTest(store, { webhooks, hookPace: pace });
  await told();
  return Object.assign(app, { [Symbol.asyncDispose]: () => app.close().then(() => {}) });
};
/** Until some instance leads and has noted from where on events are told, and each device's sync. */
const told = async () => {
  await expect.poll(async () => (await store.api.get('hooks.sync.leaf2'))?.operation).toBe('PUT');
  await expect.poll(async () => (await store.api.get('hooks.told'))?.operation).toBe('PUT');
};
const eventOf = ({ body }: Received): CloudEvent => JSON.parse(body);
const ended = async (more: Partial<Job> = {}, job = newJob('leaf1', 'deploy')): Promise<Job> => {
  const done: Job = { ...job, state: 'finished', outcome: { kind: 'applied' }, ...more };
  await storeJob(store, done);
  return done;
};
const list = async (app: App, state: string) =>
  (await app.inject({ url: `/api/v1/webhooks/deliveries?state=${state}`, headers })).json().items;

describe('a webhook', () => {
  it('is told of a job that waits and how it ended, signed and in the form of CloudEvents 1.0', async () => {
    await using heard = await receiver();
    const secret = 'whsec_c2VjcmV0LW9mLXRoZS10ZXN0cy0wMTIzNDU2Nzg5';
    await using _app = await open([hook('noc', `${heard.url}/in`, { secret: { env: 'S' } }, { S: secret })]);
    const job = newJob('leaf1', 'deploy');
    await storeJob(store, { ...job, state: 'awaiting' });
    await heard.count(1);
    await ended({ outcome: { kind: 'failed', code: 'check_failed', detail: 'no route' } }, job);
    await heard.count(2);
    const [first, second] = heard.got as [Received, Received];
    expect(eventOf(first)).toMatchObject({
      specversion: '1.0',
      id: `${job.id}-awaiting`,
      source: 'urn:plumbline:dc1',
      type: 'plumbline.job.awaiting',
      subject: 'leaf1',
      datacontenttype: 'application/json',
      data: { id: job.id, state: 'awaiting' },
    });
    expect(eventOf(second)).toMatchObject({
      type: 'plumbline.job.failed',
      data: { outcome: { code: 'check_failed' } },
    });
    expect(second).toMatchObject({ path: '/in', headers: { 'content-type': 'application/cloudevents+json' } });
    const at = second.headers['webhook-timestamp'];
    expect(Math.abs(Date.now() / 1000 - Number(at))).toBeLessThan(60);
    const signed = `${second.headers['webhook-id']}.${at}.${second.body}`;
    const mac = createHmac('sha256', Buffer.from('secret-of-the-tests-0123456789')).update(signed).digest('base64');
    expect(second.headers['webhook-signature']).toBe(`v1,${mac}`);
  });

  it('is told of the events and devices alone that it names', async () => {
    await using heard = await receiver();
    await using failed = await receiver();
    await using _app = await open([
      hook('leaf2', heard.url, { select: 'leaf2' }),
      hook('failed', failed.url, { events: ['job.failed'] }),
    ]);
    await ended();
    await storeJob(store, { ...newJob('leaf2', 'bgp'), state: 'finished', outcome: { kind: 'done' } });
    const fault = await ended({ outcome: { kind: 'failed', code: 'unreachable', detail: 'x' } });
    const mine = await ended({}, newJob('leaf2', 'rollback'));
    await Promise.all([heard.count(1), failed.count(1)]);
    expect(heard.got.map((each) => eventOf(each).id)).toEqual([`${mine.id}-done`]);
    expect(failed.got.map((each) => eventOf(each).id)).toEqual([`${fault.id}-failed`]);
  });

  it("is told of a device's sync once it lasts", async () => {
    await using heard = await receiver();
    await using _app = await open([hook('sync', heard.url, { events: ['device.sync'], select: 'leaf1' })]);
    await putRecord(store.state, 'leaf1', stateOf('leaf1', { sync: 'deploying' }));
    await putRecord(store.state, 'leaf1', stateOf('leaf1', { sync: 'out_of_sync', reason: 'drift' }));
    await heard.count(1);
    const data = { device: 'leaf1', sync: 'out_of_sync', before: 'in_sync', reason: 'drift' };
    expect(eventOf(heard.got[0] as Received)).toMatchObject({ type: 'plumbline.device.sync', data });
    await putRecord(store.state, 'leaf1', stateOf('leaf1'));
    await heard.count(2);
    expect(eventOf(heard.got[1] as Received).data).toMatchObject({ sync: 'in_sync', before: 'out_of_sync' });
  });

  it('is tried again, and becomes a dead letter that can be sent again', async () => {
    const log = { status: 500 };
    await using heard = await receiver(() => log.status);
    await using app = await open([hook('down', heard.url, { events: ['job.done'] })]);
    const job = await ended();
    await heard.count(3);
    await expect.poll(() => list(app, 'dead')).toHaveLength(1);
    const [dead] = await list(app, 'dead');
    expect(dead).toMatchObject({ id: `down.${job.id}-done`, tries: 3, next: null, last: { said: 'HTTP 500' } });
    expect(new Set(heard.got.map(({ body }) => body)).size).toBe(1);
    log.status = 200;
    const again = { method: 'POST', url: '/api/v1/webhooks/resend', headers, payload: { id: dead.id } } as const;
    expect((await app.inject(again)).statusCode).toBe(202);
    await heard.count(4);
    expect((await app.inject({ ...again, payload: { id: 'down.none' } })).json()).toMatchObject({ status: 400 });
    const told = async () =>
      (await app.inject({ url: '/api/v1/webhooks', headers }))
        .json()
        .items.filter(({ name }: { name: string }) => name === 'down');
    const sent = { host: new URL(heard.url).host, dead: 0, waiting: 0, sent: 1 };
    await expect.poll(told).toMatchObject([sent]); // it has come before that is written down
  });

  it.each([
    ['refuses it', 400, 'HTTP 400'],
    ['sends it elsewhere', 302, 'HTTP 302: redirects are not followed'],
  ])('is not tried again where the receiver %s', async (_, status, said) => {
    await using heard = await receiver(() => status);
    await using app = await open([hook(`no${status}`, heard.url, { events: ['job.done'] })]);
    await ended();
    await expect
      .poll(async () => (await list(app, 'dead')).filter(({ hook: of }: { hook: string }) => of === `no${status}`))
      .toMatchObject([{ tries: 1, last: { said } }]);
    expect(heard.got).toHaveLength(1);
  });

  it('keeps no other one waiting while it is down', async () => {
    await using heard = await receiver();
    const events = { events: ['job.done' as const] };
    await using _app = await open([hook('gone', 'http://127.0.0.1:1', events), hook('there', heard.url, events)], {
      back: [60_000],
    });
    for (let made = 0; made < 6; made += 1) await ended();
    await heard.count(6);
  });
});

describe('of several instances', () => {
  it('one sends each event, and another one goes on where it stopped', async () => {
    await using heard = await receiver();
    const hooks = [hook('once', heard.url, { events: ['job.done'] })];
    const first = await open(hooks);
    await using _second = await open(hooks);
    const jobs = [await ended(), await ended(), await ended()];
    await heard.count(3);
    const sent = async () => (await list(first, 'sent')).filter(({ hook: of }: { hook: string }) => of === 'once');
    await expect.poll(sent).toHaveLength(3); // what is cut off while it is sent may come twice
    await first.close(); // the lead is free, and nobody sends for a moment
    jobs.push(await ended(), await ended());
    await heard.count(5);
    const ids = heard.got.map((each) => eventOf(each).id).sort();
    expect(ids).toEqual(jobs.map(({ id }) => `${id}-done`).sort());
  });

  it('what happened while none was up is told by the next one', async () => {
    await using heard = await receiver();
    const hooks = [hook('later', heard.url, { events: ['job.done'] })];
    await (await open(hooks)).close();
    const job = await ended();
    await using _app = await open(hooks);
    await heard.count(1);
    expect(eventOf(heard.got[0] as Received).id).toBe(`${job.id}-done`);
  });
});
