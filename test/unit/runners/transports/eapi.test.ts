import { X509Certificate } from 'node:crypto';
import { getEventListeners, once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Bench, bench } from '../../../../lab/proof/bench.ts';
import { change, forever, targetOf } from '../../../../lab/proof/target.ts';
import { openEosEapi } from '../../../../runners/drivers/eos/eapi.ts';
import { eos } from '../../../../runners/drivers/eos/platform.ts';
import { Eapi } from '../../../../runners/transports/eapi/eapi.ts';
import { certificatePins, pinCertificate } from '../../../../runners/transports/tls/pins.ts';
import { tlsServer } from './tls-server.ts';

const config = 'hostname r1\n!\nend\n';

describe('the certificate of an eAPI server', () => {
  let device: Bench;
  const start = async () => {
    device = await bench(eos, 'eapi', { platform: 'eos', config });
    return device;
  };
  const openWith = ({ target }: Bench, options: Record<string, unknown>) =>
    eos.open({ ...target, device: { ...target.device, options } }, forever);
  afterEach(() => device[Symbol.asyncDispose]());

  it('is refused when nobody or another one is pinned, before the password or any request is sent', async () => {
    await start();
    await using server = await tlsServer();
    const { target } = device;
    const open = (options: Record<string, unknown>) =>
      eos.open({ ...target, device: { ...target.device, port: server.port, options } }, forever);
    const pins = certificatePins(target.knownHosts);
    await expect(open({})).rejects.toMatchObject({
      code: 'host_key_unknown',
      message: expect.stringContaining(server.fingerprint),
    });
    await expect(open({ tlsFingerprint: 'AA'.repeat(32) })).rejects.toMatchObject({ code: 'host_key_changed' });
    await writeFile(pins, pinCertificate('', '127.0.0.1', server.port, 'AA'.repeat(32), ''));
    await expect(open({})).rejects.toMatchObject({ code: 'host_key_changed' });
    expect(server.requests).toEqual([]);
    await writeFile(pins, pinCertificate('', '127.0.0.1', server.port, server.fingerprint, ''));
    await expect(open({})).rejects.toMatchObject({ code: 'unreachable' }); // it is no switch, but the right server
    expect(server.requests).toHaveLength(1);
  });

  it('that changes while a session is open is refused at the next connection', async () => {
    const { sim } = await start();
    const seen = new X509Certificate(sim.tls.cert).fingerprint256;
    await using session = await openWith(device, { tlsFingerprint: seen });
    sim.changeCertificate();
    expect(await session.config('running')).toContain('hostname r1'); // by the connection that was verified
    sim.device.disconnect();
    await expect
      .poll(() => session.alive().then(String, (error: { code: string }) => error.code))
      .toBe('host_key_changed');
  });

  it('is accepted by its pin in any spelling', async () => {
    const seen = new X509Certificate((await start()).sim.tls.cert).fingerprint256;
    const spelling = `sha256:${seen.replaceAll(':', '').toLowerCase()}`;
    await using session = await openWith(device, { tlsFingerprint: spelling });
    expect(await session.config('running')).toContain('hostname r1');
  });

  it('is checked against a CA file', async () => {
    const { sim, target } = await start();
    const ca = join(dirname(target.knownHosts), 'ca.pem');
    await writeFile(ca, sim.tls.cert);
    await using session = await openWith(device, { tlsCa: ca });
    expect(await session.config('running')).toContain('hostname r1');
  });

  it('is not asked of a lab without TLS, only where the inventory says so', async () => {
    await start();
    await expect(openWith(device, { http: true })).rejects.toMatchObject({
      code: expect.stringMatching(/^(?:unreachable|timeout)$/),
    });
  });
});

describe('the eAPI of a switch', () => {
  it('is logged in to once, and logged out of', async () => {
    await using device = await bench(eos, 'eapi', { platform: 'eos', config });
    const session = await device.open();
    await session.config('running');
    await session.alive();
    expect(device.sim.eapiLogins.size).toBe(1);
    await session[Symbol.asyncDispose]();
    expect(device.sim.eapiLogins.size).toBe(0);
  });

  it('is logged in to again, once, when it has forgotten the login', async () => {
    await using device = await bench(eos, 'eapi', { platform: 'eos', config });
    const session = await device.open();
    device.sim.eapiLogins.forget();
    expect(await session.config('running')).toContain('hostname r1');
    device.sim.faults.set({ eapiSessionSeconds: 300 });
    device.sim.device.clock.advance(301_000);
    expect(await session.config('running')).toContain('hostname r1');
    expect(device.sim.eapiLogins.size).toBe(1);
    device.sim.faults.set({ eapiSessionSeconds: -1 }); // forgotten before it can be used
    await expect(session.alive()).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it('is given up when it does not take our password any more, so that nobody tries it again and again', async () => {
    await using device = await bench(eos, 'eapi', { platform: 'eos', config });
    const session = await device.open();
    device.sim.eapiLogins.forget();
    const login = vi.spyOn(device.sim.eapiLogins, 'login').mockReturnValue({ status: 401, body: {} });
    await expect(session.config('running')).rejects.toMatchObject({ code: 'unauthorized' });
    expect(await session.closed).toContain('answered 401');
    expect(login).toHaveBeenCalledTimes(1);
  });

  it('is reached by IPv6', async () => {
    await using device = await bench(eos, 'eapi', { platform: 'eos', config, listen: '::1' });
    const { target } = device;
    await using session = await eos.open({ ...target, device: { ...target.device, host: '::1' } }, forever);
    expect(await session.config('running')).toContain('hostname r1');
  });

  it.each([
    ['null', 'null'],
    ['a list', '[]'],
    ['a result that is none', '{"result": 5}'],
    ['a result of fewer commands', '{"result": [{}]}'],
    ['a null in the place of a result', '{"result": [{}, null]}'],
    ['a number in the place of a result', '{"result": [{}, 2]}'],
    ['a list in the place of a result', '{"result": [{}, []]}'],
    ['output that is no text', '{"result": [{}, {"output": ["a"]}]}'],
    ['the answer to another request', '{"id": "plumb-7", "result": [{}, {"output": "a"}]}'],
    ['an error that is none', '{"error": "no"}'],
    ['half of an answer', '{"result": [{}, {"hostname"'],
    ['more than any switch has to say', Buffer.alloc(65 * 1024 * 1024, ' ')],
  ])('is not taken for one when something else answers with %s', async (_title, body) => {
    const server = createServer((_request, response) => {
      response.on('error', () => {}).end(body);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const login = { knownHosts: '/nowhere/known_hosts', username: 'admin', password: 'admin' };
    await using eapi = new Eapi(targetOf({ platform: 'eos', transport: 'eapi', port, options: { http: true } }, login));
    const asked = eapi.run(['show version'], 'text');
    await expect(asked).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringMatching(/^r1: eAPI: answered (?:200, which is not eAPI|more than)/),
    });
    server.closeAllConnections();
    server.close();
  });

  it.each([
    ['a chunk of no size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\n', /chunk size/],
    ['another protocol', 'hello\r\n\r\n', /HTTP/],
  ])('is not told as broken TLS where it answers in the clear with %s', async (_title, wire, why) => {
    const server = createTcpServer((socket) => socket.on('error', () => {}).once('data', () => socket.end(wire)));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const login = { knownHosts: '/nowhere/known_hosts', username: 'admin', password: 'admin' };
    await using eapi = new Eapi(targetOf({ platform: 'eos', transport: 'eapi', port, options: { http: true } }, login));
    const error = await eapi.run(['show version'], 'text').catch((refusal: Error) => refusal);
    expect(error).toMatchObject({
      code: 'unreachable',
      message: expect.stringMatching(/^r1: eAPI: answered what is not HTTP: /),
    });
    expect(String(error)).toMatch(why);
    server.close();
  });

  it('that answers a command without end is not listened to, and answers the next one', async () => {
    let sent = 0;
    const server = createServer((request, response) => {
      if (request.url === '/login') {
        response.writeHead(404).end();
        return;
      }
      if (sent > 0) {
        response.end(JSON.stringify({ result: [{}, { output: 'short' }] }));
        return;
      }
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(256 * 1024, ' '))) sent += 256 * 1024;
        sent++;
      };
      response.on('error', () => {}).on('drain', more);
      more();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const login = { knownHosts: '/nowhere/known_hosts', username: 'admin', password: 'admin' };
    await using eapi = new Eapi(targetOf({ platform: 'eos', transport: 'eapi', port, options: { http: true } }, login));
    await expect(eapi.run(['show tech-support'], 'text')).rejects.toMatchObject({
      code: 'rejected',
      message: `r1: eAPI: answered more than ${16 * 1024 * 1024} bytes`,
    });
    expect(sent).toBeLessThan(4 * 16 * 1024 * 1024);
    expect(await eapi.run(['show clock'], 'text')).toEqual([{ output: 'short' }]);
    server.closeAllConnections();
    server.close();
  });

  it.each(['a text', ['a text'], null, { reason: 'x' }])('may complain by %j', async (errors) => {
    const server = createServer((_request, response) => {
      response.end(JSON.stringify({ error: { code: 1002, message: 'CLI command 2 of 2', data: [{}, { errors }] } }));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const login = { knownHosts: '/nowhere/known_hosts', username: 'admin', password: 'admin' };
    await using eapi = new Eapi(targetOf({ platform: 'eos', transport: 'eapi', port, options: { http: true } }, login));
    const refusal = await eapi.run(['show x'], 'json').catch((error: unknown) => error as Error);
    expect(refusal).toMatchObject({ name: 'EapiRefusal', index: 0 });
    expect(String(refusal)).not.toContain('[object Object]');
    server.closeAllConnections();
    server.close();
  });

  it('is talked to in the clear where the inventory says so, for a lab', async () => {
    const seen: string[] = [];
    const server = createServer((request, response) => {
      seen.push(`${request.url} ${request.headers.cookie ?? ''}`.trim());
      if (request.url === '/login') response.setHeader('set-cookie', ['Other=1', 'Session=abc; Path=/']);
      response.end(JSON.stringify({ result: [{}, { hostname: 'r1' }] }));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const login = { knownHosts: '/nowhere/known_hosts', username: 'admin', password: 'admin' };
    const target = targetOf({ platform: 'eos', transport: 'eapi', port, options: { http: true } }, login);
    const session = await eos.open(target, forever);
    await session[Symbol.asyncDispose]();
    server.close();
    expect(seen).toEqual(['/login', '/command-api Session=abc', '/logout Session=abc']);
  });

  it('takes name and password with each request where it has no login', async () => {
    const faults = { eapiNoLogin: true };
    await using device = await bench(eos, 'eapi', { platform: 'eos', config, faults });
    const session = await device.open();
    expect(await session.config('running')).toContain('hostname r1');
    expect(device.sim.eapiLogins.size).toBe(0);
  });

  it.each([false, true])(
    'says who was not let in, after one attempt, without the password (no login: %s)',
    async (eapiNoLogin) => {
      await using device = await bench(eos, 'eapi', { platform: 'eos', config, faults: { eapiNoLogin } });
      const { target } = device;
      const attempts = vi.spyOn(device.sim.eapiLogins, eapiNoLogin ? 'allows' : 'login');
      const wrong = { ...target, credentials: { username: 'ann', password: 'canary' } };
      const error = await eos.open(wrong, forever).catch((refusal: Error) => refusal);
      expect(error).toMatchObject({ code: 'unauthorized', message: expect.stringContaining('ann') });
      expect(JSON.stringify(error) + String(error)).not.toContain('canary');
      expect(attempts).toHaveBeenCalledTimes(1);
    },
  );

  it('gets its configuration session anew in each call that edits', async () => {
    await using device = await bench(eos, 'eapi', { platform: 'eos', config });
    const calls: string[][] = [];
    const { box } = device.sim;
    const make = box.eapi?.bind(box);
    box.eapi = (login) => {
      const context = make?.(login);
      const call: string[] = [];
      calls.push(call);
      return {
        run: async (command, input, format) => {
          call.push(command);
          return (await context?.run(command, input, format)) ?? { ok: true, text: '' };
        },
      };
    };
    const session = await device.open();
    await using candidate = await session.load('hostname r2\nbanner motd\nhello\nEOF\n', 'replace', change());
    expect(await candidate.diff()).toContain('+hostname r2');
    const edits = calls.filter((call) => call.some((command) => /^(?:hostname|banner|rollback)/.test(command)));
    expect(edits.length).toBeGreaterThan(0);
    for (const call of edits)
      expect(call.slice(0, 2)).toEqual(['enable', expect.stringMatching(/^configure session plumb-/)]);
  });

  it('refuses a command by what it says: unknown, without JSON, not allowed', async () => {
    await using device = await bench(eos, 'eapi', { platform: 'eos', config });
    const session = await device.open();
    await expect(session.run('shaw version')).rejects.toMatchObject({
      code: 'rejected',
      message: expect.stringMatching(/^r1: "shaw version": Invalid input/),
    });
    device.sim.faults.set({ deny: { match: '^show clock' } });
    await expect(session.run('show clock')).rejects.toMatchObject({
      code: 'rejected',
      message: expect.stringContaining('Authorization denied'),
      hint: expect.stringContaining('role of admin'),
    });
    const cli = await openEosEapi(device.target, forever);
    await cli.type('x', ['hostname r9'], []);
    await expect(cli.json('show session-config named x diffs')).rejects.toMatchObject({ code: 'unsupported' });
    await cli[Symbol.asyncDispose]();
  });

  it('keeps what a command was given as input out of its message', async () => {
    const faults = { deny: { match: '^(?:enable|banner motd)$' } };
    await using device = await bench(eos, 'eapi', { platform: 'eos', config, faults });
    const { target } = device;
    const withEnable = { ...target, credentials: { ...target.credentials, enable: "it's canary" } };
    const error = await eos.open(withEnable, forever).catch((refusal: Error) => refusal);
    expect(error).toMatchObject({ code: 'unauthorized', message: expect.stringContaining('input=<secret>') });
    expect(JSON.stringify(error) + String(error)).not.toContain('canary');
    device.sim.faults.set({ deny: { match: '^banner' } });
    const session = await device.open();
    const refused = await session
      .load('hostname r2\nbanner motd\ncanary\nEOF\n', 'replace', change())
      .catch((refusal: Error) => refusal);
    expect(refused).toMatchObject({ code: 'rejected', line: 2, hint: expect.stringContaining('role') });
    expect(String(refused)).not.toContain('canary');
  });

  it('is waited for no longer than was asked, and nothing of the waiting stays', async () => {
    await using device = await bench(eos, 'eapi', { platform: 'eos', config });
    await using eapi = new Eapi(device.target);
    const { signal } = new AbortController();
    for (let call = 0; call < 5; call++) await eapi.run(['show hostname'], 'json', { signal });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    device.sim.faults.set({ halfOpen: true });
    await expect(eapi.run(['show hostname'], 'json', { signal, timeoutMs: 100 })).rejects.toMatchObject({
      code: 'timeout',
      message: 'r1: eAPI: no answer within 0.1 s',
    });
    device.sim.faults.set({ halfOpen: null }); // for the logout
    device.sim.device.disconnect();
  });

  it('is given up when the runner stops while it connects', async () => {
    await using device = await bench(eos, 'eapi', { platform: 'eos', config, faults: { halfOpen: true } });
    const controller = new AbortController();
    const opening = eos.open(device.target, controller.signal);
    controller.abort(new Error('shutting down'));
    await expect(opening).rejects.toThrow('shutting down');
  });
});
