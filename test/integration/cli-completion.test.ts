import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { newJob, putJob } from '../../core/store/jobs.ts';
import { putRecord } from '../../core/store/records.ts';
import { folderOfAll } from '../folder.ts';
import { natsForTest } from '../nats.ts';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

const folder = folderOfAll('completion');
beforeAll(async () => {
  const devices = 'devices:\n  spine1: { platform: eos }\n  leaf1: { platform: frr, groups: [leaves, $(reboot)] }\n';
  await writeFile(join(folder, 'inventory.yml'), `site: dc1\ngroups: { leaves: {}, $(reboot): {} }\n${devices}`);
  // says what it was called with, and completes as plumb does
  const called = `[ "$1" = completion ] && exec '${process.execPath}' '${main}' "$@"\nprintf '<%s>' "$@"; echo "<end>"\n`;
  await writeFile(join(folder, 'plumb'), `#!/bin/sh\n${called}`);
  await chmod(join(folder, 'plumb'), 0o755);
});

/** What a shell asks at a Tab. @param words the line up to the cursor, without `plumb` */
const complete = (words: readonly string[], { cwd = folder, shell = 'zsh', env = {} } = {}) => {
  const argv = [main, 'completion', shell, '--', ...words];
  const startedMs = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, {
    cwd,
    env: { PATH: process.env.PATH, HOME: folder, ...env },
    encoding: 'utf8',
  });
  const lines = stdout.split('\n').filter(Boolean);
  return { status, stderr, words: lines.map((line) => line.split('\t')[0]), elapsedMs: performance.now() - startedMs };
};

/** A Tab waits for NATS for no more than a moment, in which a busy machine comes to nothing: the next one is answered. */
const knows = (words: readonly string[], found: readonly string[], more: Parameters<typeof complete>[1] = {}) =>
  expect.poll(() => complete(words, more), { timeout: 60_000 }).toMatchObject({ status: 0, stderr: '', words: found });

describe('completion', () => {
  it.each([
    ['a verb', ['stat'], ['status']],
    ['a verb below a verb', ['lab', ''], ['up', 'down']],
    ['an option', ['status', '--out'], ['--output']],
    ['an option of all verbs', ['status', '--inv'], ['--inventory']],
    ['the value of an option', ['status', '-o', 'j'], ['json']],
    ['the value behind an equals sign', ['status', '--output=y'], ['--output=yaml']],
    ['a device', ['status', 's'], ['spine1']],
    ['all devices by name', ['status', ''], ['leaf1', 'spine1', 'group=leaves']],
    ['another device', ['status', 'leaf1', 'sp'], ['spine1']],
    ['a group', ['status', 'gr'], ['group=leaves']],
    ['a device behind an option of before the verb', ['--nats', 'nats://x', 'run', 'le'], ['leaf1']],
    ['a verb to be helped with', ['help', 'stat'], ['status']],
    ['one device alone', ['file', 'get', ''], ['leaf1', 'spine1']],
    ['nothing of the command for a device', ['run', 'leaf1', '--', ''], []],
    ['a platform', ['platforms', 'ei', 'jun'], ['junos']],
    ['a file', ['validate', ''], [':files']],
    ['a folder', ['-C', ''], [':folders']],
    ['nothing behind a command for a device', ['platforms', '--nosuch', 'zzz'], []],
  ])('knows %s', (_, line, found) => {
    expect(complete(line)).toMatchObject({ status: 0, stderr: '', words: found });
  });

  it('waits for the inventory of the folder for as long as it takes', () => {
    const late = `export const load = async (url, of, next) => {
      if (url.endsWith('/inventory/inventory.js')) await new Promise((resolve) => setTimeout(resolve, 500));
      return next(url, of);
    };`;
    const module = (text: string) => `data:text/javascript,${encodeURIComponent(text)}`;
    const slow = module(`import { register } from 'node:module'; register(${JSON.stringify(module(late))});`);
    const env = { NODE_OPTIONS: `--import ${slow}` };
    expect(complete(['status', 's'], { env })).toMatchObject({ status: 0, words: ['spine1'] });
  });

  it('puts together what bash splits', () => {
    expect(complete(['status', '--output', '=', 'y'], { shell: 'bash' }).words).toEqual(['yaml']);
  });

  it('leaves out an option that was given', () => {
    expect(complete(['status', '--output', 'json', '--out']).words).toEqual([]);
  });

  it('takes devices and jobs of NATS, the newest first, and makes nothing there', async () => {
    await using nats = await natsForTest();
    const env = { NATS_URL: nats.url };
    const cwd = await mkdtemp(join(folder, 'empty-'));
    const entry = { host: 'h', platform: 'frr', groups: ['leaves'], policy: {}, labels: {}, intended: null };
    await putRecord(nats.store.inventory, 'leaf7', { device: 'leaf7', ...entry });
    await knows(['status', ''], ['leaf7', 'group=leaves'], { cwd, env });
    const [older, newer] = [newJob('leaf7', 'deploy'), newJob('leaf7', 'deploy')];
    older.id = `00${older.id.slice(2)}`; // of long ago: ids of one millisecond are in no order
    await putJob(nats.store, older);
    await putJob(nats.store, newer);
    await knows(['job', ''], [newer.id.slice(0, 12), older.id.slice(0, 12)], { cwd, env });
    await putJob(nats.store, newJob('leaf7', 'diff'));
    await putJob(nats.store, newJob('leaf8', 'deploy'));
    const deployments = [newer.id.slice(0, 12), older.id.slice(0, 12)];
    await knows(['rollback', 'leaf7', '--to', ''], deployments, { cwd, env });
    await nats.store.jsm.streams.delete('KV_dc1-inventory');
    expect(complete(['status', ''], { cwd, env })).toMatchObject({ status: 0, stderr: '', words: [] });
    await expect(nats.store.jsm.streams.info('KV_dc1-inventory')).rejects.toThrow();
  });

  it('neither hangs nor complains where NATS does not answer, nor where a file is wrong', async () => {
    const cwd = await mkdtemp(join(folder, 'away-'));
    const silent = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const address = silent.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const early = complete(['stat'], { cwd });
    for (const url of [`nats://127.0.0.1:${port}`, 'nats://127.0.0.1:1']) {
      const { status, stderr, words, elapsedMs } = complete(['job', ''], { cwd, env: { NATS_URL: url } });
      expect({ status, stderr, words }).toEqual({ status: 0, stderr: '', words: [] });
      expect(elapsedMs).toBeLessThan(10 * early.elapsedMs + 2_000); // not the 20 s of a connection
    }
    silent.close();
    await writeFile(join(cwd, 'plumbline.yml'), 'nats: [\n');
    expect(complete(['status', ''], { cwd })).toMatchObject({ status: 0, stderr: '', words: [] });
    expect(complete([''], { cwd }).words).toContain('status');
  });
});

const shells = [
  ['bash', ['--norc', '--noprofile', '-i'], 'eval "$(plumb completion bash)"'],
  ['zsh', ['-f', '-i'], 'eval "$(plumb completion zsh)"'],
  ['fish', ['--no-config', '-i'], 'plumb completion fish | source'],
] as const;
const here = (shell: string) => spawnSync(shell, ['--version']).status === 0;

/** Resolves with all that a process printed once the pattern is in it. */
const printed = (child: ChildProcess, pattern: RegExp): Promise<string> =>
  new Promise((resolve, reject) => {
    let seen = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      seen += chunk;
      if (pattern.test(seen)) resolve(seen);
    });
    child.once('exit', () => reject(new Error(`it ended after ${JSON.stringify(seen)}`)));
  });

describe.each(shells)('in a real %s', (shell, options, setUp) => {
  it.skipIf(!process.env.CI && !here(shell))('a Tab completes verb, device, option and value', async () => {
    const path = `${folder}:${process.env.PATH}`;
    const env = { PATH: path, HOME: folder, TERM: 'xterm', LANG: 'C.UTF-8', ZDOTDIR: folder, PS1: '$ ' };
    const child = spawn('script', ['-qfec', [shell, ...options].join(' '), '/dev/null'], { cwd: folder, env });
    const ended = once(child, 'close');
    try {
      const ready = printed(child, /<ready><end>/);
      child.stdin.write(`${setUp}\nplumb ready\n`);
      await ready;
      const done = printed(child, /<status><spine1><--output><json><end>/);
      child.stdin.write('plumb statu\tspi\t--outp\tjs\t\n');
      await done;
    } finally {
      child.stdin.end('exit\n');
      await ended; // it writes to its home at its end
    }
  });
});
