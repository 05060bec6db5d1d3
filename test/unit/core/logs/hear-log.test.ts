import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { NatsConnection } from '@nats-io/transport-node';
import { expect, it } from 'vitest';
import { subjects } from '../../../../core/bus.ts';
import { hearLog } from '../../../../core/logs/hear-log.ts';

const site = 'dc1';

/** A connection to NATS that asks nobody: what it hears comes by `say`. */
const fakeNats = () => {
  let heard: (error: null, message: object) => void = () => {};
  let token = '';
  const nc = {
    isClosed: () => false,
    publish: (_: string, query: string) => {
      ({ token } = JSON.parse(query));
    },
    status: async function* () {},
    subscribe: (_: string, { callback }: { callback: typeof heard }) => {
      heard = callback;
      return { unsubscribe: () => {} };
    },
  };
  const say = (name: string, what: object) => {
    const text = JSON.stringify({ role: 'runner', name, ...what });
    heard(null, { subject: subjects.logAnswer(site, 'runner', name, token), data: Buffer.from(text) });
  };
  return { nc: nc as unknown as NatsConnection, say };
};

it('an answer that has come while its reader was busy with something else is not left out', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { nc, say } = fakeNats();
  const heard = hearLog({ nc, site }, {}, new AbortController().signal);
  const first = heard.next();
  const line = { time: '2026-01-01T00:00:00.000Z', level: 30, msg: 'x', seq: 1 };
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').on('data', () => say('r2', line));
  const [[far]] = await Promise.all([once(server, 'connection') as Promise<[Socket]>, once(socket, 'connect')]);
  say('r1', line);
  say('r1', { end: 1 });
  far.write('r2 has answered');
  const from = performance.now();
  while (performance.now() - from < 400); // it lies in the socket
  expect((await first).value).toMatchObject({ line: { name: 'r1' } });
  expect((await heard.next()).value).toMatchObject({ line: { name: 'r2' } });
  await heard.return(undefined);
  socket.destroy();
  server.close();
});
