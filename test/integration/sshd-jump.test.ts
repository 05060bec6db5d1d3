import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Login, startSshd } from '../../lab/login/sshd.ts';
import { claimPort } from '../../lab/port.ts';
import { forever } from '../../lab/proof/target.ts';
import { openSsh, type SshOptions } from '../../runners/transports/ssh/ssh.ts';
import { describeWith, sshd } from '../real.ts';
import { plumb, repository } from '../unit/cli/terminal.ts';

/** A device and its jump host; both let the same key in, and both host keys are pinned. */
const pair = async (hopLines: readonly string[] = []) => {
  const login = await startSshd();
  const hop = await startSshd({ lines: hopLines });
  await writeFile(join(hop.folder, 'authorized_keys'), await readFile(join(login.folder, 'user.pub')));
  const known = await Promise.all([login, hop].map(({ knownHosts }) => readFile(knownHosts, 'utf8')));
  await writeFile(login.knownHosts, known.join(''));
  const options: SshOptions = {
    name: 'r1',
    host: '127.0.0.1',
    port: login.port,
    username: 'root',
    key: login.key,
    knownHosts: login.knownHosts,
    jump: { host: '127.0.0.1', port: hop.port },
  };
  const gone = async () => {
    await hop[Symbol.asyncDispose]();
    await login[Symbol.asyncDispose]();
  };
  return { login, hop, options, [Symbol.asyncDispose]: gone };
};

const whoami = async (options: SshOptions): Promise<string> => {
  await using connection = await openSsh(options, forever);
  return (await connection.exec('whoami')).stdout.trim();
};

/** A repository whose r1 is that device. */
const site = async (login: Login, hop: Login) => {
  const made = await repository();
  const key = join(made.folder, 'key');
  await writeFile(key, login.key, { mode: 0o600 });
  const inventory = `site: dc1
defaults: { platform: linux, credentials: { username: root, key: { file: key } } }
devices:
  r1: { host: 127.0.0.1, port: ${login.port}, options: { files: [/etc/motd], jump: 'root@127.0.0.1:${hop.port}' } }
`;
  await writeFile(join(made.folder, 'inventory.yml'), inventory);
  return made;
};

type Finding = { check: string; on: string; result: string; detail: string; fix?: string };

describeWith(sshd, 'a jump host', () => {
  it('doctor says how to pin its key and then the one of the device, until the login works', async () => {
    await using both = await pair();
    await using repo = await site(both.login, both.hop);
    const fixes: string[] = [];
    for (;;) {
      const { out } = await plumb(repo.folder, ['doctor', 'r1', '-o', 'json']);
      const found = (JSON.parse(out) as { items: Finding[] }).items.filter(({ on }) => on === 'r1');
      expect(found.find(({ check }) => check === 'tcp')).toMatchObject({
        result: 'ok',
        detail: expect.stringContaining(`jump host 127.0.0.1:${both.hop.port}`),
      });
      const fix = found.find(({ result }) => result === 'fail')?.fix;
      if (fix === undefined) {
        expect(found.find(({ check }) => check === 'login')).toMatchObject({ result: 'ok' });
        break;
      }
      expect(fixes).not.toContain(fix);
      fixes.push(fix);
      const [, ...words] = fix.split(' ');
      expect(await plumb(repo.folder, [...words, '--yes'])).toMatchObject({ code: 0 });
    }
    expect(fixes).toEqual(['plumb trust r1 --jump', 'plumb trust r1']);
  });

  it('whose key nobody pinned is named as such, and the hint pins it', async () => {
    await using both = await pair();
    await using repo = await site(both.login, both.hop);
    const { code, err } = await plumb(repo.folder, ['trust', 'r1', '--yes']);
    expect(code).toBe(1);
    expect(err).toContain(`r1: the jump host 127.0.0.1 port ${both.hop.port} shows a host key that is not pinned`);
    const [, hint = ''] = /`plumb (.*)`/.exec(err) ?? [];
    expect(await plumb(repo.folder, [...hint.split(' '), '--yes'])).toMatchObject({ code: 0 });
    expect(await plumb(repo.folder, ['trust', 'r1', '--yes'])).toMatchObject({ code: 0 });
    await both.hop.changeHostKey();
    const changed = await plumb(repo.folder, ['trust', 'r1', '--yes']);
    expect(changed.err).toMatch(
      /the jump host .* shows another host key .*\n.*`plumb trust r1 --jump` pins the new key/,
    );
    expect(await plumb(repo.folder, ['trust', 'r1', '--jump', '--yes'])).toMatchObject({ code: 0 });
    expect(await plumb(repo.folder, ['trust', 'r1', '--yes'])).toMatchObject({ code: 0 });
  });

  it.each(['AllowTcpForwarding no', 'PermitOpen none', 'PermitOpen 192.0.2.1:22', 'DisableForwarding yes'])(
    '%s: it does not reach the device, and the hint names what forbids it',
    async (line) => {
      await using both = await pair([line]);
      await expect(whoami(both.options)).rejects.toMatchObject({
        code: 'unreachable',
        message: expect.stringContaining('r1: the jump host cannot reach 127.0.0.1 port'),
        hint: expect.stringContaining(line.split(' ')[0] ?? ''),
      });
    },
  );

  it('PermitOpen of the device, no terminal, no sessions: is enough', async () => {
    await using both = await pair(['PermitOpen 127.0.0.1:*', 'PermitTTY no', 'MaxSessions 1', 'ForceCommand false']);
    expect(await whoami(both.options)).toBe('root');
  });

  it('that refuses the user, or is away, is told apart from the device', async () => {
    await using both = await pair(['AllowUsers noc']);
    await expect(whoami(both.options)).rejects.toMatchObject({
      code: 'unauthorized',
      message: expect.stringContaining(`r1: the jump host 127.0.0.1 port ${both.hop.port} refused the login of root`),
      hint: expect.stringContaining('the user before the @ in its `options.jump`'),
    });
    await using nobody = await claimPort();
    const jump = { host: '127.0.0.1', port: nobody.port };
    await expect(whoami({ ...both.options, jump })).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining(`cannot reach the jump host 127.0.0.1 port ${jump.port}`),
      hint: 'is it up, and is `options.jump` of r1 right?',
    });
  });
});
