import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
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
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { PlumbError } from '../../core/errors.ts';
import { ask } from '../../core/store/ask.ts';
import { listJobs } from '../../core/store/jobs.ts';
import { sha256 } from '../../core/store/payload.ts';
import { type Login, startSshd } from '../../lab/login/sshd.ts';
import { change, fence, forever, targetOf } from '../../lab/proof/target.ts';
import type { Session, Target } from '../../runners/driver.ts';
import { linux } from '../../runners/drivers/linux/platform.ts';
import { startRunner } from '../../runners/main.ts';
import { folderOfAll, folderOfTest } from '../folder.ts';
import { natsForTest } from '../nats.ts';
import { describeWith, sshd } from '../real.ts';
import { plumb } from '../unit/cli/terminal.ts';

describeWith(sshd, 'files of a Linux server, for real', () => {
  let login: Login;
  const disk = folderOfAll('disk');
  let folder: string;
  let target: Target;
  let session: Session;
  const file = (name: string) => join(folder, name);
  const put = (
    path: string,
    content: string | Buffer,
    more: { mode?: string; fence?: () => void; epoch?: number } = {},
  ) => {
    const { job, epoch } = change(more.epoch);
    const options = { job, epoch, fence: more.fence ?? fence, ...(more.mode ? { mode: more.mode } : {}) };
    return session.upload?.(path, Buffer.from(content), options) ?? Promise.reject(new Error('cannot'));
  };
  const get = (path: string) => session.download?.(path) ?? Promise.reject(new Error('cannot'));

  beforeAll(async () => {
    login = await startSshd({ disk }); // mounts of its own, which end with it
    target = targetOf({ platform: 'linux', port: login.port }, login);
  });
  beforeEach(async () => {
    folder = await folderOfTest('files');
    session = await linux.open(
      { ...target, device: { ...target.device, options: { files: [file('managed.conf')] } } },
      forever,
    );
  });
  afterEach(async () => {
    await session[Symbol.asyncDispose]();
  });
  afterAll(async () => {
    await login[Symbol.asyncDispose]();
  });

  it('arrive and come back byte by byte, whatever is in them', async () => {
    const bytes = Buffer.concat([randomBytes(300_000), Buffer.from([0, 13, 10, 255, 254, 0])]);
    for (const content of [bytes, Buffer.alloc(0), Buffer.from('äöü\r\n')]) {
      await put(file("a b'c"), content);
      expect(readFileSync(file("a b'c")).equals(content)).toBe(true);
      expect(await get(file("a b'c"))).toEqual({
        content,
        sha256: sha256(content),
        mode: '0644',
        owner: 'root:root',
      });
    }
    expect(readdirSync(folder)).toEqual(["a b'c"]);
  });

  it('keep owner and mode of what they replace, unless a mode is given', async () => {
    writeFileSync(file('old'), 'old');
    chownSync(file('old'), 4321, 34);
    chmodSync(file('old'), 0o4710);
    const before = statSync(file('old')).ino;
    expect(await put(file('old'), 'new')).toEqual({ mode: '4710', owner: '4321:34' });
    expect(statSync(file('old'))).toMatchObject({ uid: 4321, gid: 34, mode: 0o104710 });
    expect(statSync(file('old')).ino).not.toBe(before); // replaced, not written into
    await put(file('old'), 'newer', { mode: '0600' });
    expect(statSync(file('old'))).toMatchObject({ uid: 4321, gid: 34, mode: 0o100600 });
    await put(file('fresh'), 'new', { mode: '755' });
    expect(statSync(file('fresh')).mode & 0o7777).toBe(0o755);
  });

  it('are refused by name where they are no plain files, or have no place to be', async () => {
    writeFileSync(file('real'), 'real');
    symlinkSync(file('real'), file('link'));
    mkdirSync(file('folder'));
    execFileSync('mkfifo', [file('pipe')]);
    const large = randomBytes(3_000_000); // more than fits the pipe to a script that ended
    const refusals: [string, RegExp][] = [
      [file('link'), /it is a symbolic link to .*real$/],
      [file('folder'), /it is a folder$/],
      [file('pipe'), /it is not a plain file$/],
      [file('none/a'), /there is no folder .*none$/],
      [file('managed.conf'), /options\.files/],
      ['/', /it names a folder$/],
      [`${folder}/`, /it names a folder$/],
      ['etc/motd', /it is not an absolute path$/],
      [`${folder}/../x`, new RegExp(`write it as ${dirname(folder)}/x$`)],
      [`${folder}/a\nb`, /control characters$/],
    ];
    for (const [path, message] of refusals)
      await expect(put(path, large)).rejects.toMatchObject({
        code: 'rejected',
        message: expect.stringMatching(message),
      });
    expect(readdirSync(folder).sort()).toEqual(['folder', 'link', 'pipe', 'real']);
    expect(readFileSync(file('real'), 'utf8')).toBe('real');
    expect((await get(file('link'))).content.toString()).toBe('real'); // reading one is harmless
    for (const [path, message] of [
      [file('folder'), /it is a folder/],
      [file('pipe'), /it is not a plain file/],
      [file('none'), /No such file/],
      ['motd', /absolute/],
    ] as const)
      await expect(get(path)).rejects.toMatchObject({ code: 'rejected', message: expect.stringMatching(message) });
  });

  it('leave the old one where the disk is full, or may not be written to', async () => {
    mkdirSync(file('small'));
    await session.run(`mount -t tmpfs -o size=64k tmpfs ${file('small')} && echo old > ${file('small/a')}`);
    const full = put(file('small/a'), randomBytes(200_000));
    await expect(full).rejects.toMatchObject({
      code: 'rejected',
      message: expect.stringMatching(/small\/a: .*No space left on device/),
      hint: expect.stringContaining('free some space'),
    });
    expect(await session.run(`ls -A ${file('small')}; cat ${file('small/a')}`)).toBe('a\nold\n');
    await session.run(`mount -o remount,ro ${file('small')}`);
    await expect(put(file('small/a'), 'new')).rejects.toMatchObject({
      message: expect.stringContaining('Read-only'),
    });
    await session.run(`umount ${file('small')}`);
  });

  it('say who lacks the rights', async () => {
    writeFileSync(file('secret'), 'x', { mode: 0o600 });
    // a sudo that makes us nobody instead of root; on the disk that is the server's own
    const sudo = 'shift; exec setpriv --reuid=65534 --regid=65534 --clear-groups "$@"';
    await session.run(
      `mount -t tmpfs tmpfs /usr/local/bin && printf '#!/bin/sh\\n%s\\n' '${sudo}' > /usr/local/bin/sudo && chmod 755 /usr/local/bin /usr/local/bin/sudo`,
    );
    const device = { ...target.device, options: { sudo: true } };
    await using nobody = await linux.open({ ...target, device }, forever);
    const denied = {
      code: 'unauthorized',
      message: expect.stringMatching(/secret: .*Permission denied/),
      hint: expect.stringContaining('root'),
    };
    await expect(nobody.download?.(file('secret'))).rejects.toMatchObject(denied);
    const { job, epoch } = change();
    await expect(nobody.upload?.(file('secret'), Buffer.from('y'), { job, epoch, fence })).rejects.toMatchObject(
      denied,
    );
    expect(readFileSync(file('secret'), 'utf8')).toBe('x');
    await session.run('umount /usr/local/bin');
  });

  it('do not take their place when the lease is lost, and leave nothing', async () => {
    writeFileSync(file('a'), 'old');
    const lost = () => {
      throw new PlumbError('lease_lost', 'r1: another runner holds it');
    };
    await expect(put(file('a'), 'new', { fence: lost })).rejects.toMatchObject({ code: 'lease_lost' });
    expect(readFileSync(file('a'), 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['a']);
  });

  /** Waits until a part of a large file is on the server. */
  const halfway = async () => {
    await expect
      .poll(() => readdirSync(folder).some((name) => name.startsWith('.plumb-')), { timeout: 10_000 })
      .toBe(true);
  };

  it('go away when the connection is lost on the way', async () => {
    writeFileSync(file('a'), 'old');
    const going = put(file('a'), Buffer.alloc(30_000_000)).catch((error: PlumbError) => error);
    await halfway();
    await session[Symbol.asyncDispose]();
    expect(await going).toMatchObject({ code: 'closed' });
    await expect.poll(() => readdirSync(folder)).toEqual(['a']);
    expect(readFileSync(file('a'), 'utf8')).toBe('old');
  });

  it('are never there by half when the server loses power, and the next runner cleans up', async () => {
    writeFileSync(file('a'), 'old');
    const going = put(file('a'), Buffer.alloc(30_000_000), { epoch: 4 }).catch((error: PlumbError) => error);
    await halfway();
    await login.drop();
    expect(await going).toMatchObject({ code: 'closed' });
    expect(readFileSync(file('a'), 'utf8')).toBe('old');
    await login.listen();
    session = await linux.open(target, forever);
    const left = readdirSync(folder).filter((name) => name !== 'a');
    expect(left).toEqual([expect.stringMatching(/^\.plumb-\w+-4$/)]);
    expect(await session.clean(4)).toEqual([]); // that may be under way
    expect(await session.clean(5)).toEqual([file(left[0] ?? '')]);
    expect(readdirSync(folder)).toEqual(['a']);
  });

  it('do not follow a link that someone laid where they are staged', async () => {
    const { job, epoch } = change();
    symlinkSync(file('elsewhere'), file(`.plumb-${job}-${epoch}`));
    await expect(session.upload?.(file('a'), Buffer.from('new'), { job, epoch, fence })).rejects.toMatchObject({
      code: 'rejected',
    });
    expect(existsSync(file('elsewhere'))).toBe(false);
    expect(existsSync(file('a'))).toBe(false);
  });
});

describeWith(sshd, 'plumb file', () => {
  it('fetches and replaces files larger than a message by way of the runner, and records which, not what', async () => {
    const disk = mkdtempSync(join(tmpdir(), 'plumb-disk-'));
    await using login = await startSshd({ disk });
    await using nats = await natsForTest();
    const folder = mkdtempSync(join(tmpdir(), 'plumb-files-'));
    const { device } = targetOf({ platform: 'linux', name: 'host1', port: login.port }, login);
    const key = { literal: login.key };
    const entry = { ...device, credentials: { username: 'root', key } };
    const options = {
      store: nats.store,
      inventory: { site: 'dc1', lab: true, path: '/dev/null', devices: new Map([['host1', entry]]) },
      driverFor: () => linux,
      knownHosts: login.knownHosts,
      log: pino({ level: 'silent' }),
      version: 'test',
      settled: true,
    };
    writeFileSync(join(folder, 'inventory.yml'), 'site: dc1\ndevices: { host1: { platform: linux } }\n');
    const runner = await startRunner(options);
    try {
      await expect
        .poll(() => ask(nats.store, 'host1', 'ping', {}).then(Boolean, () => false), { timeout: 20_000 })
        .toBe(true);
      const at = (name: string) => join(folder, name);
      const run = (...argv: string[]) => plumb(folder, ['file', ...argv, '-o', 'json'], { nats: nats.url });
      const content = randomBytes(1_600_000);
      writeFileSync(at('local'), content);
      const put = await run('put', 'host1', at('local'), at('remote'), '--mode', '0640');
      expect(put).toMatchObject({ code: 0 });
      expect(JSON.parse(put.out)).toMatchObject({
        path: at('remote'),
        size: 1_600_000,
        sha256: sha256(content),
        mode: '0640',
      });
      expect(readFileSync(at('remote')).equals(content)).toBe(true);
      const get = await run('get', 'host1', at('remote'), at('back'));
      expect(get).toMatchObject({ code: 0 });
      expect(readFileSync(at('back')).equals(content)).toBe(true);
      expect(statSync(at('back')).mode & 0o777).toBe(0o600);
      expect(readdirSync(folder).sort()).toEqual(['back', 'inventory.yml', 'local', 'remote']);

      writeFileSync(at('secret'), 'password canary\n');
      expect(await run('put', 'host1', at('secret'), at('remote'))).toMatchObject({ code: 0 });
      const text = await nats.store.nc.request('dc1.host1.file-get', at('remote'), { timeout: 20_000 });
      expect(text.string()).toBe('password canary\n'); // any client gets the bytes

      const { jobs } = await listJobs(nats.store, { devices: ['host1'] });
      const files = jobs.filter(({ kind }) => kind.startsWith('file-'));
      expect(files.map(({ kind, outcome }) => [kind, outcome?.kind])).toEqual([
        ['file-get', 'done'],
        ['file-put', 'done'],
        ['file-get', 'done'],
        ['file-put', 'done'],
      ]);
      expect(files[3]).toMatchObject({
        request: { path: at('remote'), size: 1_600_000, sha256: sha256(content), mode: '0640' },
        result: { path: at('remote'), size: 1_600_000, sha256: sha256(content), owner: 'root:root' },
      });
      const kept = JSON.stringify(jobs);
      expect(kept).not.toContain('canary');
      expect(kept).not.toContain(Buffer.from('password canary\n').toString('base64'));
      expect(kept).not.toContain(content.subarray(0, 30).toString('base64'));

      expect(await run('put', 'host1', at('nowhere'), at('remote'))).toMatchObject({ code: 2 });
      expect(await run('put', 'host1', at('local'), 'remote')).toMatchObject({
        code: 1,
        err: expect.stringContaining('absolute'),
      });
      expect(await run('put', 'host1', at('local'), at('remote'), '--mode', 'rwx')).toMatchObject({ code: 2 });
      expect(readFileSync(at('remote'), 'utf8')).toBe('password canary\n');
    } finally {
      await runner[Symbol.asyncDispose]();
      for (const each of [folder, disk]) rmSync(each, { recursive: true, force: true });
    }
  });
});
