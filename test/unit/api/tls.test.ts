import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { get, type RequestOptions, type Server } from 'node:https';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { followTls, readTls } from '../../../api/http/tls.ts';
import { selfSigned } from '../../../lab/sim/protocols/certificate.ts';
import { folderOfAll } from '../../folder.ts';
import { apiForTest } from './harness.ts';

const folder = folderOfAll('tls');

const files = (clientCa?: string) => ({ cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem'), clientCa });
const put = async ({ cert, key }: { cert: string; key: string }) => {
  await writeFile(files().cert, cert);
  await writeFile(files().key, key);
};

/** The answer of /health on a new connection, and whose certificate was shown. */
const health = async (url: string, options: RequestOptions) => {
  const request = get(`${url}/health`, { agent: false, ...options });
  const [reply] = (await once(request, 'response')) as [IncomingMessage];
  const { subject } = (reply.socket as TLSSocket).getPeerCertificate();
  reply.resume();
  return { status: reply.statusCode, name: subject.CN };
};

describe('the API with a certificate', () => {
  it('speaks TLS, and shows a new certificate once both of its files are there', async () => {
    const [first, second] = [selfSigned('first'), selfSigned('second')];
    const ca = [first.cert, second.cert];
    await put(first);
    const tls = await readTls(files());
    await using api = await apiForTest({ tls });
    const url = await api.app.listen({ host: '127.0.0.1', port: 0 });
    expect(url).toMatch(/^https:/);
    expect(await health(url, { ca })).toEqual({ status: 200, name: 'first' });
    await expect(health(url, {})).rejects.toThrow('self-signed certificate');
    const stop = new AbortController();
    followTls(api.app.server as unknown as Server, files(), tls, stop.signal, 10);
    await writeFile(files().cert, second.cert); // its key follows in a moment
    await expect(readTls(files())).rejects.toMatchObject({ code: 'credentials_unavailable' });
    expect(await health(url, { ca })).toEqual({ status: 200, name: 'first' });
    await writeFile(files().key, second.key);
    await expect.poll(async () => (await health(url, { ca })).name).toBe('second');
    await rm(files().key);
    expect((await health(url, { ca })).name).toBe('second');
    stop.abort();
  });

  it('lets nobody in without a certificate of the CA that it names', async () => {
    const [own, client, stranger] = [selfSigned('api'), selfSigned('client'), selfSigned('stranger')];
    await put(own);
    const clientCa = join(folder, 'clients.pem');
    await writeFile(clientCa, client.cert);
    await using api = await apiForTest({ tls: await readTls(files(clientCa)), clientCertificates: true });
    const url = await api.app.listen({ host: '127.0.0.1', port: 0 });
    expect((await health(url, { ...client, ca: own.cert })).status).toBe(200);
    await expect(health(url, { ca: own.cert })).rejects.toThrow();
    await expect(health(url, { ...stranger, ca: own.cert })).rejects.toThrow();
  });

  it('says which file is wrong', async () => {
    await put({ cert: 'x', key: 'y' });
    await expect(readTls(files())).rejects.toThrow(`api.tls: ${files().cert} with ${files().key}: `);
    await rm(files().cert);
    await expect(readTls(files())).rejects.toThrow(`api.tls: ${files().cert} cannot be read`);
  });
});

describe('the address of a caller', () => {
  it('is what a trusted proxy says of it, and what nobody else says', async () => {
    await using api = await apiForTest({ trustedProxies: ['10.0.0.0/8'] });
    const from = async (remoteAddress: string, forwarded: string) => {
      const headers = { 'x-forwarded-for': forwarded };
      await api.call('POST', '/api/v1/devices/leaf1/hold', { payload: { reason: 'x' }, headers, remoteAddress });
      return (await api.call('GET', '/api/v1/audit?limit=1')).json().items[0].from;
    };
    expect(await from('10.0.0.1', '198.51.100.7')).toBe('198.51.100.7');
    expect(await from('10.0.0.1', '192.0.2.66, 198.51.100.7, 10.0.0.9')).toBe('198.51.100.7');
    expect(await from('203.0.113.5', '198.51.100.7')).toBe('203.0.113.5');
  });
});
