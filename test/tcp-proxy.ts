import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { reset } from '../runners/transports/tcp.ts';

/** A way to a port of this host that can be cut, or fall silent. */
export const tcpProxy = async (port: number) => {
  const pairs = new Set<[Socket, Socket]>();
  let way: 'open' | 'cut' | 'silent' = 'open';
  const server = createServer((near) => {
    if (way === 'cut') return void near.destroy();
    const far = connect(port, '127.0.0.1');
    const pair: [Socket, Socket] = [near, far];
    pairs.add(pair);
    for (const socket of pair) {
      socket
        .on('error', () => {})
        .once('close', () => {
          pairs.delete(pair);
          for (const one of pair) one.destroy();
        });
    }
    near.pipe(far);
    far.pipe(near);
    if (way === 'silent') for (const socket of pair) socket.pause();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    /** Connections are reset, and new ones closed at once. */
    cut: () => {
      way = 'cut';
      for (const pair of [...pairs]) for (const socket of pair) reset(socket);
    },
    /** Nothing gets through and nobody is told. */
    silence: () => {
      way = 'silent';
      for (const pair of pairs)
        for (const socket of pair) {
          socket.unpipe();
          socket.pause();
        }
    },
    open: () => {
      if (way === 'silent')
        for (const [near, far] of pairs) {
          near.pipe(far);
          far.pipe(near);
        }
      way = 'open';
    },
    [Symbol.asyncDispose]: async () => {
      for (const pair of [...pairs]) for (const socket of pair) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
};
