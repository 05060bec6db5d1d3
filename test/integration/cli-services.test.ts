import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { folderOfAll } from '../folder.ts';
import { natsForTest } from '../nats.ts';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

const folder = folderOfAll('services');
beforeAll(async () => {
  await mkdir(join(folder, 'intended', 'configs'), { recursive: true });
  await writeFile(join(folder, 'inventory.yml'), 'site: dc1\ndevices:\n  leaf1: { platform: frr, host: 127.0.0.1 }\n');
});

/** Runs a service until it says that it started, or ends. @returns the lines on its stderr, each of them JSON, and its stdout */
const run = async (argv: readonly string[], nats: string) => {
  const env = { ...process.env, NATS_URL: nats, NODE_OPTIONS: '--pending-deprecation' };
  const child = spawn(process.execPath, [main, ...argv], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk));
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk;
    // once: a second one, half a second later, ends it where it stands
    if (!child.killed && / started: .*\n/.test(err)) child.kill('SIGTERM');
  });
  await once(child, 'close');
  const lines = err
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { out, lines };
};

describe('a service that no person looks at', () => {
  it.each([
    [
      'runner',
      ['runner', '--name', 'r1'],
      { devices: 1 },
      /^runner r1-\w+ of site dc1 started: wants 1 device \(leaf1\), NATS 127\.0\.0\.1:\d+$/,
    ],
    [
      'watcher',
      ['watch', '--source', 'files'],
      { source: 'files' },
      /^watcher of site dc1 started: publishes what is saved in \/.*, NATS 127/,
    ],
    [
      'API',
      ['api', '--api-port', '0'],
      {},
      /^API of site dc1 started: listening on http:\/\/127\.0\.0\.1:\d+, NATS 127/,
    ],
  ])('says in one line what started, and nothing but JSON: %s', async (_, argv, fields, message) => {
    await using nats = await natsForTest();
    const told: { seq: number; msg: string }[] = [];
    nats.store.nc.subscribe('log.dc1.*.*', { callback: (_error, message) => void told.push(message.json()) });
    const { out, lines } = await run(argv, nats.url);
    expect(out).toBe('');
    await nats.store.nc.flush();
    expect(told.map(({ msg }) => msg)).toEqual(lines.map(({ msg }) => msg)); // to the last one
    const started = lines.filter(({ msg }) => /started:/.test(String(msg)));
    expect(started).toHaveLength(1);
    expect(started[0]).toMatchObject({ ...fields, level: 30, site: 'dc1', msg: expect.stringMatching(message) });
  });

  it.each([['runner'], ['watch'], ['api']])('says as JSON why it does not start: %s', async (verb) => {
    const { lines } = await run([verb, ...(verb === 'watch' ? ['--source', 'files'] : [])], 'nats://127.0.0.1:1');
    expect(lines.at(-1)).toMatchObject({
      level: 50,
      msg: expect.stringContaining('cannot connect to NATS at nats://127.0.0.1:1'),
      hint: expect.stringContaining('plumb doctor'),
    });
    const wrong = await run([verb, '--nosuch'], 'nats://127.0.0.1:1');
    expect(wrong.lines).toMatchObject([
      { level: 50, msg: "unknown option '--nosuch'" },
      { msg: expect.stringContaining('--help') },
    ]);
  });
});
