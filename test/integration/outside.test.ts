import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { end } from '../../lab/login/sshd.ts';
import { natsForTest } from '../nats.ts';
import { describeWith } from '../real.ts';
import { plumb, repository } from '../unit/cli/terminal.ts';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

describeWith(['root'], 'a disk that cannot be written', () => {
  let repo: Awaited<ReturnType<typeof repository>>;
  let state = '';
  beforeEach(async () => {
    repo = await repository();
    state = join(repo.folder, '.plumb');
    await mkdir(state);
  });
  afterEach(async () => {
    execFileSync('umount', [state]);
    await repo[Symbol.asyncDispose]();
  });

  it.each([
    ['full', 'size=64k', /ENOSPC: no space left on device/, 'the disk is full'],
    ['read-only', 'ro', /EROFS: read-only file system/, 'cannot be written: EROFS'],
  ])('is told, not taken for a fault of ours: %s', async (_, option, why, found) => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', option, 'tmpfs', state]);
    if (option !== 'ro') await writeFile(join(state, 'filler'), Buffer.alloc(100_000)).catch(() => {});
    const up = await plumb(repo.folder, ['up', '--once', '--timeout', '5']);
    expect(up).toMatchObject({ code: 2, err: expect.stringMatching(why) });
    expect(up.err).toContain(`${state}: cannot be written`);
    expect(up.err).not.toContain('bug');
    const { out } = await plumb(repo.folder, ['doctor', '-o', 'json']);
    expect(JSON.parse(out).items).toContainEqual(
      expect.objectContaining({ check: 'state', result: 'fail', detail: expect.stringContaining(found) }),
    );
  });
});

describe('the REST port', () => {
  it('answers others beside 1,000 connections that say nothing and 100 that never come to an end', async () => {
    await using nats = await natsForTest();
    const folder = await mkdtemp(join(tmpdir(), 'plumb-rest-'));
    await writeFile(join(folder, 'inventory.yml'), 'site: dc1\ndevices: {}\n');
    const env = { ...process.env, NATS_URL: nats.url };
    // fewer files than connections: the system then refuses connections, and nothing else may fail
    const args = ['-c', 'ulimit -n 300; exec "$@"', 'sh', process.execPath, main, 'api', '--api-port', '0'];
    const child = spawn('sh', args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const sockets: Socket[] = [];
    try {
      let said = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (said += text));
      await expect.poll(() => said, { timeout: 20_000 }).toMatch(/listening on http/);
      const [url = ''] = /http:\/\/[\d.:]+/.exec(said) ?? [];
      const { hostname, port } = new URL(url);
      const open = async (text: string): Promise<void> => {
        const socket = connect({ host: hostname, port: Number(port) }).on('error', () => {});
        sockets.push(socket);
        await once(socket, 'connect').catch(() => {});
        socket.write(text);
      };
      await Promise.all(Array.from({ length: 1000 }, () => open('')));
      await Promise.all(Array.from({ length: 100 }, () => open('GET /health HTTP/1.1\r\nHost: slow\r\nX-Slow: ')));
      const authorization = `Bearer ${(await readFile(join(folder, '.plumb', 'api-key'), 'utf8')).trim()}`;
      for (let count = 0; count < 20; count++) {
        for (const socket of sockets) if (!socket.destroyed) socket.write('x');
        const signal = AbortSignal.timeout(20_000);
        const answers = ['/health', '/api/v1/devices'].map((path) =>
          fetch(url + path, { headers: { authorization }, signal }),
        );
        expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200]);
      }
    } finally {
      for (const socket of sockets) socket.destroy();
      await end(child);
      await rm(folder, { recursive: true, force: true });
    }
  });
});
