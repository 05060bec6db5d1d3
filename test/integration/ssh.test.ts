import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Login, startSshd } from '../../lab/login/sshd.ts';
import { forever } from '../../lab/proof/target.ts';
import { openSsh, type SshOptions } from '../../runners/transports/ssh/ssh.ts';
import { describeWith, sshd } from '../real.ts';

const to = ({ port, knownHosts }: Login): SshOptions => ({
  name: 'r1',
  host: '127.0.0.1',
  port,
  username: 'root',
  knownHosts,
});

const whoami = async (options: SshOptions): Promise<string> => {
  await using connection = await openSsh(options, forever);
  return (await connection.exec('whoami')).stdout.trim();
};

describeWith(sshd, 'OpenSSH, for real', () => {
  it('lets in with a key, with an encrypted one, and with one that an agent holds', async () => {
    await using login = await startSshd();
    expect(await whoami({ ...to(login), key: login.key })).toBe('root');

    const path = join(login.folder, 'encrypted');
    await writeFile(path, login.key, { mode: 0o600 });
    execFileSync('ssh-keygen', ['-q', '-p', '-N', 'canary', '-f', path]);
    const key = await readFile(path, 'utf8');
    expect(await whoami({ ...to(login), key, passphrase: 'canary' })).toBe('root');

    const agent = join(login.folder, 'agent.sock');
    const child = spawn('ssh-agent', ['-D', '-a', agent], { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      await once(child.stdout, 'data'); // it says where it listens
      await expect(openSsh({ ...to(login), agent }, forever)).rejects.toMatchObject({
        code: 'credentials_unavailable',
      });
      execFileSync('ssh-add', ['-q', join(login.folder, 'user')], { env: { ...process.env, SSH_AUTH_SOCK: agent } });
      expect(await whoami({ ...to(login), agent })).toBe('root');
    } finally {
      child.kill();
    }
  });

  it('is reached by way of another one', async () => {
    await using hop = await startSshd();
    await using login = await startSshd();
    const known = await Promise.all([hop, login].map(({ knownHosts }) => readFile(knownHosts, 'utf8')));
    await writeFile(login.knownHosts, known.join(''));
    await writeFile(join(hop.folder, 'authorized_keys'), await readFile(join(login.folder, 'user.pub'), 'utf8'));
    const jump = { host: '127.0.0.1', port: hop.port, username: 'root' };
    expect(await whoami({ ...to(login), key: login.key, jump })).toBe('root');
    await hop.drop();
    await expect(whoami({ ...to(login), key: login.key, jump })).rejects.toMatchObject({ code: 'unreachable' });
  });
});
