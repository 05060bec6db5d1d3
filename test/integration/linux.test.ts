import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Login, startSshd } from '../../lab/login/sshd.ts';
import { change, commit, forever, targetOf } from '../../lab/proof/target.ts';
import type { Session, Target } from '../../runners/driver.ts';
import { FrrRouter, frrOptions } from '../../runners/drivers/frr/router.ts';
import { linux } from '../../runners/drivers/linux/platform.ts';
import { openSsh } from '../../runners/transports/ssh/ssh.ts';
import { sshOptions } from '../../runners/transports/ssh/target.ts';
import { folderOfAll } from '../folder.ts';
import { describeWith, sshd } from '../real.ts';

describeWith(sshd, 'a Linux server, for real', () => {
  let login: Login;
  const folder = folderOfAll('linux');
  let target: Target;
  const opened: Session[] = [];
  const open = async () => {
    const session = await linux.open(target, forever);
    opened.push(session);
    return session;
  };
  const file = (name: string) => join(folder, name);
  const read = (name: string) => (existsSync(file(name)) ? readFileSync(file(name), 'utf8') : undefined);
  const text = (a: string, b?: string) =>
    `==> ${file('a.conf')} 0640 <==\n${a}\n${b === undefined ? '' : `==> ${file('b.conf')} 0644 <==\n${b}\n`}`;
  const reloads = () => (read('reloads') ?? '').length;

  beforeAll(async () => {
    login = await startSshd();
    const reload = `grep -q POISON ${file('a.conf')} && { echo "a.conf: POISON is not allowed" >&2; exit 1; }; printf x >> ${file('reloads')}`;
    const options = { files: [file('a.conf'), file('b.conf')], reload };
    target = targetOf({ platform: 'linux', port: login.port, options }, login);
  });
  beforeEach(() => {
    rmSync(file('a.conf'), { force: true });
    writeFileSync(file('a.conf'), 'one\n', { mode: 0o640 });
    rmSync(file('b.conf'), { force: true });
  });
  afterEach(async () => {
    const session = await open();
    await (await session.pending())?.undo();
    await session.clean(1_000);
    for (const each of opened.splice(0)) await each[Symbol.asyncDispose]();
  });
  afterAll(async () => {
    await login[Symbol.asyncDispose]();
    rmSync('/var/lib/plumbline/linux', { recursive: true, force: true });
  });

  it('is told to end a command whose time is over, and what it started', async () => {
    const session = await linux.open(target, forever);
    const pids = join(folder, 'late');
    const command = `sh -c 'sleep 600 & echo $$ $! > ${pids}; wait'`;
    await expect(session.run(command, { timeoutMs: 3_000 })).rejects.toMatchObject({ code: 'timeout' });
    await session[Symbol.asyncDispose]();
    const started = readFileSync(pids, 'utf8').trim().split(' ');
    await expect.poll(() => started.filter((pid) => existsSync(`/proc/${pid}`)), { timeout: 20_000 }).toEqual([]);
  });

  it('gets the files, their modes and the reload, and keeps them once confirmed', async () => {
    const session = await open();
    const after = text('two äöü', 'new');
    {
      await using candidate = await session.load(after, 'replace', change());
      expect(await candidate.diff()).toContain('-one\n+two äöü');
      expect(read('a.conf')).toBe('one\n');
    }
    const before = reloads();
    const { name } = await commit(session, after);
    expect([read('a.conf'), read('b.conf')]).toEqual(['two äöü\n', 'new\n']);
    expect(statSync(file('a.conf')).mode & 0o777).toBe(0o640);
    expect(reloads()).toBe(before + 1);
    const other = await open();
    const trial = await other.pending();
    expect(trial).toMatchObject({ job: name.job, epoch: 1, phase: 'armed' });
    await trial?.confirm();
    expect(await other.pending()).toBeUndefined();
    expect(linux.normalise(await other.config('running'))).toBe(after);
    expect((await other.saved())[0]).toMatchObject({ job: name.job, outcome: 'applied' });
    expect(await other.savedConfig(name.job)).toBe(text('one'));
    await using again = await other.load(after, 'replace', change());
    expect(await again.diff()).toBe('');
  });

  it('keeps the ACL and the extended attributes of a file that it changes, and of one that it restores', async () => {
    // user 1000 may read; the rest is mode 0640
    const set = `import os, struct, sys
entries = [(1, 6, 0xffffffff), (2, 4, 1000), (4, 4, 0xffffffff), (16, 4, 0xffffffff), (32, 0, 0xffffffff)]
acl = struct.pack('<I', 2) + b''.join(struct.pack('<HHI', *each) for each in entries)
os.setxattr(sys.argv[1], 'system.posix_acl_access', acl)
os.setxattr(sys.argv[1], 'user.origin', b'by hand')`;
    const show = `import os, sys
print([(name, os.getxattr(sys.argv[1], name).hex()) for name in sorted(os.listxattr(sys.argv[1]))])`;
    const python = (script: string) => execFileSync('python3', ['-c', script, file('a.conf')], { encoding: 'utf8' });
    python(set);
    const before = python(show);
    const session = await open();
    await (await commit(session, text('two'))).trial.confirm();
    expect([read('a.conf'), python(show)]).toEqual(['two\n', before]);
    const { trial } = await commit(session, text('three'), 60, change(2));
    await trial.undo();
    expect([read('a.conf'), python(show)]).toEqual(['two\n', before]);
  });

  it('runs the reload of an undo where what it says cannot be written down', async () => {
    const session = await open();
    const { trial } = await commit(session, text('two'));
    const before = reloads();
    const said = '/var/lib/plumbline/linux/trial/said';
    rmSync(said);
    mkdirSync(said);
    await trial.undo();
    expect([read('a.conf'), reloads()]).toEqual(['one\n', before + 1]);
  });

  it.each([
    ['one file of 20,000 lines', 1],
    ['100 files of 200 lines', 100],
  ])('runs %s as they were written', async (_, count) => {
    const files = Array.from({ length: count }, (_, at) => file(`part${at}.conf`));
    const some = Array.from({ length: 20_000 / count - 4 }, (_, at) => `line ${at}\n`).join('');
    const each = `# Zürich 東京\n\n\t$HOME \`id\` \\ "q" 'q' <<EOF\n${'x'.repeat(4_000)}\n${some}`;
    const config = files.map((path) => `==> ${path} 0644 <==\n${each}`).join('');
    const device = { ...target.device, options: { files } };
    await using session = await linux.open({ ...target, device }, forever);
    await (await commit(session, config, 120)).trial.confirm();
    for (const path of files) expect(readFileSync(path, 'utf8')).toBe(each);
    await using again = await session.load(config, 'replace', change());
    expect(await again.diff()).toBe('');
  });

  it('has its bytes kept: adopting what runs changes nothing, and a change of one file leaves the others', async () => {
    const [crlf, unended] = ['one\r\ntwo\r\n', 'no newline at the end'];
    writeFileSync(file('a.conf'), crlf);
    writeFileSync(file('b.conf'), unended);
    const session = await open();
    const adopted = await session.config('running');
    {
      await using candidate = await session.load(adopted, 'replace', change());
      expect(await candidate.diff()).toBe('');
    }
    await (await commit(session, adopted.replace('two\r\n', 'three\r\n'))).trial.confirm();
    expect(read('a.conf')).toBe('one\r\nthree\r\n');
    expect(read('b.conf')).toBe(unended);
    await using candidate = await session.load(adopted.replaceAll('\r', ''), 'replace', change());
    expect(await candidate.diff()).toMatch(/^-one\r\n-three\r\n\+one\n\+two$/m); // the CRs that go are shown
  });

  it('has its files back by itself when nobody confirms, though every connection was cut', async () => {
    await commit(await open(), text('two', 'new'), 4);
    expect(read('a.conf')).toBe('two\n');
    await login.drop();
    await expect.poll(() => read('a.conf'), { timeout: 20_000 }).toBe('one\n');
    await expect.poll(() => read('b.conf'), { timeout: 5_000 }).toBeUndefined();
    await login.listen();
    const session = await open();
    await expect.poll(() => session.pending(), { timeout: 5_000 }).toBeUndefined();
    expect((await session.saved())[0]).toMatchObject({ outcome: 'undone' });
  });

  it('has its files back at once when told to, removed ones too', async () => {
    const session = await open();
    await (await commit(session, text('one', 'b'))).trial.confirm();
    await commit(session, text('two'));
    expect(read('b.conf')).toBeUndefined();
    await (await (await open()).pending())?.undo();
    expect([read('a.conf'), read('b.conf')]).toEqual(['one\n', 'b\n']);
  });

  it('has its files back when the reload fails, with the reason', async () => {
    const session = await open();
    await expect(commit(session, text('POISON', 'b'))).rejects.toMatchObject({
      code: 'commit_failed',
      message: expect.stringContaining('POISON is not allowed'),
    });
    expect([read('a.conf'), read('b.conf')]).toEqual(['one\n', undefined]);
    expect(await session.pending()).toBeUndefined();
  });

  it('is undone after a reboot, which the dead-man switch does not survive', async () => {
    const session = await open();
    await commit(session, text('two'), 300);
    const [pid] = readFileSync('/var/lib/plumbline/linux/trial/watcher', 'utf8').split(' ');
    process.kill(Number(pid), 'SIGKILL');
    const trial = await session.pending();
    expect(trial).toMatchObject({ phase: 'undoing' });
    await trial?.undo();
    expect(read('a.conf')).toBe('one\n');
  });

  it('keeps every file as it was where the disk has no room for all of them, and says so', async () => {
    const small = mkdtempSync(join(tmpdir(), 'plumb-small-'));
    const big = (byte: string) => `${byte.repeat(40_000)}\n`;
    const paths = [join(small, 'a'), join(small, 'b')];
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=128k', 'tmpfs', small]);
    try {
      writeFileSync(join(small, 'a'), 'a\n');
      writeFileSync(join(small, 'b'), 'b\n');
      const options = { files: paths, reload: 'true' };
      const session = await linux.open({ ...target, device: { ...target.device, options } }, forever);
      opened.push(session);
      const config = paths.map((path) => `==> ${path} 0600 <==\n${big('x')}${big('y')}`).join('');
      await expect(commit(session, config)).rejects.toMatchObject({
        code: 'commit_failed',
        message: expect.stringMatching(/could not be put in place; the previous files are restored: .*No space left/),
      });
      expect(paths.map((path) => readFileSync(path, 'utf8'))).toEqual(['a\n', 'b\n']);
      expect(readdirSync(small)).toEqual(['a', 'b']);
      expect(await session.pending()).toBeUndefined();
    } finally {
      execFileSync('umount', [small]);
      rmSync(small, { recursive: true });
    }
  });

  it('is told to be stuck where its files of before cannot be put back either', async () => {
    const locked = join(folder, 'locked');
    mkdirSync(locked);
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', locked]);
    const path = join(locked, 'a');
    writeFileSync(path, 'one\n');
    const session = await linux.open(
      {
        ...target,
        device: { ...target.device, options: { files: [path], reload: `mount -o remount,ro ${locked}; false` } },
      },
      forever,
    );
    opened.push(session);
    try {
      await expect(commit(session, `==> ${path} 0644 <==\ntwo\n`)).rejects.toMatchObject({ code: 'undo_failed' });
      execFileSync('mount', ['-o', 'remount,rw', locked]);
      expect(await session.pending()).toMatchObject({ phase: 'undoing' });
      execFileSync('mount', ['-o', 'remount,rw', locked]);
      // the reload command fails with them, too, and that is told
      const undone = (await session.pending())?.undo();
      await expect(undone).rejects.toMatchObject({
        message: expect.stringContaining('the previous files are back, but'),
      });
      expect(readFileSync(path, 'utf8')).toBe('one\n');
      expect(await session.pending()).toBeUndefined();
    } finally {
      execFileSync('umount', [locked]);
      rmSync(locked, { recursive: true });
    }
  });

  /** A file on a disk of 64 KB that the reload of any text but "one" fills, as a service that logs a lot does. */
  const onFullDisk = async (test: (path: string, session: Session, free: () => void) => Promise<void>) => {
    const small = mkdtempSync(join(tmpdir(), 'plumb-full-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', small]);
    try {
      const path = join(small, 'a');
      writeFileSync(path, 'one\n');
      const reload = `grep -qx one ${path} || cat /dev/zero > ${join(small, 'log')}; true`;
      const device = { ...target.device, options: { files: [path], reload } };
      const session = await linux.open({ ...target, device }, forever);
      opened.push(session);
      await test(path, session, () => rmSync(join(small, 'log')));
    } finally {
      execFileSync('umount', [small]);
      rmSync(small, { recursive: true });
    }
  };

  it('has its files back though the change filled the disk: an undo needs no room', () =>
    onFullDisk(async (path, session) => {
      await commit(session, `==> ${path} 0644 <==\ntwo\n`, 120);
      await (await session.pending())?.undo();
      expect(readFileSync(path, 'utf8')).toBe('one\n');
      expect(readdirSync(join(path, '..')).sort()).toEqual(['a', 'log']);
    }));

  it('says why its files cannot be put back, and its dead-man switch tries until they can', () =>
    onFullDisk(async (path, session, free) => {
      await commit(session, `==> ${path} 0644 <==\ntwo\n`, 5);
      rmSync(join(path, '../.plumb-trial'), { recursive: true }); // as where a file system knows no links
      execFileSync('sh', ['-c', `cat /dev/zero >> ${join(path, '../log')} || true`], { stdio: 'ignore' });
      await expect((await session.pending())?.undo()).rejects.toMatchObject({
        code: 'undo_failed',
        message: expect.stringContaining('No space left'),
      });
      const who = (role: string) => readFileSync(join('/var/lib/plumbline/linux/trial', role), 'utf8');
      await expect.poll(() => who('undoer') === who('watcher'), { timeout: 60_000 }).toBe(true);
      free();
      await expect.poll(() => readFileSync(path, 'utf8'), { timeout: 60_000 }).toBe('one\n');
      await expect.poll(() => session.pending(), { timeout: 60_000 }).toBeUndefined();
      expect((await session.saved())[0]).toMatchObject({ outcome: 'undone' });
    }));

  it('says that its disk has no room for the new files, before it changes anything', async () => {
    const home = '/var/lib/plumbline/linux';
    const session = await open();
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', home]);
    try {
      await expect(session.load(text('x'.repeat(100_000)), 'replace', change())).rejects.toMatchObject({
        code: 'rejected',
        message: expect.stringContaining('No space left on device'),
        hint: expect.stringContaining('make room'),
      });
      expect(read('a.conf')).toBe('one\n');
    } finally {
      execFileSync('umount', [home]);
    }
  });

  /** Its reload works with the new text alone. */
  const brokenService = async () => {
    const reload = `grep -qx two ${file('a.conf')} || { echo "a.conf: one is no longer known" >&2; exit 1; }`;
    const device = { ...target.device, options: { files: [file('a.conf')], reload } };
    const session = await linux.open({ ...target, device }, forever);
    opened.push(session);
    return session;
  };

  it('says that its reload failed with the files of before, though they are back', async () => {
    const session = await brokenService();
    await commit(session, text('two'), 120);
    await expect((await session.pending())?.undo()).rejects.toMatchObject({
      code: 'undo_failed',
      message: expect.stringMatching(
        /the previous files are back, but the reload command failed .*: a\.conf: one is no longer known$/,
      ),
    });
    expect(read('a.conf')).toBe('one\n');
    expect(await session.pending()).toBeUndefined();
  });

  it('tells the next runner that the reload of an undo by its timer failed', async () => {
    const session = await brokenService();
    const { name } = await commit(session, text('two'), 3);
    await expect.poll(() => read('a.conf'), { timeout: 60_000 }).toBe('one\n');
    await expect.poll(() => session.pending(), { timeout: 60_000 }).toBeUndefined();
    expect((await session.clean(1_000)).join('\n')).toMatch(
      new RegExp(`trial \\S*${name.job}\\S*, undone by its timer: the reload failed: a\\.conf: one is no longer known`),
    );
  });

  it('refuses to manage what an undo could not bring back, or a text cannot hold, and leaves nothing', async () => {
    const session = await open();
    const load = () => session.load(text('two'), 'replace', change());
    const refusal = (code: string, why: string) => ({ code, message: expect.stringContaining(why) });
    rmSync(file('a.conf'));
    symlinkSync(file('elsewhere'), file('a.conf'));
    await expect(load()).rejects.toMatchObject(refusal('rejected', `a symbolic link to ${file('elsewhere')}`));
    rmSync(file('a.conf'));
    mkdirSync(file('a.conf'));
    await expect(load()).rejects.toMatchObject(refusal('rejected', 'not a plain file'));
    rmSync(file('a.conf'), { recursive: true });
    writeFileSync(file('a.conf'), Buffer.from([0x67, 0xfc, 0x6e, 0x10, 0x0a]));
    await expect(session.config('running')).rejects.toMatchObject(refusal('unsupported', 'a.conf: it is not UTF-8'));
    writeFileSync(file('a.conf'), `x\n==> ${file('b.conf')} 0644 <==\ny\n`);
    await expect(session.config('running')).rejects.toMatchObject(
      refusal('unsupported', 'line 2 looks like the header'),
    );
    expect(readdirSync('/var/lib/plumbline/linux/d-r1').filter((name) => name.startsWith('c-'))).toEqual([]);
  });

  it('has new folders that everyone may enter, and old files of which only what differs is written', async () => {
    const nested = join(folder, 'new', 'deep', 'c.conf');
    const options = { files: [file('a.conf'), nested], reload: 'true' };
    const session = await linux.open({ ...target, device: { ...target.device, options } }, forever);
    opened.push(session);
    const { ino } = statSync(file('a.conf'));
    const after = `==> ${file('a.conf')} 0640 <==\none\n==> ${nested} 0644 <==\nc\n`;
    await (await commit(session, after)).trial.confirm();
    expect(statSync(join(folder, 'new', 'deep')).mode & 0o777).toBe(0o755);
    expect(statSync(file('a.conf')).ino).toBe(ino);
  });

  it('has nothing of what somebody wrote after the end of a trial taken away', async () => {
    const { trial } = await commit(await open(), text('two'), 1);
    await expect.poll(() => read('a.conf'), { timeout: 10_000 }).toBe('one\n');
    await expect.poll(async () => (await open()).pending(), { timeout: 5_000 }).toBeUndefined();
    writeFileSync(file('a.conf'), 'theirs\n');
    await trial.undo();
    expect(read('a.conf')).toBe('theirs\n');
  });

  it('does not confirm what was undone', async () => {
    const { trial } = await commit(await open(), text('two'), 1);
    await expect.poll(() => read('a.conf'), { timeout: 10_000 }).toBe('one\n');
    await expect(trial.confirm()).rejects.toMatchObject({ code: 'commit_failed' });
  });

  it('refuses files that the inventory does not name, with the line', async () => {
    await expect(
      (await open()).load(`${text('x')}==> /etc/shadow 0644 <==\n`, 'replace', change()),
    ).rejects.toMatchObject({ code: 'rejected', line: 3 });
  });

  it('is not touched when the fence says that the lease is lost', async () => {
    const session = await open();
    const lost = () => {
      throw new Error('lease lost');
    };
    {
      await using candidate = await session.load(text('two'), 'replace', change());
      await expect(candidate.commit({ confirmSeconds: 60, fence: lost })).rejects.toThrow('lease lost');
    }
    expect(read('a.conf')).toBe('one\n');
    expect(await session.pending()).toBeUndefined();
  });

  it('runs commands and tells what it is', async () => {
    const session = await open();
    expect((await session.run('echo hi')).trim()).toBe('hi');
    await expect(session.run('exit 3')).rejects.toMatchObject({ code: 'rejected' });
    expect(await session.clock?.()).toMatchObject({ at: expect.closeTo(Date.now(), -4) }); // this machine's own
    expect(await session.facts()).toMatchObject({
      os_version: expect.stringContaining('Linux'),
      uptime: expect.any(Number),
    });
  });
});

const shells = ['bash', 'dash', 'zsh', 'fish', 'csh', 'tcsh', 'busybox sh'];
const here = (shell: string) =>
  existsSync(`/bin/${shell.split(' ')[0]}`) || existsSync(`/usr/bin/${shell.split(' ')[0]}`);

describeWith(sshd, 'a login shell that greets', () => {
  it.each(shells)('%s: is passed over by what reads and changes a server', async (shell) => {
    if (!here(shell)) return console.log(`left out: ${shell} is not on this machine`);
    const folder = mkdtempSync(join(tmpdir(), 'plumb-shell-'));
    const path = join(folder, 'a.conf');
    const start = join(folder, 'start'); // runs a command as sshd does: by the login shell, which prints something first
    writeFileSync(start, `#!/bin/sh\necho "Welcome to lab-a"\nexec ${shell} -c "$SSH_ORIGINAL_COMMAND"\n`, {
      mode: 0o755,
    });
    await using login = await startSshd({ lines: [`ForceCommand ${start}`] });
    const target = targetOf({ platform: 'linux', port: login.port, options: { files: [path] } }, login);
    await using session = await linux.open(target, forever);
    const [before, after] = [`is 'it' \\n "so"! \`x\`\n`, `it's $HOME \\\\ "!!" %s !1\n`];
    writeFileSync(path, before);
    expect(await session.config('running')).toBe(`==> ${path} 0644 <==\n${before}`);
    await (await commit(session, `==> ${path} 0644 <==\n${after}`)).trial.confirm();
    expect(readFileSync(path, 'utf8')).toBe(after);
    expect((await session.facts()).hostname).toBe(hostname());
    expect(await session.run('echo one')).toBe('one\n');
    const router = new FrrRouter('r1', await openSsh(sshOptions(target), forever), frrOptions(target));
    expect(await router.script('look', 'echo "$1:$2"', ['a b'])).toBe(':a b\n');
    const talk = await router.talk('read -r size; head -c "$size"; echo; echo "$2 7"', (cut) => [cut], 10_000);
    talk.send('wanted');
    expect(await talk.part()).toEqual({ text: 'wanted\n', code: 7 });
    await talk.end();
    await router.ssh[Symbol.asyncDispose]();
    await session.upload?.(path.replace('a.conf', 'b.conf'), Buffer.from('b\n'), {
      job: 'j',
      epoch: 1,
      fence: () => {},
    });
    rmSync(folder, { recursive: true, force: true });
  });
});
