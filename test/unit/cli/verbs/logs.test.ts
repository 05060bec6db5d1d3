import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { logText } from '../../../../cli/logs/log-line.ts';
import { runCommandLine } from '../../../../cli/program.ts';
import { logTo } from '../../../../core/log.ts';
import { KeptLines } from '../../../../core/logs/kept-lines.ts';
import { tellLog } from '../../../../core/logs/tell-log.ts';
import { evil, hostile } from '../hostile-cases.ts';
import { siteForTest } from '../site.ts';

let site: Awaited<ReturnType<typeof siteForTest>>;
let told: AsyncDisposable;
const kept = new KeptLines();
const log = logTo((line) => kept.add(line));
beforeAll(async () => {
  site = await siteForTest();
  told = tellLog({ nc: site.store.nc, site: 'dc1' }, 'runner', 'edge1-0a1b2c', kept);
  await site.store.nc.flush(); // it listens
  log.info({ device: 'leaf1', epoch: 4 }, 'held');
  log.warn({ device: 'leaf2', hint: 'is it up?' }, `cannot read the device: ${evil}`);
});
afterAll(async () => {
  await told[Symbol.asyncDispose]();
  await site[Symbol.asyncDispose]();
});

const now = (...more: string[]) => site.run(['logs', '--no-follow', ...more]);

describe('plumb logs', () => {
  it('shows what was said, by whom, about which device; nothing in it steers a terminal', async () => {
    const { code, out, err } = await now();
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const [held = '', cannot = '', hint] = out.trimEnd().split('\n');
    expect(held).toMatch(/^\d\d:\d\d:\d\d {2}info {3}runner edge1-0a1b2c {2}leaf1: held$/);
    expect(cannot).toMatch(/^\d\d:\d\d:\d\d {2}warn {3}runner edge1-0a1b2c {2}leaf2: cannot read the device: evil/);
    expect(hint).toBe('    → is it up?');
    expect(out).not.toMatch(hostile);
  });

  it('shows the lines of the devices, the level, the runner that are asked for', async () => {
    const asked = [
      ['leaf1'],
      ['-l', 'leaf2'],
      ['--level', 'error'],
      ['--runner', 'edge1', '--tail', '1'],
      ['--since', '1h', '-o', 'wide'],
    ];
    const [leaf1, leaf2, errors, last, wide] = await Promise.all(asked.map(async (more) => (await now(...more)).out));
    expect(leaf1).toMatch(/^\S+ {2}info .*held\n$/);
    expect(leaf2).not.toContain('leaf1');
    expect(errors).toBe('');
    expect(last).not.toContain('leaf1');
    expect(wide).toContain('leaf1: held  epoch=4');
  });

  it('says so where nobody answers that would be asked for', async () => {
    const { code, out, err } = await now('--role', 'watcher');
    expect({ code, out }).toEqual({ code: 0, out: '' });
    expect(err).toBe(
      'plumb: no process of site dc1 that could have logged it answers: `plumb doctor` shows what is up\n',
    );
  });

  it('goes on until it is told to stop, an object a line with -o json', async () => {
    const stop = new AbortController();
    let out = '';
    const stdout = {
      write: (text: string) => {
        out += text;
        if (out.includes('"seq":3')) stop.abort();
        else if (out.includes('"seq":2')) log.info('said while someone listens');
      },
    };
    const stderr = { write: () => true };
    const env = { NATS_URL: site.store.nc.getServer() };
    const io = { env, cwd: site.folder, signal: stop.signal, stdin: new PassThrough(), stdout, stderr };
    expect(await runCommandLine(['logs', '-o', 'json'], io)).toBe(0);
    const lines = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { seq: number });
    expect(lines.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(out).not.toMatch(hostile);
  });

  it.each([
    [['--since', 'yesterday'], /--since yesterday: neither a time span/],
    [['--tail', '-1'], /--tail -1: neither a number of lines nor/],
    [['--runner', 'a', '--role', 'api'], /cannot be used with/],
    [['leaf9'], /leaf9/],
  ])('refuses %j', async (more, message) => {
    const { code, err } = await now(...more);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });
});

it('a line of yesterday carries its day, and one of many lines looks like no line of another process', () => {
  const line = {
    time: '2026-01-02T03:04:05.000Z',
    level: 50,
    role: 'api',
    name: 'a',
    seq: 1,
    msg: 'one\n12:00:00  info  two',
  } as const;
  const text = logText(false, false)(line, new Date('2026-01-03T03:04:05Z'));
  expect(text).toMatch(/^2026-01-0\d \d\d:\d\d:\d\d {2}error {2}api a {2}one\n {4}12:00:00 {2}info {2}two\n$/);
});
