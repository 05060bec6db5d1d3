import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { forever, targetOf } from '../../../../lab/proof/target.ts';
import { selfSigned } from '../../../../lab/sim/protocols/certificate.ts';
import { handshake } from '../../../../runners/transports/tls/handshake.ts';
import { certificatePins, pinCertificate, pinsOf, plainFingerprint } from '../../../../runners/transports/tls/pins.ts';
import { certificateError, judge, tlsEndpoint } from '../../../../runners/transports/tls/verdict.ts';
import { folderOfAll } from '../../../folder.ts';
import { sshServer } from './ssh-server.ts';
import { timeOver } from './time-over.ts';
import { tlsServer } from './tls-server.ts';

const folder = folderOfAll('tls');
const knownHosts = join(folder, 'known_hosts');
const pins = certificatePins(knownHosts);

/** What is said of the certificate that is shown there. */
const look = async (port: number, options: Record<string, unknown> = {}, host = '127.0.0.1') => {
  const { device } = targetOf({ platform: 'eos', transport: 'eapi', host, port, options }, { knownHosts });
  const at = await tlsEndpoint(device);
  const { socket, shown } = await handshake(at, forever);
  socket.destroy();
  const verdict = await judge(device, at, knownHosts, shown);
  return { shown, verdict, error: certificateError(at, verdict, shown) };
};

const listen = async (serve: (socket: Socket) => void) => {
  const server = createServer((socket) => serve(socket.on('error', () => {}))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, [Symbol.dispose]: () => void server.close() };
};

describe('a certificate', () => {
  it('is not trusted until someone pins it, and then is this very one', async () => {
    await using server = await tlsServer();
    await rm(pins, { force: true });
    const before = await look(server.port);
    expect(before.shown).toMatchObject({ subject: 'CN=leaf1', issuer: 'CN=leaf1', fingerprint: server.fingerprint });
    expect(before.error).toMatchObject({
      code: 'host_key_unknown',
      message: expect.stringMatching(
        /^r1: 127\.0\.0\.1 port \d+ shows a certificate that is not pinned .*self.signed/i,
      ),
      hint: expect.stringContaining('plumb trust r1'),
    });
    expect(before.error?.message).toContain(server.fingerprint);
    await writeFile(pins, pinCertificate('', '127.0.0.1', server.port, server.fingerprint, 'CN=leaf1'));
    expect(await look(server.port)).toMatchObject({ verdict: { kind: 'pinned', by: pins }, error: undefined });
    server.server.setSecureContext(selfSigned('leaf1'));
    const { error, shown } = await look(server.port);
    expect(error).toMatchObject({
      code: 'host_key_changed',
      message: expect.stringContaining(`shown ${shown.fingerprint}, pinned ${server.fingerprint}`),
      hint: expect.stringContaining('plumb trust r1'),
    });
    expect(error?.message).not.toContain('host key');
    expect(server.requests).toEqual([]);
  });

  it('is taken by its pin when it has expired, and by an authority it is not', async () => {
    const tls = selfSigned('leaf1', 0);
    await using server = await tlsServer(tls);
    await writeFile(join(folder, 'ca.pem'), tls.cert);
    await rm(pins, { force: true });
    const { error, shown } = await look(server.port, { tlsCa: join(folder, 'ca.pem') });
    expect(error).toMatchObject({ code: 'host_key_unknown', message: expect.stringMatching(/expired/i) });
    expect(shown.validTo.getTime()).toBeLessThan(Date.now() + 1000);
    await writeFile(pins, pinCertificate('', '127.0.0.1', server.port, server.fingerprint, ''));
    expect((await look(server.port)).error).toBeUndefined();
  });

  it('is judged by the inventory first, then by the pin, then by the authority', async () => {
    const tls = selfSigned('leaf1');
    await using server = await tlsServer(tls);
    const another = Array.from({ length: 32 }, () => 'AA').join(':');
    const ca = join(folder, 'ca.pem');
    await writeFile(ca, tls.cert);
    await writeFile(pins, pinCertificate('', '127.0.0.1', server.port, another, ''));
    const pinned = await look(server.port, { tlsCa: ca });
    expect(pinned.error?.code).toBe('host_key_changed');
    const inventory = await look(server.port, { tlsCa: ca, tlsFingerprint: server.fingerprint });
    expect(inventory.verdict).toEqual({ kind: 'pinned', by: 'options.tlsFingerprint' });
    await writeFile(pins, pinCertificate('', '127.0.0.1', server.port, server.fingerprint, ''));
    expect((await look(server.port, { tlsFingerprint: another })).error).toMatchObject({
      code: 'host_key_changed',
      hint: expect.stringContaining('options.tlsFingerprint'),
    });
    await rm(pins);
    expect((await look(server.port, { tlsCa: ca })).verdict).toEqual({ kind: 'vouched', by: 'options.tlsCa' });
  });

  it('is refused where the pin cannot be read, rather than taken', async () => {
    await using server = await tlsServer();
    await writeFile(pins, `127.0.0.1:${server.port} SHA256:AB:CD\n`);
    expect((await look(server.port)).error).toMatchObject({
      code: 'host_key_changed',
      message: expect.stringContaining(`line 1 of ${pins}`),
    });
    await rm(pins);
    await mkdir(pins); // as good as a file that we may not read
    await expect(look(server.port)).rejects.toMatchObject({
      code: 'host_key_unknown',
      hint: expect.stringContaining(pins),
    });
    await rm(pins, { recursive: true });
    await expect(look(server.port, { tlsFingerprint: 'AB:CD' })).rejects.toMatchObject({ code: 'invalid_inventory' });
    await expect(look(server.port, { tlsCa: '/nowhere.pem' })).rejects.toMatchObject({ code: 'invalid_inventory' });
    await expect(look(server.port, { jump: 'hop' })).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('is pinned for an IPv6 address, too', async () => {
    await using server = await tlsServer(selfSigned('leaf1'), '::1');
    const text = pinCertificate('# ours\n', '::1', server.port, server.fingerprint, 'CN=leaf1,\nuntil then');
    expect(text).toBe(`# ours\n[::1]:${server.port} SHA256:${server.fingerprint} CN=leaf1, until then\n`);
    await writeFile(pins, text);
    expect((await look(server.port, {}, '::1')).error).toBeUndefined();
  });

  it('of an old switch is seen only where the inventory allows old TLS', async () => {
    const old = { ...selfSigned('leaf1'), maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' };
    await using server = await tlsServer(old as Parameters<typeof tlsServer>[0]);
    await writeFile(pins, pinCertificate('', '127.0.0.1', server.port, server.fingerprint, ''));
    await expect(look(server.port)).rejects.toMatchObject({
      code: 'unreachable',
      hint: expect.stringContaining('tlsLegacy: true'),
    });
    expect((await look(server.port, { tlsLegacy: true })).error).toBeUndefined();
  });
});

describe('a jump host', () => {
  it('is refused for telnet, which would go there directly', async () => {
    const { openTelnet } = await import('../../../../runners/transports/telnet/telnet.ts');
    const target = targetOf({ platform: 'ios', transport: 'telnet', options: { jump: 'hop' } }, { knownHosts });
    const cli = { prompt: /#$/, errors: [], setup: [] };
    await expect(openTelnet(target, cli, forever)).rejects.toMatchObject({ code: 'unsupported' });
  });
});

describe('the file of pinned certificates', () => {
  it('holds one line a host and port, and keeps every other line', () => {
    const [one, two] = ['1', '2'].map((digit) => digit.repeat(64));
    const text = `# a comment\n\nleaf1:443 SHA256:${one} CN=leaf1\nleaf1:8443 SHA256:${one}\nbroken\n`;
    const after = pinCertificate(text, 'LEAF1', 443, two ?? '', 'CN=new');
    expect(after.split('\n')).toEqual([
      '# a comment',
      `leaf1:8443 SHA256:${one}`,
      'broken',
      `leaf1:443 SHA256:${plainFingerprint(two ?? '')} CN=new`,
      '',
    ]);
    expect(pinsOf(after, 'leaf1', 443)).toHaveLength(1);
  });

  it('takes a fingerprint in any usual spelling', () => {
    const plain = Array.from({ length: 32 }, (_, at) => (at + 100).toString(16).toUpperCase()).join(':');
    const bare = plain.replaceAll(':', '').toLowerCase();
    for (const spelling of [plain, bare, `SHA256:${plain}`, `sha256:${bare}`, `sha256 Fingerprint=${plain}\n`])
      expect(plainFingerprint(spelling)).toBe(plain);
    for (const none of ['', 'AB:CD', `${plain}:00`, 'SHA256:eIHnJlZfAbb3yJ1dvOa8LVosGKgj/7W8txTlaWmV73E'])
      expect(plainFingerprint(none)).toBe('');
  });
});

describe('a handshake', () => {
  it('says what is there instead: nobody, something else than TLS, something silent', async () => {
    await expect(look(1)).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringMatching(/cannot reach 127\.0\.0\.1 port 1: .*ECONNREFUSED/),
    });
    using web = await listen((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await using ssh = await sshServer();
    using hangsUp = await listen((socket) => socket.once('data', () => socket.destroy()));
    for (const port of [web.port, ssh.port])
      await expect(look(port)).rejects.toMatchObject({
        code: 'unreachable',
        message: expect.stringMatching(/^r1: 127\.0\.0\.1 port \d+ does not speak TLS/),
        hint: expect.stringContaining('http: true'),
      });
    await expect(look(hangsUp.port)).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringMatching(
        /^r1: 127\.0\.0\.1 port \d+ accepts the connection and closes it during the TLS handshake$/,
      ),
    });
    const time = timeOver();
    using silent = await listen(time.printed);
    const at = { name: 'r1', host: '127.0.0.1', port: silent.port, ca: undefined, legacy: false };
    await expect(handshake(at, time.signal)).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('accepts the connection but does not answer in TLS'),
    });
  });

  it('ends when it is told to', async () => {
    const controller = new AbortController();
    using silent = await listen(() => controller.abort(new Error('shutting down')));
    const at = { name: 'r1', host: '127.0.0.1', port: silent.port, ca: undefined, legacy: false };
    await expect(handshake(at, controller.signal)).rejects.toThrow('shutting down');
  });
});
