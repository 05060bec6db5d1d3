import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Login, startSshd } from '../../lab/login/sshd.ts';
import { linux } from '../../runners/drivers/linux.ts';
import { openSsh, type SshOptions } from '../../runners/transports/ssh.ts';
import { forever, targetOf } from '../drivers/target.ts';

const missing = ['/usr/sbin/sshd'].find((path) => !existsSync(path)) ?? (process.getuid?.() === 0 ? '' : 'root');

const asRoot = ({ port, knownHosts, key }: Login): SshOptions => ({
  name: 'r1',
  host: '127.0.0.1',
  port,
  username: 'root',
  knownHosts,
  key,
});

describe.skipIf(missing && !process.env.CI)(`sshd, as people set it${missing ? ` (no ${missing})` : ''}`, () => {
  it('MaxSessions 1: one command after the other gets its channel, however fast they come', async () => {
    await using login = await startSshd({ lines: ['MaxSessions 1'] });
    await using connection = await openSsh(asRoot(login), forever);
    for (let count = 0; count < 200; count++) expect((await connection.exec('true')).code).toBe(0);
    const together = Array.from({ length: 5 }, (_, at) => connection.exec(`sleep 0.1; echo ${at}`));
    expect((await Promise.all(together)).map(({ stdout }) => stdout.trim())).toEqual(['0', '1', '2', '3', '4']);
  });

  it('MaxSessions 1: a session reads, loads and deploys as anywhere', async () => {
    await using login = await startSshd({ lines: ['MaxSessions 1'] });
    const { port, knownHosts, key } = login;
    await using session = await linux.open(targetOf({ platform: 'linux', port }, { knownHosts, key }), forever);
    for (let count = 0; count < 20; count++) {
      expect((await session.facts()).hostname).not.toBe('');
      expect(await session.pending()).toBeUndefined();
    }
  });

  it('MaxSessions 0: says what the server said, and what to look at', async () => {
    await using login = await startSshd({ lines: ['MaxSessions 0'] });
    await using connection = await openSsh(asRoot(login), forever);
    await expect(connection.exec('true')).rejects.toMatchObject({
      code: 'closed',
      message: 'r1: the server gives no SSH channel: open failed',
      hint: expect.stringContaining('MaxSessions'),
    });
  });
});
