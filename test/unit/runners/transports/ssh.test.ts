import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { newSshKey } from '../../../../lab/ssh-key.ts';
import { fingerprint, knownHostsLine } from '../../../../runners/transports/ssh/known-hosts.ts';
import { fetchHostKey, openSsh } from '../../../../runners/transports/ssh/ssh.ts';
import { folderOfTest } from '../../../folder.ts';
import { sshServer } from './ssh-server.ts';

/** What ssh2's own server never sends. */
type Protocol = {
  channelEOF(id: number): void;
  channelData(id: number, data: Buffer): void;
  channelExtData(id: number, data: Buffer, type: number): void;
};

const forever = new AbortController().signal;
const anotherKey = () => Buffer.from(newSshKey().public.split(' ')[1] ?? '', 'base64');

describe('an SSH connection', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('sends nothing of ours to a host that shows another key than the pinned one', async () => {
    await using server = await sshServer();
    const pinned = anotherKey();
    await writeFile(server.options.knownHosts, knownHostsLine('127.0.0.1', server.port, pinned));
    await expect(openSsh(server.options, forever)).rejects.toMatchObject({
      code: 'host_key_changed',
      message: expect.stringMatching(/^leaf1: 127\.0\.0\.1 port \d+ shows another host key than the pinned one/),
    });
    const message = await openSsh(server.options, forever).then(String, String);
    expect(message).toContain(fingerprint(server.hostKey));
    expect(message).toContain(fingerprint(pinned));
    expect(server.attempts).toEqual([]);
  });

  it('sends nothing of ours to a host that nobody has pinned, or whose key is revoked', async () => {
    await using server = await sshServer();
    const line = knownHostsLine('127.0.0.1', server.port, server.hostKey);
    await writeFile(server.options.knownHosts, '');
    await expect(openSsh(server.options, forever)).rejects.toMatchObject({
      code: 'host_key_unknown',
      hint: expect.stringContaining('plumb trust leaf1'),
    });
    await writeFile(server.options.knownHosts, `@revoked ${line}\n${line}\n`);
    await expect(openSsh(server.options, forever)).rejects.toMatchObject({ code: 'host_key_changed' });
    await rm(server.options.knownHosts);
    await expect(openSsh(server.options, forever)).rejects.toMatchObject({ code: 'host_key_unknown' });
    expect(server.attempts).toEqual([]);
    await writeFile(server.options.knownHosts, line);
  });

  it('logs in with a password, and by keyboard-interactive where nothing else is offered', async () => {
    await using server = await sshServer({
      auth: (attempt) => {
        if (attempt.method !== 'keyboard-interactive') return false;
        attempt.prompt(
          [
            { prompt: 'Username: ', echo: true },
            { prompt: 'Password: ', echo: false },
          ],
          (answers) => {
            if (answers.join() === 'admin,canary') attempt.accept();
            else attempt.reject();
          },
        );
        return 'interactive';
      },
    });
    await using _connection = await openSsh(server.options, forever);
    expect(server.attempts.map(({ method }) => method)).toContain('password');
    expect(server.attempts.at(-1)?.method).toBe('keyboard-interactive');
  });

  it('logs in with a key that has a passphrase, and says so where the passphrase is missing', async () => {
    const folder = await folderOfTest('key');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'canary', '-f', join(folder, 'id')]);
    const key = await readFile(join(folder, 'id'), 'utf8');
    await using server = await sshServer({ auth: ({ method }) => method === 'publickey' });
    const { password: _, ...options } = server.options;
    await using _connection = await openSsh({ ...options, key, passphrase: 'canary' }, forever);
    await expect(openSsh({ ...options, key }, forever)).rejects.toMatchObject({ code: 'credentials_unavailable' });
    await expect(openSsh({ ...options, key: 'no key' }, forever)).rejects.toMatchObject({
      code: 'credentials_unavailable',
    });
  });

  it('says who was not let in, without the password', async () => {
    await using server = await sshServer({ auth: () => false });
    const error = await openSsh(server.options, forever).catch((refusal: Error) => refusal);
    expect(error).toMatchObject({ code: 'unauthorized', message: expect.stringContaining('admin') });
    expect(JSON.stringify(error) + String(error)).not.toContain('canary');
  });

  it('calls a host unreachable where nothing listens, where nobody answers, and where it is no SSH', async () => {
    await using server = await sshServer();
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as { port: number };
    const attempt = (other: object) => openSsh({ ...server.options, connectTimeoutMs: 200, ...other }, forever);
    await expect(attempt({ port: 1 })).rejects.toMatchObject({ code: 'unreachable' });
    await expect(attempt({ port })).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('did not answer in time'),
    });
    silent.close();
    const web = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(0, '127.0.0.1');
    await once(web, 'listening');
    await expect(attempt({ port: (web.address() as { port: number }).port })).rejects.toMatchObject({
      code: 'unreachable',
    });
    web.close();
  });

  it('stops connecting when it is told to', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    await using server = await sshServer();
    const controller = new AbortController();
    const { port } = silent.address() as { port: number };
    const attempt = openSsh({ ...server.options, port }, controller.signal);
    controller.abort(new Error('shutting down'));
    await expect(attempt).rejects.toThrow('shutting down');
    silent.close();
  });

  it('stays open when the time for connecting has passed', async () => {
    await using server = await sshServer();
    const opening = new AbortController();
    const time = new AbortController();
    const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValueOnce(time.signal);
    await using connection = await openSsh({ ...server.options, connectTimeoutMs: 1_500 }, opening.signal);
    expect(timeout.mock.calls).toEqual([[1_500]]);
    opening.abort();
    time.abort(new DOMException('the time is over', 'TimeoutError'));
    await connection.alive();
  });

  it('speaks old algorithms only where that was asked for', async () => {
    const config = { algorithms: { cipher: ['aes128-cbc' as const], hmac: ['hmac-sha1' as const] } };
    await using server = await sshServer({ config });
    await expect(openSsh(server.options, forever)).rejects.toMatchObject({
      code: 'unreachable',
      hint: expect.stringContaining('legacyAlgorithms'),
    });
    await using _connection = await openSsh({ ...server.options, legacyAlgorithms: true }, forever);
  });

  it('prefers AES-GCM', async () => {
    let cipher = '';
    await using server = await sshServer({
      connection: (connection) => connection.once('handshake', ({ cs }) => (cipher = cs.cipher)),
    });
    await using _connection = await openSsh(server.options, forever);
    expect(cipher).toMatch(/gcm/);
  });

  it('runs a command with stdin, and tells its output, its errors and its end apart', async () => {
    await using server = await sshServer({
      exec: (command, channel) => {
        channel.write(`${command}:`);
        channel.on('data', (data: Buffer) => channel.write(data));
        channel.on('end', () => {
          channel.stderr.write('warning');
          channel.exit(3);
          channel.end();
        });
      },
    });
    await using connection = await openSsh(server.options, forever);
    expect(await connection.exec('cat', { stdin: 'text' })).toEqual({
      code: 3,
      signal: undefined,
      stdout: 'cat:text',
      stderr: 'warning',
    });
  });

  it('gives up on a command that does not end, and on one that prints without end', async () => {
    await using server = await sshServer({
      exec: (command, channel) => {
        if (command === 'yes') channel.write('y\n'.repeat(1_000));
      },
    });
    await using connection = await openSsh(server.options, forever);
    await expect(connection.exec('sleep', { timeoutMs: 50 })).rejects.toMatchObject({ code: 'timeout' });
    await expect(connection.exec('yes', { maxBytes: 100 })).rejects.toMatchObject({ code: 'rejected' });
    await connection.alive();
  });

  it('outlives a server that goes on printing after it said that it is done', async () => {
    await using server = await sshServer({
      exec: (_command, channel) => {
        const { outgoing } = channel as unknown as { outgoing: { id: number } };
        const { _protocol: wire } = [...server.connections][0] as unknown as { _protocol: Protocol };
        wire.channelEOF(outgoing.id);
        wire.channelData(outgoing.id, Buffer.from('more'));
        wire.channelExtData(outgoing.id, Buffer.from('more'), 1);
        channel.exit(0);
        channel.close();
      },
    });
    await using connection = await openSsh(server.options, forever);
    expect(await connection.exec('show version')).toMatchObject({ code: 0 });
    await connection.alive();
  });

  it('says that the connection was lost, to whoever waits and to whoever comes later', async () => {
    await using server = await sshServer({
      exec: () => {
        for (const connection of server.connections) connection.end();
      },
    });
    await using connection = await openSsh(server.options, forever);
    await expect(connection.exec('show version')).rejects.toMatchObject({ code: 'closed' });
    await connection.closed;
    await expect(connection.alive()).rejects.toMatchObject({ code: 'closed' });
    await expect(connection.exec('show version')).rejects.toMatchObject({ code: 'closed' });
  });

  it('opens shells and subsystems, and says which it is not given', async () => {
    await using server = await sshServer();
    await using connection = await openSsh(server.options, forever);
    const shell = await connection.shell({ rows: 100, cols: 511, term: 'vt100' });
    expect(String((await once(shell, 'data'))[0])).toBe('leaf1# ');
    const netconf = await connection.subsystem('netconf');
    expect(String((await once(netconf, 'data'))[0])).toBe('hello');
    await expect(connection.subsystem('sftp')).rejects.toMatchObject({ code: 'closed' });
  });

  it('goes by way of a jump host, whose key it verifies as well', async () => {
    await using server = await sshServer();
    await using jump = await sshServer({
      connection: (connection) => {
        connection.on('tcpip', (accept, _reject, { destPort }) => {
          expect(destPort).toBe(server.port);
          const through = accept();
          void import('node:net').then(({ connect }) => {
            const socket = connect(server.port, '127.0.0.1');
            socket.on('error', () => {}).pipe(through);
            through.on('error', () => {}).pipe(socket);
          });
        });
      },
    });
    const lines = [server, jump].map(({ port, hostKey }) => knownHostsLine('127.0.0.1', port, hostKey));
    const options = { ...server.options, jump: { host: '127.0.0.1', port: jump.port, username: 'hopper' } };
    await expect(openSsh(options, forever)).rejects.toMatchObject({ code: 'host_key_unknown' });
    expect(jump.attempts).toEqual([]);
    await writeFile(server.options.knownHosts, lines.join('\n'));
    const connection = await openSsh(options, forever);
    await connection.alive();
    await connection[Symbol.asyncDispose]();
    await expect.poll(() => jump.connections.size).toBe(0);
  });

  it('shows the key of a host without logging in', async () => {
    await using server = await sshServer();
    expect(await fetchHostKey(server.options, forever)).toEqual(server.hostKey);
    expect(server.attempts).toEqual([]);
    await expect(fetchHostKey({ ...server.options, port: 1 }, forever)).rejects.toMatchObject({ code: 'unreachable' });
  });
});
