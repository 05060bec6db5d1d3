import { setTimeout as wait } from 'node:timers/promises';
import { explain } from '../core/errors.ts';
import { type NatsServer, startNatsServer } from '../core/nats-server.ts';

/** A nats-server that is started again on the same port when it dies. */
export type KeptServer = AsyncDisposable & { url: string; kill(): void };

/**
 * @param users the `accounts` block of its configuration
 * @param say told when it died and was started again
 */
export const keepNatsServer = async (
  folder: string,
  users: string,
  say: (text: string) => void,
): Promise<KeptServer> => {
  let server: NatsServer = await startNatsServer(folder, 0, users);
  const { url } = server;
  const port = Number(new URL(url).port);
  const stop = new AbortController();
  const keep = async () => {
    while (!stop.signal.aborted) {
      const code = await server.exited;
      if (stop.signal.aborted) return;
      say(`warning: nats-server ended (${code ?? 'killed'}), starting it again\n`);
      try {
        server = await startNatsServer(folder, port, users);
      } catch (error) {
        say(`warning: ${explain(error)}\n`);
        await wait(1_000, undefined, { signal: stop.signal }).catch(() => {});
      }
    }
  };
  const kept = keep();
  return {
    url,
    kill: () => {
      try {
        process.kill(server.pid, 'SIGKILL');
      } catch {} // gone already
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await server[Symbol.asyncDispose]();
      await kept;
    },
  };
};
