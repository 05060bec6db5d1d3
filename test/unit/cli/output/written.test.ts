import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { folderOfAll } from '../../../folder.ts';

const main = fileURLToPath(new URL('../../../../dist/cli/main.js', import.meta.url));
const line = ' description a line of a long configuration, longer than what a pipe takes at a time\n';
const megabyte = Math.ceil(1_000_000 / line.length);
const folder = folderOfAll('written');

const capture = async (megabytes: number) => {
  const path = join(folder, `${megabytes}`);
  await mkdir(path, { recursive: true });
  await writeFile(join(path, 'show_running_config.txt'), `hostname leaf1\n${line.repeat(megabyte * megabytes)}`);
  return path;
};

/** `plumb parse` of a configuration, its output in a pipe. */
const parse = (path: string, output: 'json' | 'yaml' = 'json') => {
  const args = ['parse', '--platform', 'eos', '--getter', 'config', '-o', output, path];
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const complaints: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk));
  return { child, ended: once(child, 'close'), complained: () => Buffer.concat(complaints).toString() };
};

const lines = (text: string): number => text.split('longer than what a pipe takes').length - 1;

describe('what a verb writes into a pipe', () => {
  it('arrives whole at a reader that comes late and takes its time', async () => {
    const { child, ended } = parse(await capture(3));
    let text = '';
    for await (const chunk of child.stdout.setEncoding('utf8')) {
      if (text === '') await wait(300); // the reader, not the test, is slow
      text += chunk;
    }
    expect(await ended).toEqual([0, null]);
    expect(lines(JSON.parse(text).running)).toBe(megabyte * 3);
  });

  it('arrives whole with 30 MB', async () => {
    const { child, ended } = parse(await capture(30));
    let bytes = 0;
    let tail = '';
    for await (const chunk of child.stdout.setEncoding('utf8')) {
      bytes += chunk.length;
      tail = chunk;
    }
    expect(await ended).toEqual([0, null]);
    expect(bytes).toBeGreaterThan(30_000_000);
    expect(tail.trimEnd().at(-1)).toBe('}');
  });

  it('ends without a word where the reader has gone', async () => {
    const { child, ended, complained } = parse(await capture(3));
    await once(child.stdout, 'readable');
    child.stdout.destroy();
    const [code] = await ended;
    expect(code).not.toBe(2);
    expect(complained()).toBe('');
  });

  it('does not keep a process that is told to stop while nobody reads', async () => {
    const { child, ended } = parse(await capture(3));
    await once(child.stdout, 'readable');
    child.kill('SIGTERM');
    expect((await ended)[1]).toBe(null);
  });
});

describe('what a verb writes to a disk that is full', () => {
  it.runIf(existsSync('/dev/full'))('is told as not written, in one line, and by the exit code', async () => {
    const full = await open('/dev/full', 'w');
    await using _ = { [Symbol.asyncDispose]: () => full.close() };
    for (const [stdout, stderr, told] of [
      [full.fd, 'pipe', 'plumb: cannot write: no space left on device\n'],
      ['ignore', full.fd, undefined],
    ] as const) {
      const argv = told ? ['platforms'] : ['doctor', 'nowhere'];
      const child = spawn(process.execPath, [main, ...argv], { cwd: folder, stdio: ['ignore', stdout, stderr] });
      const said = child.stderr ? text(child.stderr) : undefined;
      expect(await once(child, 'close')).toEqual([1, null]);
      expect(await said).toBe(told);
    }
  });
});
