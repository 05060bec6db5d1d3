import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Hook } from '../../../../api/webhooks/hooks.ts';
import { hooksFrom } from '../../../../api/webhooks/hooks.ts';
import type { WebhookSettings } from '../../../../core/config/webhooks.ts';

export type Received = { path: string; headers: IncomingHttpHeaders; body: string };

/** A receiver on loopback that keeps what it is sent. `answers` says, request by request, with which status. */
export const receiver = async (answers: (received: Received, count: number) => number = () => 204) => {
  const got: Received[] = [];
  const heard = new Set<() => void>();
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const received = { path: request.url ?? '', headers: request.headers, body };
    got.push(received);
    const status = answers(received, got.length);
    response.writeHead(status, status === 302 ? { location: 'http://127.0.0.1:1/' } : {}).end();
    for (const each of heard) each();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    got,
    /** Once that many came. */
    count: (wanted: number): Promise<void> =>
      new Promise((resolve) => {
        const look = () => {
          if (got.length < wanted) return;
          heard.delete(look);
          resolve();
        };
        heard.add(look);
        look();
      }),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};

export const hook = (name: string, url: string, more: Partial<WebhookSettings> = {}, env = {}): Hook => {
  const [made] = hooksFrom([{ name, url, allow: ['127.0.0.0/8'], ...more }], env);
  if (!made) throw new Error('no hook');
  return made;
};
