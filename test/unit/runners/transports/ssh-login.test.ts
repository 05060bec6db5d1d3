import { writeFile } from 'node:fs/promises';
import type { Algorithms, KeyboardAuthContext } from 'ssh2';
import { describe, expect, it } from 'vitest';
import { forever, targetOf } from '../../../../lab/proof/target.ts';
import { newSshKey } from '../../../../lab/ssh-key.ts';
import { knownHostsLine } from '../../../../runners/transports/ssh/known-hosts.ts';
import { fetchHostKey, openSsh } from '../../../../runners/transports/ssh/ssh.ts';
import { sshOptions } from '../../../../runners/transports/ssh/target.ts';
import { sshServer } from './ssh-server.ts';

type Round = { prompt: string; echo: boolean }[];

/** A server that asks in rounds, and what it was answered. */
const askingServer = async (rounds: Round[], wanted: string[]) => {
  const answered: string[] = [];
  const ask = (attempt: KeyboardAuthContext, at: number): void => {
    const round = rounds[at];
    if (!round) {
      if (answered.join() === wanted.join()) attempt.accept();
      else attempt.reject();
      return;
    }
    attempt.prompt(round, (answers) => {
      answered.push(...answers);
      ask(attempt, at + 1);
    });
  };
  const server = await sshServer({
    auth: (attempt) => {
      if (attempt.method !== 'keyboard-interactive') return false;
      ask(attempt, 0);
      return 'interactive';
    },
  });
  return { ...server, answered };
};

describe('a login by keyboard-interactive', () => {
  it('answers several prompts, in several rounds, each with what it asks for', async () => {
    const rounds = [
      [
        { prompt: 'Username: ', echo: true },
        { prompt: 'Password: ', echo: false },
      ],
      [],
      [{ prompt: 'PASSCODE: ', echo: false }],
    ];
    await using server = await askingServer(rounds, ['admin', 'canary', 'canary']);
    await using connection = await openSsh(server.options, forever);
    await connection.alive();
  });

  it.each([
    ['Verification code: ', true],
    ['One-time password (OATH) for admin: ', false],
    ['New password: ', false],
    ['Do you accept the terms? [y/n] ', true],
  ])('names the prompt that it has no answer for, and sends nothing to it: %s', async (prompt, echo) => {
    await using server = await askingServer([[{ prompt: 'Password: ', echo: false }], [{ prompt, echo }]], []);
    await expect(openSsh(server.options, forever)).rejects.toMatchObject({
      code: 'unauthorized',
      message: `leaf1: asks admin "${prompt.trim()}", and there is no answer for it`,
    });
    expect(server.answered).toEqual(['canary']);
  });
});

describe('a device with old algorithms', () => {
  const cases: [string, Algorithms, string][] = [
    [
      'key exchange',
      { kex: ['diffie-hellman-group1-sha1', 'diffie-hellman-group14-sha1'] },
      'diffie-hellman-group1-sha1',
    ],
    ['cipher', { cipher: ['aes128-cbc', '3des-cbc'] }, '3des-cbc'],
    ['MAC', { cipher: ['aes128-ctr'], hmac: ['hmac-sha1'] }, 'hmac-sha1'],
  ];
  it.each(cases)(
    'is refused, naming its %s and the option that allows it, and let in by that',
    async (kind, algorithms, name) => {
      await using server = await sshServer({ config: { algorithms } });
      const { host, port, knownHosts } = server.options;
      const login = { knownHosts, username: 'admin', password: 'canary' };
      const to = (options: Record<string, unknown>) =>
        sshOptions(targetOf({ platform: 'ios', name: 'leaf1', host, port, options }, login));
      for (const attempt of [openSsh, fetchHostKey])
        await expect(attempt(to({}), forever)).rejects.toMatchObject({
          code: 'unreachable',
          message: expect.stringMatching(new RegExp(`^leaf1: no SSH with .*: it offers ${kind} by .*${name}.* only$`)),
          hint: expect.stringMatching(
            new RegExp(`^\`options: \\{legacyAlgorithms: true\\}\` of leaf1 in the inventory allows .*${name}`),
          ),
        });
      expect(server.attempts).toEqual([]);
      await using connection = await openSsh(to({ legacyAlgorithms: true }), forever);
      await connection.alive();
    },
  );

  it('is told from one whose algorithms nobody here speaks', async () => {
    await using server = await sshServer({ config: { algorithms: { kex: ['diffie-hellman-group15-sha512'] } } });
    await expect(openSsh({ ...server.options, legacyAlgorithms: true }, forever)).rejects.toMatchObject({
      message: expect.stringContaining('it offers key exchange by diffie-hellman-group15-sha512'),
      hint: expect.stringContaining('make it offer one that Plumbline supports: curve25519-sha256, '),
    });
  });
});

describe('a known_hosts with an authority', () => {
  it('is not taken for a pin, and the operator hears why', async () => {
    await using server = await sshServer();
    const line = knownHostsLine('127.0.0.1', server.port, server.hostKey);
    await writeFile(server.options.knownHosts, `@cert-authority ${line}\n`);
    await expect(openSsh(server.options, forever)).rejects.toMatchObject({
      code: 'host_key_unknown',
      hint: expect.stringContaining('@cert-authority'),
    });
    expect(server.attempts).toEqual([]);
  });
});

describe('a login in several steps', () => {
  const steps = (wanted: readonly string[]) => {
    const done: string[] = [];
    return sshServer({
      auth: (attempt) => {
        if (attempt.method !== wanted[done.length]) {
          attempt.reject([wanted[done.length] as 'password'], false);
          return 'interactive';
        }
        if (attempt.method === 'publickey' && !attempt.signature) return true;
        done.push(attempt.method);
        if (done.length === wanted.length) return true;
        attempt.reject([wanted[done.length] as 'password'], true);
        return 'interactive';
      },
    });
  };
  it.each([
    ['key, then password', ['publickey', 'password']],
    ['password, then key', ['password', 'publickey']],
  ])('goes through them: %s', async (_title, wanted) => {
    await using server = await steps(wanted);
    const key = newSshKey().private;
    await using connection = await openSsh({ ...server.options, key }, forever);
    await connection.alive();
  });
});

describe('a refused login', () => {
  it('says what was refused, and what the server takes', async () => {
    await using server = await sshServer({
      auth: (attempt) => {
        attempt.reject(['publickey']);
        return 'interactive';
      },
    });
    await expect(openSsh(server.options, forever)).rejects.toMatchObject({
      code: 'unauthorized',
      message: expect.stringMatching(/refused the login of admin: it refused the password; it takes publickey$/),
    });
  });

  it('is one where the server hangs up on it: the same credentials are not tried again', async () => {
    await using server = await sshServer({
      auth: (attempt) => {
        if (attempt.method === 'password') for (const connection of server.connections) connection.end();
        else attempt.reject(['password']);
        return 'interactive';
      },
    });
    await expect(openSsh(server.options, forever)).rejects.toMatchObject({
      code: 'unauthorized',
      message: expect.stringMatching(/ended the login of admin \(.*\): it did not answer to the password$/),
    });
  });
});
