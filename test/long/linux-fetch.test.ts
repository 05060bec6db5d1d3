import { spawn } from 'node:child_process';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { forever, targetOf } from '../../lab/proof/target.ts';
import { linux } from '../../runners/drivers/linux/platform.ts';
import { sshServer } from '../unit/runners/transports/ssh-server.ts';

it('fetches a file whose letters are more than the answer to any other command may have', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'plumb-fetch-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'image');
  await writeFile(path, 'begin');
  await truncate(path, 13 * 1024 * 1024);
  await using server = await sshServer({
    exec: (command, channel) => {
      const shell = spawn('sh', ['-c', command], { stdio: ['pipe', 'pipe', 'pipe'] });
      channel.pipe(shell.stdin);
      shell.stdout.pipe(channel, { end: false });
      shell.stderr.pipe(channel.stderr, { end: false });
      shell.once('close', (code) => {
        channel.exit(code ?? 1);
        channel.end();
      });
    },
  });
  const { port, username, password = '', knownHosts } = { ...server.options };
  await using session = await linux.open(
    targetOf({ platform: 'linux', port }, { username, password, knownHosts }),
    forever,
  );
  const file = await session.download?.(path);
  expect(file?.content.length).toBe(13 * 1024 * 1024);
  expect(Buffer.from(file?.content ?? []).toString('utf8', 0, 5)).toBe('begin');
});
