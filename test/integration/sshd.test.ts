import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Account, accountPassword } from '../../lab/login/accounts.ts';
import { end, type Login, startSshd } from '../../lab/login/sshd.ts';
import { forever, targetOf } from '../../lab/proof/target.ts';
import { linux } from '../../runners/drivers/linux/platform.ts';
import { openSsh, type SshOptions } from '../../runners/transports/ssh/ssh.ts';
import { describeWith, sshd } from '../real.ts';

/** An agent that holds keys which no server knows, and then the one that may log in. */
const agentWith = async (login: Login, strangers: number) => {
  const path = join(login.folder, 'agent.sock');
  const child = spawn('ssh-agent', ['-D', '-a', path], { stdio: ['ignore', 'pipe', 'ignore'] });
  await once(child.stdout, 'data'); // it says where it listens
  const env = { ...process.env, SSH_AUTH_SOCK: path };
  for (let at = 0; at < strangers; at++) {
    const key = join(login.folder, `stranger${at}`);
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
    execFileSync('ssh-add', ['-q', key], { env });
  }
  execFileSync('ssh-add', ['-q', join(login.folder, 'user')], { env });
  const shown = execFileSync('ssh-keygen', ['-l', '-f', join(login.folder, 'user.pub')], { encoding: 'utf8' });
  return { path, fingerprint: shown.split(' ')[1] ?? '', [Symbol.asyncDispose]: () => end(child) };
};

const whoami = async (options: SshOptions): Promise<string> => {
  await using connection = await openSsh(options, forever);
  return (await connection.exec('whoami')).stdout.trim();
};

const noc: Account = { name: 'noc', password: 'secret' };
const withPassword = ({ port, knownHosts }: Login): SshOptions => ({
  name: 'r1',
  host: '127.0.0.1',
  port,
  username: 'noc',
  knownHosts,
  password: accountPassword,
});

const asRoot = ({ port, knownHosts, key }: Login): SshOptions => ({
  name: 'r1',
  host: '127.0.0.1',
  port,
  username: 'root',
  knownHosts,
  key,
});

describeWith(sshd, 'sshd, as people set it', () => {
  it('MaxSessions 1: one command after the other gets its channel, however fast they come', async () => {
    await using login = await startSshd({ lines: ['MaxSessions 1'] });
    await using connection = await openSsh(asRoot(login), forever);
    for (let count = 0; count < 200; count++) expect((await connection.exec('true')).code).toBe(0);
    const together = Array.from({ length: 5 }, (_, at) => connection.exec(`sleep 0.1; echo ${at}`));
    expect((await Promise.all(together)).map(({ stdout }) => stdout.trim())).toEqual(['0', '1', '2', '3', '4']);
  });

  it('MaxSessions 1: a session reads as anywhere', async () => {
    const disk = await mkdtemp(join(tmpdir(), 'plumb-disk-')); // else the trials of other tests are seen
    try {
      await using login = await startSshd({ lines: ['MaxSessions 1'], disk });
      const { port, knownHosts, key } = login;
      await using session = await linux.open(targetOf({ platform: 'linux', port }, { knownHosts, key }), forever);
      for (let count = 0; count < 20; count++) {
        expect((await session.facts()).hostname).not.toBe('');
        expect(await session.pending()).toBeUndefined();
      }
    } finally {
      await rm(disk, { recursive: true, force: true });
    }
  });

  it('MaxSessions 0: says what the server said, and what to look at', async () => {
    await using login = await startSshd({ lines: ['MaxSessions 0'] });
    await using connection = await openSsh(asRoot(login), forever);
    await expect(connection.exec('true')).rejects.toMatchObject({
      code: 'closed',
      message: 'r1: the server refuses an SSH channel: open failed',
      hint: expect.stringContaining('MaxSessions'),
    });
  });

  it('an agent with more keys than MaxAuthTries is refused, not unreachable, and the hint helps', async () => {
    await using login = await startSshd();
    await using agent = await agentWith(login, 7);
    const { key: _, ...options } = asRoot(login);
    await expect(openSsh({ ...options, agent: agent.path }, forever)).rejects.toMatchObject({
      code: 'unauthorized',
      message: expect.stringMatching(/Too many authentication failures\): it refused 6 keys of the agent$/),
      hint: expect.stringContaining('`agent: SHA256:…`'),
    });
    expect(await whoami({ ...options, agent: agent.path, agentKey: agent.fingerprint })).toBe('root');
    const other = `SHA256:${'A'.repeat(43)}`;
    await expect(openSsh({ ...options, agent: agent.path, agentKey: other }, forever)).rejects.toMatchObject({
      code: 'credentials_unavailable',
      message: expect.stringContaining(`does not have the key ${other}`),
    });
  });

  it('a wrong password beside an agent with many keys: the hint names both, and each of them helps', async () => {
    await using login = await startSshd({ accounts: [noc] });
    await using agent = await agentWith(login, 5);
    const wrong = { ...withPassword(login), password: 'wrong', agent: agent.path };
    await expect(openSsh(wrong, forever)).rejects.toMatchObject({
      code: 'unauthorized',
      message: expect.stringMatching(/: it refused 4 keys of the agent, the password, the password by keyboard-inter/),
      hint: expect.stringMatching(/^check the user and the key or password of r1 .*, or choose one key of the agent: /),
    });
    expect(await whoami({ ...wrong, password: accountPassword })).toBe('noc');
    expect(await whoami({ ...wrong, agentKey: agent.fingerprint })).toBe('noc');
  });

  it('an agent with many keys, of which the server takes none: the hint is another way, and it helps', async () => {
    await using login = await startSshd({ accounts: [noc], lines: ['PubkeyAuthentication no'] });
    await using agent = await agentWith(login, 1);
    const { password, ...options } = { ...withPassword(login), agent: agent.path };
    await expect(openSsh(options, forever)).rejects.toMatchObject({ hint: 'give r1 a `password` in its credentials' });
    await expect(openSsh({ ...options, password: 'wrong' }, forever)).rejects.toMatchObject({
      hint: "check the user and the key or password of r1 in the inventory; the server's log gives the reason",
    });
    expect(await whoami({ ...options, password: accountPassword })).toBe('noc');
  });

  it('a password is tried before an agent has used up all tries', async () => {
    await using login = await startSshd({ accounts: [noc], lines: ['AuthorizedKeysFile none'] });
    await using agent = await agentWith(login, 7);
    expect(await whoami({ ...withPassword(login), agent: agent.path })).toBe('noc');
    execFileSync('ssh-add', ['-q', '-D'], { env: { ...process.env, SSH_AUTH_SOCK: agent.path } });
    expect(await whoami({ ...withPassword(login), agent: agent.path })).toBe('noc'); // nor does an empty one matter
  });

  it.each([
    ['publickey,password', ''],
    ['password,publickey', ''],
    ['publickey,keyboard-interactive', 'UsePAM yes'],
    ['publickey,keyboard-interactive:pam password,publickey', 'UsePAM yes'],
  ])('AuthenticationMethods %s: goes through the steps, with a key and with one of an agent', async (methods, more) => {
    const lines = [`AuthenticationMethods ${methods}`, ...(more ? [more] : [])];
    await using login = await startSshd({ accounts: [noc], lines });
    await using agent = await agentWith(login, 1);
    expect(await whoami({ ...withPassword(login), key: login.key })).toBe('noc');
    expect(await whoami({ ...withPassword(login), agent: agent.path })).toBe('noc');
    await expect(openSsh(withPassword(login), forever)).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it.each([
    ['-t ed25519 -m PKCS8', ''],
    ['-t ecdsa -b 256 -m PKCS8', ''],
    ['-t ecdsa -b 384 -m PKCS8', ''],
    ['-t ecdsa -b 521 -m PKCS8', ''],
    ['-t rsa -b 2048 -m PKCS8', ''],
    ['-t rsa -b 4096 -m PEM', ''],
    ['-t rsa -b 1024', ''],
    ['-t dsa', 'PubkeyAcceptedAlgorithms +ssh-dss'],
  ])('a key made with %s lets in', async (kind, line) => {
    await using login = await startSshd({ lines: line ? [line] : [] });
    const path = join(login.folder, 'made');
    execFileSync('ssh-keygen', ['-q', '-N', 'geheim', '-a', '1', '-f', path, ...kind.split(' ')]);
    await writeFile(join(login.folder, 'authorized_keys'), await readFile(`${path}.pub`));
    const key = await readFile(path, 'utf8');
    expect(await whoami({ ...asRoot(login), key, passphrase: 'geheim' })).toBe('root');
  });
});
