import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Login, startSshd } from '../../lab/login/sshd.ts';
import { forever, targetOf } from '../../lab/proof/target.ts';
import { linux } from '../../runners/drivers/linux/platform.ts';
import { openSsh, type SshOptions } from '../../runners/transports/ssh/ssh.ts';
import { describeWith, sshd } from '../real.ts';
import { algorithms } from './sshd-options/algorithms.ts';
import { dropHostKeys, harmless, makeHostKeys, type Row } from './sshd-options/row.ts';
import { sessions } from './sshd-options/sessions.ts';
import { users } from './sshd-options/users.ts';

const rows = [...users, ...sessions, ...algorithms];

/** Logs in and does what a platform does first. */
const use = async (login: Login, want: Row['want'], how: Partial<SshOptions>): Promise<void> => {
  const { port, knownHosts } = login;
  const { legacyAlgorithms, ...own } = how;
  const credentials = { username: 'root', ...(own.username ? {} : { key: login.key }), ...own };
  if (want === undefined) {
    const target = targetOf({ platform: 'linux', port, options: { legacyAlgorithms } }, { knownHosts, ...credentials });
    await using session = await linux.open(target, forever);
    expect((await session.facts()).hostname).not.toBe('');
    return;
  }
  await using ssh = await openSsh({ name: 'r1', host: '127.0.0.1', port, knownHosts, ...credentials }, forever);
  if (want === 'netconf') await ssh.subsystem('netconf');
  else await ssh.shell({ rows: 24, cols: 80, term: 'vt100' });
};

describeWith(
  sshd,
  'sshd_config',
  () => {
    it.each(rows)('$option: says so, and the hint mends it', async (row) => {
      const { server, prepare, want, as = () => ({}), code, message, hint, mended } = row;
      await using login = await startSshd(server);
      {
        using _during = (await prepare?.(login)) ?? undefined;
        await expect(use(login, want, as(login))).rejects.toMatchObject({
          code,
          message: expect.stringMatching(message),
          hint: expect.stringMatching(hint),
        });
      }
      if (mended === 'wait') return await expect.poll(() => use(login, want, as(login)).catch(String)).toBeUndefined();
      if (typeof mended === 'function') return await use(login, want, { ...as(login), ...mended(login) });
      await using other = await startSshd(mended.server);
      await prepare?.(other);
      await use(other, want, as(other));
    });

    beforeAll(makeHostKeys);
    afterAll(dropHostKeys);

    it.each(harmless)('%s: is not noticed', async (...lines) => {
      await using login = await startSshd({ lines });
      const { port, knownHosts, key } = login;
      await using ssh = await openSsh(
        { name: 'r1', host: '127.0.0.1', port, username: 'root', key, knownHosts },
        forever,
      );
      const stdin = Buffer.alloc(2_000_000, 'x');
      expect((await ssh.exec('cat', { stdin })).stdout.length).toBe(stdin.length);
      expect((await ssh.exec('for at in 1 2 3; do echo $at; sleep 0.8; done')).stdout).toBe('1\n2\n3\n');
      await wait(1_500);
      await use(login, undefined, {});
      expect((await ssh.exec('whoami')).stdout).toBe('root\n');
    });

    it('docs/logins.md names each of them', async () => {
      const text = await readFile('docs/logins.md', 'utf8');
      expect(rows.map(({ option }) => option).filter((option) => !text.includes(option))).toEqual([]);
    });
  },
  { concurrent: true },
);
