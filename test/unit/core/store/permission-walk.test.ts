import { readFileSync } from 'node:fs';
import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { roles, viewerDomain } from '../../../../core/store/server/permissions.ts';
import { openStore, type Store } from '../../../../core/store/store.ts';
import { restrictedNats } from '../../../permissions/server.ts';
import { apiSubjects, apiWords, effects, foreign, inboxes, streamWords, told } from '../../../permissions/subjects.ts';
import { Table } from '../../../permissions/table.ts';

const docs = new URL('../../../../docs/subjects.md', import.meta.url);
const table = new Table();
let nats: Awaited<ReturnType<typeof restrictedNats>>;
let operator: Store;
const connections = new Map<string, NatsConnection>();
const as = (role: string): NatsConnection => {
  const nc = connections.get(role);
  if (!nc) throw new Error(role);
  return nc;
};

beforeAll(async () => {
  nats = await restrictedNats();
  const nc = await nats.connect('operator');
  operator = await openStore(nc, 'dc1');
  for (const role of roles) connections.set(role, await nats.connect(role));
});
afterAll(() => nats[Symbol.asyncDispose]());

describe('on a server with the shipped permissions', () => {
  it('each role speaks on its own subjects and on no others', async () => {
    const arrived = new Set<string>();
    const spy = operator.nc.subscribe('>', { callback: (_error, message) => void arrived.add(message.subject) });
    await operator.nc.flush();
    for (const role of roles) {
      const speak = async (what: string, subject: string) => {
        arrived.clear();
        as(role).publish(subject, 'x');
        await as(role).flush();
        await operator.nc.flush();
        table.set(what, role, arrived.has(subject));
      };
      for (const [what, subject] of Object.entries(effects)) await speak(what, subject);
      for (const [what, subject] of Object.entries(told)) await speak(`tell what is stored: ${what}`, subject);
      for (const [what, subject] of Object.entries(inboxes)) await speak(`publish answers: ${what}`, subject);
      for (const [what, subject] of Object.entries(foreign)) await speak(`publish: ${what}`, subject);
    }
    spy.unsubscribe();
  });

  it('each role hears what it needs, and no answer to another one', async () => {
    const hears = (deed: string, things: Record<string, string>) =>
      Object.fromEntries(Object.entries(things).map(([what, subject]) => [`${deed}: ${what}`, subject]));
    const raw = Object.entries(effects).map(([what, subject]) => [
      what.replace(/^(?:publish|send|write)\b/, 'receive'),
      subject,
    ]);
    const things: Record<string, string> = {
      ...Object.fromEntries(raw),
      ...hears('receive what was stored', told),
      ...hears('receive answers', inboxes),
      ...hears('receive', foreign),
    };
    for (const role of roles) {
      const heard = new Set<string>();
      const take = (error: Error | null, { subject }: Msg) => void (error ?? heard.add(subject));
      const patterns = [
        '>',
        '*',
        '*.*',
        '*.*.*',
        '*.*.>',
        '_INBOX.>',
        '_INBOX_watcher.>',
        '_INBOX_runner.>',
        '$KV.>',
        '$O.>',
        '$JS.>',
      ];
      const subscriptions = [...patterns, ...Object.values(things)].map((one) =>
        as(role).subscribe(one, { callback: take }),
      );
      await as(role).flush();
      for (const subject of Object.values(things)) operator.nc.publish(subject, 'x');
      await operator.nc.flush();
      await as(role).flush();
      for (const [what, subject] of Object.entries(things)) table.set(what, role, heard.has(subject));
      for (const subscription of subscriptions) subscription.unsubscribe();
    }
  });

  it('each role asks of JetStream what it needs, and makes no consumer', async () => {
    const answered = async (nc: NatsConnection, subject: string) => {
      try {
        const answer = (await nc.request(subject, '{}', { timeout: 20_000 })).string();
        return !/not enabled for account/.test(answer);
      } catch (error) {
        expect(String(error)).toMatch(/permissions violation|no responders/i);
        return false;
      }
    };
    for (const role of roles) {
      for (const subject of apiSubjects) {
        for (const [word, stream] of Object.entries({ ...streamWords, 'any other stream': 'evil' })) {
          const full = subject
            .replace(/\.S\b/, `.${stream}`)
            .replace(/\.C\b/, '.c')
            .replace(/\.F$/, '.dc1.*.configure');
          const may =
            (await answered(as(role), `$JS.API.${full}`)) ||
            (await answered(as(role), `$JS.${viewerDomain}.API.${full}`));
          table.set(`${apiWords[subject] ?? subject}: ${word}`, role, may);
        }
      }
    }
  });

  it('is what docs/subjects.md says', () => {
    const text = readFileSync(docs, 'utf8');
    const found = text.slice(text.indexOf('| | watcher |')).split('\n\n')[0];
    expect(found).toBe(table.toString());
  });
});
