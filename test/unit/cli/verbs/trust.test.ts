import { chown, lstat, mkdir, readdir, readFile, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { storePins } from '../../../../cli/trust/found.ts';
import { newSshKey } from '../../../../lab/ssh-key.ts';
import { fingerprint, knownHostsLine } from '../../../../runners/transports/ssh/known-hosts.ts';
import { sshServer } from '../../runners/transports/ssh-server.ts';
import { plumb, repository } from '../terminal.ts';

/** A repository whose leaf1 is an SSH server in this process. */
const withServer = async () => {
  const server = await sshServer();
  const { folder, ...gone } = await repository();
  const inventory = await readFile(join(folder, 'inventory.yml'), 'utf8');
  await writeFile(
    join(folder, 'inventory.yml'),
    inventory.replace('leaf1: { ', `leaf1: { port: ${server.port}, `).replace('leaf2: { ', 'leaf2: { port: 1, '),
  );
  const pinned = join(folder, '.plumb', 'known_hosts');
  return {
    server,
    folder,
    pinned,
    shown: fingerprint(server.hostKey),
    line: knownHostsLine('127.0.0.1', server.port, server.hostKey),
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await gone[Symbol.asyncDispose]();
    },
  };
};

describe('plumb trust', () => {
  it('shows the key and pins it once a person says that it is the right one', async () => {
    await using site = await withServer();
    const said = await plumb(site.folder, ['trust', 'leaf1'], { says: 'y' });
    expect(said).toMatchObject({ code: 0, out: expect.stringContaining(site.shown) });
    expect(await readFile(site.pinned, 'utf8')).toBe(`${site.line}\n`);
    expect((await stat(site.pinned)).mode & 0o777).toBe(0o600);
    expect(await plumb(site.folder, ['trust', 'leaf1'])).toMatchObject({
      code: 0,
      err: expect.stringContaining('already pinned'),
    });
    expect(site.server.attempts).toEqual([]); // it has not logged in
  });

  it('pins where the lab that runs in the folder looks, while it runs', async () => {
    await using site = await withServer();
    const lab = join(site.folder, 'lab_known_hosts');
    const run = { pid: process.pid, url: 'nats://127.0.0.1:1', lab: { knownHosts: lab, devices: {} } };
    await mkdir(join(site.folder, '.plumb'), { recursive: true });
    await writeFile(join(site.folder, '.plumb', 'nats.json'), JSON.stringify(run), { mode: 0o600 });
    expect(await plumb(site.folder, ['trust', 'leaf1', '--yes'])).toMatchObject({ code: 0 });
    expect(await readFile(lab, 'utf8')).toBe(`${site.line}\n`);
    await expect(readFile(site.pinned)).rejects.toThrow();
    expect((await plumb(site.folder, ['trust', 'leaf1'])).err).toContain('already pinned');
  });

  it('pins nothing when the person says no, or when nobody is there to ask', async () => {
    await using site = await withServer();
    expect(await plumb(site.folder, ['trust', 'leaf1'], { says: 'n' })).toMatchObject({ code: 1 });
    const alone = await plumb(site.folder, ['trust', 'leaf1']);
    expect(alone).toMatchObject({ code: 2, err: expect.stringContaining(`--fingerprint ${site.shown}`) });
    await expect(readFile(site.pinned)).rejects.toThrow();
  });

  it('pins the key whose fingerprint was given, and no other', async () => {
    await using site = await withServer();
    const wrong = await plumb(site.folder, ['trust', 'leaf1', '--fingerprint', 'SHA256:wrong']);
    expect(wrong).toMatchObject({ code: 1, err: expect.stringContaining('nothing was pinned') });
    await expect(readFile(site.pinned)).rejects.toThrow();
    expect(await plumb(site.folder, ['trust', 'leaf1', '--fingerprint', site.shown])).toMatchObject({ code: 0 });
    expect(await readFile(site.pinned, 'utf8')).toBe(`${site.line}\n`);
  });

  it('says which key was pinned before, and puts the new one in its place alone', async () => {
    await using site = await withServer();
    const old = Buffer.from(newSshKey().public.split(' ')[1] ?? '', 'base64');
    const other = knownHostsLine('192.0.2.1', 22, old);
    await mkdir(join(site.folder, '.plumb'), { recursive: true });
    await writeFile(site.pinned, `${other}\n${knownHostsLine('127.0.0.1', site.server.port, old)}\n`);
    const { code, err } = await plumb(site.folder, ['trust', 'leaf1', '--yes']);
    expect(code).toBe(0);
    expect(err).toContain(`another key is pinned: ssh-ed25519 ${fingerprint(old)}`);
    expect(await readFile(site.pinned, 'utf8')).toBe(`${other}\n${site.line}\n`);
  });

  it('loses no pin of those who pin at the same time, nor what came while a person thought', async () => {
    await using site = await withServer();
    const lines = Array.from({ length: 20 }, (_, number) => `host${number}`);
    await Promise.all(lines.map((line) => storePins(site.pinned, (text) => `${text}${line}\n`)));
    expect((await readFile(site.pinned, 'utf8')).trim().split('\n').sort()).toEqual([...lines].sort());
    const left = `${site.pinned}.new`; // by a crash
    await writeFile(left, 'half');
    await utimes(left, 0, 0);
    expect(await plumb(site.folder, ['trust', 'leaf1', '--yes'])).toMatchObject({ code: 0 });
    expect((await readFile(site.pinned, 'utf8')).trim().split('\n')).toHaveLength(21);
    expect((await readdir(join(site.folder, '.plumb'))).sort()).toEqual(['.gitignore', 'known_hosts']);
  });

  it('leaves the file behind its link, and its mode, for a runner that is another user', async () => {
    await using site = await withServer();
    const shared = join(site.folder, 'shared');
    await mkdir(join(site.folder, '.plumb'), { recursive: true });
    await writeFile(shared, '', { mode: 0o644 });
    await symlink(shared, site.pinned);
    if (process.getuid?.() === 0) await chown(shared, 12345, 12345);
    expect(await plumb(site.folder, ['trust', 'leaf1', '--yes'])).toMatchObject({ code: 0 });
    expect((await lstat(site.pinned)).isSymbolicLink()).toBe(true);
    expect(await readFile(shared, 'utf8')).toBe(`${site.line}\n`);
    expect((await stat(shared)).mode & 0o777).toBe(0o644);
    if (process.getuid?.() === 0) expect((await stat(shared)).uid).toBe(12345);
  });

  it('says so where the device is not known or not there', async () => {
    await using site = await withServer();
    expect(await plumb(site.folder, ['trust', 'leaf9'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('leaf9'),
    });
    expect(await plumb(site.folder, ['trust', 'leaf2'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('leaf2'),
    });
  });
});
