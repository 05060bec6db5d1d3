import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectNats } from '../core/store/server/connect.ts';
import { startNatsServer } from '../core/store/server/nats-server.ts';
import { openStore, type Store } from '../core/store/store.ts';
import { claimPort } from '../lab/port.ts';

/** A real nats-server with a store of its own, gone with its scope. */
export const natsForTest = async (
  site = 'dc1',
): Promise<AsyncDisposable & { url: string; store: Store; folder: string }> => {
  const folder = await mkdtemp(join(tmpdir(), 'plumb-nats-'));
  const server = await startNatsServer(folder);
  const nc = await connectNats({ url: server.url, name: 'test' });
  const store = await openStore(nc, site);
  return {
    url: server.url,
    store,
    folder,
    [Symbol.asyncDispose]: async () => {
      await nc.close();
      await server[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

/** A nats-server that can be stopped and started again on its port and store. */
export const restartableNats = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'plumb-nats-'));
  const claim = await claimPort();
  const { port } = claim;
  let server = await startNatsServer(folder, port);
  const nc = await connectNats({ url: server.url, name: 'test' });
  const store = await openStore(nc, 'dc1');
  return {
    url: server.url,
    store,
    folder,
    pid: () => server.pid,
    stop: () => server[Symbol.asyncDispose](),
    start: async () => {
      const back = (async () => {
        for await (const { type } of nc.status()) if (type === 'reconnect') return;
      })();
      server = await startNatsServer(folder, port);
      await back; // a request of before is lost, not sent late
    },
    [Symbol.asyncDispose]: async () => {
      await nc.close();
      await server[Symbol.asyncDispose]();
      await claim[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
