import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Login, startSshd } from '../../lab/login/sshd.ts';
import { change, fence, forever, targetOf } from '../../lab/proof/target.ts';
import { generic } from '../../runners/drivers/generic/platform.ts';
import { describeWith, sshd } from '../real.ts';

/** A shell that takes its time before it prompts, and prints what looks like prompts meanwhile. */
const slow = `#!/bin/sh
printf '\\r\\n*** gateway #'; sleep 0.3; printf '7 ***\\r\\n'
for i in 1 2 3; do printf 'starting service %s > ' $i; sleep 0.2; printf 'done\\r\\n'; done
PS1='gw7> ' exec sh -i
`;

describeWith(sshd, 'any shell by SSH, for real', () => {
  let login: Login;
  /** What the key that we log in with runs, in place of root's own shell and its profile. */
  const runs = async (script: string): Promise<void> => {
    const path = join(login.folder, 'shell');
    await writeFile(path, script, { mode: 0o755 });
    await writeFile(join(login.folder, 'authorized_keys'), `command="${path}" ${publicKey}`);
  };
  let publicKey = '';
  beforeAll(async () => {
    login = await startSshd();
    publicKey = await readFile(join(login.folder, 'user.pub'), 'utf8');
    await runs("#!/bin/bash\nPS1='box1# ' exec bash --norc --noprofile -i\n");
  });
  afterAll(() => login?.[Symbol.asyncDispose]());

  const open = () =>
    generic.open(targetOf({ platform: 'generic', transport: 'ssh', port: login.port }, login), forever);

  it('is talked to though its prompt changes, and is left usable by what it refuses', async () => {
    await using session = await open();
    await session.run("PS1='noc@gateway-of-the-west:\\w$ '");
    expect(await session.run('echo one')).toBe('one');
    await session.run('cd /tmp');
    expect(await session.run('pwd')).toBe('/tmp');
    await session.run("PS1='(other) box1# '");
    expect(await session.run('echo two')).toBe('two');
    await expect(session.run('no-such-command-here')).rejects.toMatchObject({
      code: 'rejected',
      message: expect.stringContaining('not found'),
    });
    expect(await session.run('echo three')).toBe('three');
    await session.alive();
  });

  it('has its pages turned', async () => {
    const file = join(login.folder, 'long');
    await writeFile(file, Array.from({ length: 300 }, (_, at) => `line ${at}\n`).join(''));
    await using session = await open();
    await session.run('stty rows 20');
    const lines = (await session.run(`more ${file}`)).split('\n').filter((line) => line.startsWith('line '));
    expect(lines).toHaveLength(300);
    expect(lines.at(-1)).toBe('line 299');
  });

  it('is waited for while its banner takes its time, whatever that looks like', async () => {
    await runs(slow);
    await using session = await open();
    expect(await session.run('echo hello')).toBe('hello');
    expect(await session.run('seq 1 2000')).toBe(Array.from({ length: 2_000 }, (_, at) => `${at + 1}`).join('\n'));
  });

  it('is never committed to: nothing on it would undo a change', async () => {
    await using session = await open();
    await session.run("show() { printf 'interface a\\n mtu 1500\\ninterface b\\n'; }");
    await using candidate = await session.load('interface b\n mtu 1500\n', 'merge', change());
    expect(await candidate.diff()).toContain('+ mtu 1500'); // interface a has it, b has not
    await expect(candidate.commit({ confirmSeconds: 60, fence })).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('no commit that the device would undo'),
    });
    await expect(session.load('x\n', 'replace', change())).rejects.toMatchObject({ code: 'unsupported' });
  });
});
