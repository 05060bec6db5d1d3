import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { putRecord } from '../../core/store/records.ts';
import { apiForTest, type Harness, key, stateOf } from '../unit/api/harness.ts';

const listeners = 500;
let api: Harness;
let port: number;

beforeAll(async () => {
  api = await apiForTest();
  await putRecord(api.store.lease, 'leaf1', { runner: 'r', epoch: 1 });
  port = Number(new URL(await api.app.listen({ host: '127.0.0.1', port: 0 })).port);
});
afterAll(() => api[Symbol.asyncDispose]());

/** A connection that has begun to hear events, and what was heard since. */
const listen = async () => {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  socket.on('error', () => {});
  socket.write(`GET /api/v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\n\r\n`);
  let text = '';
  const take = (chunk: string) => {
    text += chunk;
  };
  socket.on('data', take);
  await expect.poll(() => text, { timeout: 100_000 }).toMatch('event: start');
  return { socket, text: () => text };
};

describe('500 listeners', () => {
  it('all hear of each change, while one that does not read is cut off', async () => {
    const all = await Promise.all(Array.from({ length: listeners }, listen));
    await putRecord(api.store.state, 'leaf1', stateOf('leaf1', { reason: 'all of you' }));
    await expect.poll(() => all.every(({ text }) => text().includes('all of you')), { timeout: 100_000 }).toBe(true);
    for (const { socket } of all.slice(1)) socket.destroy();

    const slow = await listen();
    slow.socket.pause();
    const before = all[0]?.text().length ?? 0;
    for (let round = 0; round < 30; round += 1) {
      await putRecord(api.store.state, 'leaf1', stateOf('leaf1', { reason: `${round} ${'x'.repeat(800_000)}` }));
      await expect.poll(() => all[0]?.text().includes(`"${round} x`), { timeout: 100_000 }).toBe(true);
    }
    expect((all[0]?.text().length ?? 0) - before).toBeGreaterThan(24_000_000);
    const closed = once(slow.socket, 'close');
    slow.socket.resume();
    await closed;
    expect(slow.text().length).toBeLessThan(20_000_000);
    all[0]?.socket.destroy();
  }, 180_000);
});
