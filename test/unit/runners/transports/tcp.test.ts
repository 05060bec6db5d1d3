import { type EventEmitter, errorMonitor, once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { assertOpen, dial } from '../../../../runners/transports/tcp.ts';

/** A connection that is reset when `lost` aborts, and its other end. */
const pair = async (lost?: AbortSignal) => {
  const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const near = await dial('127.0.0.1', (server.address() as AddressInfo).port, AbortSignal.timeout(10_000), lost);
  const [far] = await accepted;
  server.close();
  return { near, far: far.on('error', () => {}).resume() };
};

it.each([
  ['while nothing ends', () => {}],
  ['while its end is under way', (socket: Socket) => void socket.end()],
  ['when its end was sent', (socket: Socket) => once(socket.end(), 'finish')],
])('a connection that is lost %s is gone on both sides', async (_, before) => {
  const lost = new AbortController();
  const { near, far } = await pair(lost.signal);
  const gone = Promise.all([once(near, 'close'), once(far, 'end').catch(() => {})]);
  await before(near);
  lost.abort();
  await gone;
  expect(near.destroyed).toBe(true);
  far.destroy();
});

it('a connection that is reset before anyone has taken it over ends with nothing uncaught', async () => {
  const { near, far } = await pair();
  const heard = new Promise<number>((resolve) => {
    (near as EventEmitter).once(errorMonitor, () => resolve(near.listenerCount('error'))); // it is none of them
  });
  const gone = new Promise<void>((resolve) => {
    near.once('close', () => resolve()); // once() of node:events would listen to its errors too
  });
  far.resetAndDestroy();
  expect(await heard).toBeGreaterThan(0);
  await gone;
  expect(() => assertOpen(near)).toThrow(/ECONNRESET/);
});
