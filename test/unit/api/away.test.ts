import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, buildApp } from '../../../api/app.ts';
import { sha256 } from '../../../core/store/payload.ts';
import { putRecord } from '../../../core/store/records.ts';
import { connectNats } from '../../../core/store/server/connect.ts';
import { type NatsServer, startNatsServer } from '../../../core/store/server/nats-server.ts';
import { openStore, type Store } from '../../../core/store/store.ts';
import { claimPort, type Port } from '../../../lab/port.ts';
import { folderOfAll } from '../../folder.ts';
import { pause } from '../../pause.ts';
import { entry, key } from './harness.ts';

const folder = folderOfAll('away');
let claim: Port;
let server: NatsServer;
let store: Store;
let app: App;

beforeAll(async () => {
  claim = await claimPort();
  server = await startNatsServer(folder, claim.port);
  store = await openStore(await connectNats({ url: server.url, name: 'test' }), 'dc1');
  await putRecord(store.inventory, 'leaf1', entry('leaf1'));
  app = await buildApp({ store, apiKeyHash: sha256(key), natsTimeoutMs: 700, views: { pulseMs: 100 } });
});
afterAll(async () => {
  await app.close();
  await store.nc.close();
  await server[Symbol.asyncDispose]();
  await claim[Symbol.asyncDispose]();
});

const headers = { authorization: `Bearer ${key}` };
const configure = () =>
  app.inject({
    method: 'POST',
    url: '/api/v1/devices/leaf1/configure',
    headers,
    payload: { config: 'hostname leaf1\n' },
  });
const health = () => app.inject({ url: '/health' });

/** Everything that needs NATS says so, in time. */
const expectAway = async () => {
  const startedMs = performance.now();
  const replies = await Promise.all([
    health(),
    configure(),
    ...['/api/v1/devices', '/api/v1/devices/leaf1', '/api/v1/jobs', '/api/v1/runners', '/metrics'].map((url) =>
      app.inject({ url, headers }),
    ),
  ]);
  for (const reply of replies) {
    expect(reply.statusCode).toBe(503);
    expect(reply.headers['content-type']).toMatch('application/problem+json');
    expect(reply.json()).toMatchObject({ code: 'nats_unavailable', status: 503, hint: expect.any(String) });
  }
  expect(performance.now() - startedMs).toBeLessThan(10_000);
};

describe('the API while NATS is away', () => {
  it('says so when the server does not answer, and works again when it does', async () => {
    await expect.poll(async () => (await health()).statusCode).toBe(200); // a busy one may be late as well
    await pause(server.pid);
    try {
      await expectAway();
    } finally {
      process.kill(server.pid, 'SIGCONT');
    }
    await expect.poll(async () => (await health()).statusCode).toBe(200);
  });

  it('makes the store anew when someone deleted it', async () => {
    for (const { config } of await store.jsm.streams.list().next()) await store.jsm.streams.delete(config.name);
    const list = async (what: string) => (await app.inject({ url: `/api/v1/${what}`, headers })).json();
    for (const what of ['devices', 'jobs']) await expect.poll(() => list(what)).toEqual({ items: [], cursor: null });
    await putRecord(store.inventory, 'leaf1', entry('leaf1'));
  });

  it('says so when the server is gone, and works again when it is back', async () => {
    await server[Symbol.asyncDispose]();
    await expectAway();
    server = await startNatsServer(folder, claim.port);
    await expect.poll(async () => (await health()).statusCode).toBe(200);
    const devices = async () => (await app.inject({ url: '/api/v1/devices', headers })).json();
    await expect.poll(devices).toMatchObject({ items: [{ device: 'leaf1' }] });
  });
});
