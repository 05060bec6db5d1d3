import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { selfSigned } from '../../../../lab/sim/protocols/certificate.ts';

export type TlsServer = AsyncDisposable & {
  server: Server;
  port: number;
  fingerprint: string;
  /** Every request that came, with what it carried: none may come before the certificate is verified. */
  requests: string[];
};

/** An HTTPS server on loopback that only counts. */
export const tlsServer = async (
  tls: TlsOptions & { key: string; cert: string } = selfSigned('leaf1'),
  host = '127.0.0.1',
): Promise<TlsServer> => {
  const { X509Certificate } = await import('node:crypto');
  const requests: string[] = [];
  const server = createServer(tls, (request, response) => {
    requests.push(`${request.method} ${request.url} ${request.headers.authorization ?? ''}`);
    response.writeHead(500).end();
  });
  server.on('tlsClientError', () => {});
  server.listen(0, host);
  await once(server, 'listening');
  return {
    server,
    port: (server.address() as AddressInfo).port,
    fingerprint: new X509Certificate(tls.cert).fingerprint256,
    requests,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};
