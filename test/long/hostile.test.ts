import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { natsForTest } from '../nats.ts';
import { evil, hostile, parts } from '../unit/cli/hostile-cases.ts';
import { repository } from '../unit/cli/terminal.ts';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
let nats: Awaited<ReturnType<typeof natsForTest>>;
beforeAll(async () => {
  nats = await natsForTest();
});
afterAll(() => nats[Symbol.asyncDispose]());

/** A repository whose commits have a hostile author, message and name of a file. */
const committed = async (files: Readonly<Record<string, string>>) => {
  const repo = await repository();
  const bare = evil.replaceAll('\u0000', '');
  const all = { [`intended/configs/${bare}.cfg`]: 'hostname x\n', ...files };
  for (const [path, text] of Object.entries(all)) {
    await mkdir(dirname(join(repo.folder, path)), { recursive: true });
    await writeFile(join(repo.folder, path), text);
  }
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', `user.name=${bare}`, '-c', 'user.email=a@example.com', ...args], { cwd: repo.folder });
  git('init', '-q');
  git('add', '-A');
  git('commit', '-qm', bare);
  return repo;
};

const named = parts.map((part) => ({ ...part, name: part.argv.join(' ').replaceAll(/evil.*?end/gs, 'EVIL') }));

describe('a part that runs for long', () => {
  it.concurrent.each(named)(
    'lets no hostile text steer a terminal: plumb $name',
    async ({ argv, shown, files = {} }) => {
      await using repo = await committed(files);
      const env = { ...process.env, NATS_URL: nats.url, PLUMB_AUTHOR: 'ann', PLUMB_LOG: 'debug' };
      const child = spawn(process.execPath, [main, ...argv], {
        cwd: repo.folder,
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const chunks: Buffer[] = [];
      const said = () => Buffer.concat(chunks).toString();
      const hear = (chunk: Buffer) => {
        chunks.push(chunk);
        if (shown !== '' && said().includes(shown)) child.kill('SIGTERM');
      };
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
      await once(child, 'close');
      expect(said()).toContain(shown);
      expect(said()).not.toMatch(hostile);
      expect(said()).not.toContain('this is a bug in plumb');
    },
    60_000,
  );
});
