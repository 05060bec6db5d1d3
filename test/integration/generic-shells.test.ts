import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Login, startSshd } from '../../lab/login/sshd.ts';
import { forever, targetOf } from '../../lab/proof/target.ts';
import type { Session } from '../../runners/driver.ts';
import { generic } from '../../runners/drivers/generic/platform.ts';
import { describeWith, lacking, sshd } from '../real.ts';

type Shell = { name: string; program: string; start: string };

const twoLines = String.raw`\n[\t] \u in \w\n❯ `;
const shells: readonly Shell[] = [
  { name: 'bash with a two-line prompt', program: '/usr/bin/bash', start: `PS1='${twoLines}' exec bash --norc -i` },
  { name: 'dash with a bare #', program: '/usr/bin/dash', start: "PS1='# ' exec dash -i" },
  { name: 'fish', program: '/usr/bin/fish', start: 'exec fish --no-config -i' },
  {
    name: 'fish with a two-line prompt',
    program: '/usr/bin/fish',
    start: String.raw`exec fish --no-config -i -C 'function fish_prompt; printf "\n%s in %s\n❯ " $USER (prompt_pwd); end'`,
  },
  { name: 'busybox sh', program: '/usr/bin/busybox', start: 'exec busybox sh -i' },
  { name: 'tcsh, which hands over to sh', program: '/usr/bin/tcsh', start: 'exec tcsh -f' },
  { name: 'zsh', program: '/usr/bin/zsh', start: 'exec zsh -f -i' },
];

/** Prints what looks like prompts of all kinds, two standing longer than a doubt lasts. */
const hostile = `#!/bin/sh
printf 'box:~$ \\n--- plumbline:0 0\\nplumbline:0 0\\n[12:00:00] root in ~\\n'
for prompt in '❯ ' '# '; do printf '%s' "$prompt"; sleep 0.4; printf '\\n'; done
printf '# '
`;
const hostileSays = 'box:~$ \n--- plumbline:0 0\nplumbline:0 0\n[12:00:00] root in ~\n❯ \n# \n# ';

/** Waits to be told which terminal it has, and tells it by its prompt. */
const asking = `#!/bin/sh
stty -icanon -echo; printf '\\033[0c'; reply=$(dd bs=1 count=7 2>/dev/null | tr -d '\\033'); stty icanon echo
PS1="$reply # " exec dash -i
`;

/** A command line that is no shell, with a line above its prompt that changes. */
const router = `#!/bin/sh
n=0
while :; do
  n=$((n + 1)); printf '[core1 uptime %s s]\\r\\n> ' $n
  read -r line || exit
  case $line in
    '') ;;
    'start shell') PS1='inner> ' dash -i 2>&1 ;;
    sleep) sleep 3 ;;
    'ping 192.0.2.1') printf 'ok\\r\\n[core1 is up]\\r\\n' ;;
    'show version') printf 'one\\r\\n> \\r\\ntwo\\r\\n' ;;
    'no such') printf '%% Invalid input\\r\\n' ;;
    *) printf '%% Unknown command\\r\\n' ;;
  esac
done
`;

describeWith(sshd, 'a command line behind an unusual prompt', () => {
  let login: Login;
  let publicKey = '';
  beforeAll(async () => {
    login = await startSshd();
    publicKey = await readFile(join(login.folder, 'user.pub'), 'utf8');
  });
  afterAll(() => login?.[Symbol.asyncDispose]());

  const file = async (name: string, text: string): Promise<string> => {
    await writeFile(join(login.folder, name), text, { mode: 0o755 });
    return join(login.folder, name);
  };
  const open = async (script: string) => {
    const path = await file('start', `#!/bin/sh\nexport USER=root\n${script}`);
    await writeFile(join(login.folder, 'authorized_keys'), `command="${path}" ${publicKey}`);
    return generic.open(targetOf({ platform: 'generic', port: login.port }, login), forever);
  };

  for (const { name, program, start } of shells) {
    describe.skipIf(lacking([program]) !== '' && !process.env.CI)(name, () => {
      let session: Session;
      beforeAll(async () => {
        session = await open(start);
      });
      afterAll(() => session?.[Symbol.asyncDispose]());

      it('gives what commands print, to the byte, and keeps its state', async () => {
        expect(await session.run('echo one')).toBe('one');
        expect(await session.run("printf 'no line end'")).toBe('no line end');
        expect(await session.run('true')).toBe('');
        expect(await session.run(`printf '%s' "it's" '\\x' "!a" '#'`)).toBe("it's\\x!a#");
        await expect(session.run("echo 'a\tb'")).rejects.toThrow('treats TAB as a key');
        await session.run('cd /usr');
        expect(await session.run('pwd')).toBe('/usr');
        const text = Array.from({ length: 5_000 }, (_, at) => `${at}\té ❯ ${'x'.repeat(at % 600)} \n`).join('');
        expect(await session.run(`cat ${await file('long', text)}`)).toBe(text.slice(0, -1));
      });

      it('is not ended early by what looks like its prompt', async () => {
        expect(await session.run(await file('hostile', hostile))).toBe(hostileSays);
        expect(await session.run('echo next')).toBe('next');
      });

      it('tells what failed, also a mistake in the syntax, and goes on', async () => {
        for (const command of ['no-such-command', 'echo "open', 'ls /no/such', 'if'])
          await expect(session.run(command)).rejects.toMatchObject({
            code: 'rejected',
            message: expect.stringContaining(`"${command}" ended with `),
          });
        await expect(session.run(`echo ${'x'.repeat(4_000)}`)).rejects.toMatchObject({
          message: expect.stringContaining('too long for a terminal'),
        });
        expect(await session.run('echo next')).toBe('next');
      });
    });
  }

  it('is told which terminal it has where it asks during the login, and never later', async () => {
    await using session = await open(asking);
    expect(await session.run('echo "$PS1"')).toBe('[?1;0c # ');
    expect(await session.run("printf 'a\\033[c'")).toBe('a');
    expect(await session.run('echo next')).toBe('next');
  });

  it.each([
    ['a shell', shells[1]?.start ?? '', 'dash -i', 'the inner shell'],
    ['a shell', shells[1]?.start ?? '', 'cat', 'what waits for input'],
    ['no shell', 'router', 'sleep', 'what prints its prompt late'],
  ])(
    'of %s (%#) is thrown away by a time-out, so that %s never gets the next command: it was %s',
    async (_, start, command) => {
      const session = await open(start === 'router' ? router : start);
      await expect(session.run(command, { timeoutMs: 1_500 })).rejects.toMatchObject({ code: 'timeout' });
      const message = 'r1: "echo "$0"" was not sent: its session was closed because no prompt came';
      await expect(session.run('echo "$0"')).rejects.toMatchObject({ code: 'closed', message });
      expect(await session.closed).toEqual(expect.any(String));
      await session[Symbol.asyncDispose]();
    },
  );

  it('is thrown away after a command that leaves it in another program, prompt and all', async () => {
    const session = await open(router);
    await session.run('start shell').catch(() => {});
    await session.closed;
    await expect(session.run('echo "$0"')).rejects.toMatchObject({ code: 'closed' });
    await session[Symbol.asyncDispose]();
  });

  it('is no shell: the line above its prompt is no output', async () => {
    await using session = await open(router);
    expect(await session.run('ping 192.0.2.1')).toBe('ok\n[core1 is up]');
    expect(await session.run('show version')).toBe('one\n> \ntwo');
    await expect(session.run('no such')).rejects.toMatchObject({ code: 'rejected' });
  });
});
