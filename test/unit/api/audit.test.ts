import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTrail, readAudit } from '../../../api/auth/audit/trail.ts';
import { anchorOf, verifyAudit } from '../../../api/auth/audit/verify.ts';
import type { AuditEntry, AuditRecord } from '../../../core/audit.ts';
import { type Job, streams, subjects } from '../../../core/bus.ts';
import { fetchIntent } from '../../../core/store/intents.ts';
import { listJobs } from '../../../core/store/jobs.ts';
import { sha256 } from '../../../core/store/payload.ts';
import { natsForTest } from '../../nats.ts';
import { apiForTest, appForTest, type Harness, key } from './harness.ts';

const entry = (id: string): AuditEntry => ({ kind: 'asked', id, who: 'key:a', from: '192.0.2.1', what: 'configure' });
const everything = async (store: Harness['store']): Promise<AuditRecord[]> => {
  const records: AuditRecord[] = [];
  const { state } = await store.jsm.streams.info(streams.audit('dc1'));
  for await (const { link } of readAudit(store, state.first_seq, state.last_seq))
    if (link?.record) records.push(link.record);
  return records;
};

describe('the audit', () => {
  let api: Harness;
  beforeAll(async () => {
    api = await apiForTest();
  });
  afterAll(() => api[Symbol.asyncDispose]());
  const of = async (what: string) => (await everything(api.store)).filter((record) => record.what === what);

  it('has who asked what on what, from where, before it is done, and how it was answered', async () => {
    const call = await api.as({ role: 'operator' });
    const { name } = (await call('GET', '/api/v1/session')).json();
    const payload = { config: 'hostname leaf1\nusername x password hunter2secret\n', force: 'password hunter2secret' };
    const reply = await call('POST', '/api/v1/devices/leaf1/configure', { payload, remoteAddress: '192.0.2.7' });
    const same = { who: name, from: '192.0.2.7', what: 'configure', on: '/api/v1/devices/leaf1/configure' };
    await expect.poll(() => of('configure')).toHaveLength(2);
    const [asked, answered] = await of('configure');
    expect(asked).toMatchObject({ ...same, kind: 'asked', told: { config: `sha256:${sha256(payload.config)}` } });
    expect(answered).toMatchObject({
      ...same,
      kind: 'answered',
      id: asked?.id,
      status: 202,
      job: reply.json<Job>().id,
    });
    expect(JSON.stringify(await everything(api.store))).not.toContain('hunter2secret');
  });

  it('has what a role does not allow, and nothing of those who only look or whom nobody knows', async () => {
    const call = await api.as({ role: 'viewer' });
    const before = (await everything(api.store)).length;
    expect((await call('POST', '/api/v1/devices/leaf1/rollback')).statusCode).toBe(403);
    await call('GET', '/api/v1/devices');
    await call('POST', '/api/v1/devices/leaf1/facts');
    await call('GET', '/api/v1/keys');
    await api.app.inject({ method: 'POST', url: '/api/v1/devices/leaf1/rollback' });
    await api.app.inject({ method: 'POST', url: '/api/v1/nowhere', headers: { authorization: `Bearer ${key}` } });
    const more = (await everything(api.store)).slice(before);
    expect(more).toMatchObject([
      { kind: 'refused', what: 'rollback', status: 403, who: expect.stringMatching(/^key:key-/) },
    ]);
  });

  it('has work on many devices, done or refused, though its route lets whoever looks at some come to it', async () => {
    const payload = { select: 'leaf1', verb: 'bgp' };
    const reply = await api.call('POST', '/api/v1/bulk', { payload });
    expect(reply.statusCode).toBe(202);
    await expect.poll(() => of('startBulk')).toHaveLength(2);
    expect(await of('startBulk')).toMatchObject([
      { kind: 'asked', told: payload },
      { status: 202, job: reply.json().id },
    ]);
  });

  it('never holds the secret of a key', async () => {
    const { key: made } = (
      await api.call('POST', '/api/v1/keys', { payload: { name: 'k', grants: [{ role: 'viewer' }] } })
    ).json();
    await expect.poll(() => of('createKey')).toHaveLength(2);
    const text = JSON.stringify(await everything(api.store));
    expect(text).not.toContain(made);
    expect(text).toContain('"role":"viewer"');
  });

  it('comes first: what cannot be written there is not done', async () => {
    const jobs = (await listJobs(api.store)).jobs.length;
    const intent = (await fetchIntent(api.store, 'leaf1'))?.seq;
    const name = streams.audit('dc1');
    const { config } = await api.store.jsm.streams.info(name);
    await api.store.jsm.streams.update(name, { ...config, max_msg_size: 10 });
    const payload = { config: 'hostname leaf1\nno shutdown\n' };
    const reply = await api.call('POST', '/api/v1/devices/leaf1/configure', { payload });
    expect(reply.statusCode).toBe(503);
    expect((await listJobs(api.store)).jobs).toHaveLength(jobs);
    expect((await fetchIntent(api.store, 'leaf1'))?.seq).toBe(intent);
    await api.store.jsm.streams.delete(name);
    await api.store.ensure();
    expect((await api.call('POST', '/api/v1/devices/leaf1/configure', { payload })).statusCode).toBe(202);
  });

  it('is one chain, however many instances write to it at once', async () => {
    await using other = await appForTest(api.store);
    const headers = { authorization: `Bearer ${key}` };
    const hold = (app: typeof other, reason: string) =>
      app.inject({ method: 'POST', url: '/api/v1/devices/leaf2/hold', headers, payload: { reason } });
    const before = (await of('hold')).length;
    const asked = Array.from({ length: 20 }, (_, at) => hold(at % 2 ? other : api.app, `drill ${at}`));
    for (const reply of await Promise.all(asked)) expect(reply.statusCode).toBe(202);
    await expect.poll(async () => (await of('hold')).length).toBe(before + 40);
    const verdict = await verifyAudit(api.store);
    expect(verdict.faults).toEqual([]);
    expect(verdict.records).toBe((await everything(api.store)).length);
  });

  it('is read page by page, newest first', async () => {
    const first = (await api.call('GET', '/api/v1/audit?limit=3')).json();
    const second = (await api.call('GET', `/api/v1/audit?limit=3&before=${first.cursor}`)).json();
    const ns: number[] = [...first.items, ...second.items].map(({ n }: AuditRecord) => n);
    expect(ns).toEqual(Array.from({ length: 6 }, (_, at) => (ns[0] ?? 0) - at));
    expect((await api.call('GET', '/api/v1/audit?before=2')).json()).toMatchObject({ items: [{ n: 1 }], cursor: null });
  });

  it('lets no record be deleted, and is not emptied', async () => {
    const name = streams.audit('dc1');
    await expect(api.store.jsm.streams.deleteMessage(name, 1)).rejects.toThrow(/not permitted/);
    await expect(api.store.jsm.streams.purge(name)).rejects.toThrow(/not permitted/);
  });
});

describe('plumb audit verify', () => {
  let nats: Awaited<ReturnType<typeof natsForTest>>;
  let bytes: Uint8Array[] = [];
  beforeAll(async () => {
    nats = await natsForTest();
    const write = openTrail(nats.store);
    for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) await write(entry(id));
    const message = (seq: number) => nats.store.jsm.streams.getMessage(streams.audit('dc1'), { seq });
    bytes = await Promise.all([1, 2, 3, 4, 5, 6].map(async (seq) => (await message(seq))?.data ?? new Uint8Array()));
  });
  afterAll(() => nats[Symbol.asyncDispose]());

  /** Somebody who may do everything on NATS makes the stream anew with these messages. */
  const forge = async (messages: readonly (Uint8Array | string)[]) => {
    await nats.store.jsm.streams.delete(streams.audit('dc1'));
    await nats.store.ensure();
    for (const message of messages) await nats.store.js.publish(subjects.audit('dc1'), message);
  };
  const changed = (at: number, from: string, to: string) =>
    bytes.map((each, index) => (index === at ? Buffer.from(each).toString().replace(from, to) : each));
  const without = (...at: number[]) => bytes.filter((_, index) => !at.includes(index));
  const order = (...at: number[]) => at.map((index) => bytes[index] ?? '');

  it.each([
    ['nothing, where nothing was done', () => bytes, []],
    [
      'a record that was changed',
      () => changed(2, 'key:a', 'key:b'),
      [/^record 3 is not the one that record 4 was written after/],
    ],
    ['a record that was removed', () => without(3), [/^record 4 was removed$/]],
    ['two records that were removed', () => without(1, 2), [/^record 2 was removed$/, /^record 3 was removed$/]],
    ['records that changed places', () => order(0, 2, 1, 3, 4, 5), [/^record 2 is out of order: it follows record 3$/]],
    ['a record that stands twice', () => order(0, 1, 1, 2, 3, 4, 5), [/^record 2 is out of order/]],
    ['the beginning that was removed', () => without(0, 1), [/^the records before 3 were removed/]],
  ])('finds %s', async (_, messages, faults) => {
    await forge(messages());
    const found = (await verifyAudit(nats.store)).faults;
    expect(found).toEqual(faults.map((fault) => expect.stringMatching(fault)));
  });

  it('tells of a message that is no record, and goes on behind it', async () => {
    await forge(bytes);
    await nats.store.js.publish(subjects.audit('dc1'), '{"type":"io.nats.jetstream.api.v1.stream_info_response"}');
    await openTrail(nats.store)(entry('g'));
    expect(await verifyAudit(nats.store)).toMatchObject({
      records: 8,
      faults: [],
      notes: ['message 7 is not a record: someone else wrote to the stream'],
    });
  });

  it('finds by an anchor alone what was cut off at the end, a change of the last one, and a chain written anew', async () => {
    await forge(bytes);
    const { head = '' } = await verifyAudit(nats.store);
    const anchor = anchorOf(head);
    expect((await verifyAudit(nats.store, anchor)).faults).toEqual([]);
    const cases = [
      [without(4, 5), /^record 6 of the anchor is missing: the end was cut off$/],
      [changed(5, 'key:a', 'key:b'), /^record 6 does not match the anchor: the records were rewritten$/],
    ] as const;
    for (const [messages, fault] of cases) {
      await forge(messages);
      expect((await verifyAudit(nats.store)).faults).toEqual([]);
      expect((await verifyAudit(nats.store, anchor)).faults).toEqual([expect.stringMatching(fault)]);
    }
    await forge([]);
    const write = openTrail(nats.store);
    for (const id of ['u', 'v', 'w', 'x', 'y', 'z']) await write(entry(id));
    expect((await verifyAudit(nats.store)).faults).toEqual([]);
    expect((await verifyAudit(nats.store, anchor)).faults).toHaveLength(1);
  });

  it('says of an expired beginning that it is gone, which is no fault', async () => {
    await forge(bytes);
    const name = streams.audit('dc1');
    await nats.store.jsm.streams.delete(name);
    await nats.store.jsm.streams.add({ name, subjects: [subjects.audit('dc1')] });
    for (const message of bytes) await nats.store.js.publish(subjects.audit('dc1'), message);
    await nats.store.jsm.streams.purge(name, { seq: 3 });
    expect(await verifyAudit(nats.store)).toMatchObject({
      faults: [],
      notes: ['the records before 3 have expired: records are kept for 400 days'],
    });
  });
});
