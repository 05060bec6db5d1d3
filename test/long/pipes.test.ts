import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newJob } from '../../core/store/jobs.ts';
import { putRecord } from '../../core/store/records.ts';
import { natsForTest } from '../nats.ts';
import { finish, goodState, holderOf } from '../unit/cli/holder.ts';
import { repository } from '../unit/cli/terminal.ts';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const line = ' description a line of a long answer, longer than what a pipe takes at a time\n';
const long = line.repeat(9_000); // 700 kB: within a message
let nats: Awaited<ReturnType<typeof natsForTest>>;
let repo: Awaited<ReturnType<typeof repository>>;
let holder: AsyncDisposable;
let job: string;

const peers = Object.fromEntries(
  Array.from({ length: 1_200 }, (_, at) => [
    `192.0.${at >> 8}.${at & 255}`,
    {
      local_as: 1,
      remote_as: 2,
      remote_id: '192.0.2.1',
      is_up: true,
      is_enabled: true,
      description: line,
      uptime: 1,
      address_family: { ipv4: { received_prefixes: 1, accepted_prefixes: 1, sent_prefixes: 1 } },
      flaps: 1,
      state: 'established',
      dynamic: false,
      last_error: '',
    },
  ]),
);

beforeAll(async () => {
  nats = await natsForTest();
  repo = await repository();
  const interfaces = Array.from({ length: 5_000 }, (_, at) => `Ethernet${at}/a-long-name-of-an-interface`);
  const facts = { hostname: 'a', fqdn: 'a', vendor: 'a', model: 'a', os_version: 'a', serial_number: 'a', uptime: 1 };
  holder = await holderOf(nats.store, ['leaf1'], {
    command: ({ job }) => ({ output: long, job }),
    diff: ({ job }) => ({ diff: long.replaceAll(/^ /gm, '+'), job }),
    facts: ({ job }) => ({ facts: { ...facts, interface_list: interfaces }, job }),
    bgp: ({ job }) => ({ bgp: { global: { router_id: '192.0.2.1', peers } }, job }),
    'interfaces-ip': ({ job }) => ({
      'interfaces-ip': Object.fromEntries(
        interfaces.map((name) => [name, { ipv4: { '192.0.2.1': { prefix_length: 24 } } }]),
      ),
      job,
    }),
  });
  await putRecord(nats.store.state, 'leaf1', goodState('leaf1', { reason: line.repeat(3_000) }));
  for (let at = 0; at < 4; at += 1) {
    job = newJob('leaf1', 'deploy').id;
    await finish(nats.store, 'leaf1', job, { kind: 'applied' }, { diff: line.repeat(3_000).replaceAll(/^ /gm, '+') });
  }
  await mkdir(join(repo.folder, 'captured'));
  await writeFile(join(repo.folder, 'captured', 'show_running_config.txt'), `hostname leaf1\n${long}`);
});
afterAll(async () => {
  await holder?.[Symbol.asyncDispose]();
  await repo?.[Symbol.asyncDispose]();
  await nats?.[Symbol.asyncDispose]();
});

const start = (argv: readonly string[], stdout: 'pipe' | number): ChildProcess =>
  spawn(process.execPath, [main, ...argv.map((word) => (word === 'JOB' ? job : word))], {
    cwd: repo.folder,
    env: { ...process.env, NATS_URL: nats.url, PLUMB_AUTHOR: 'ann' },
    stdio: ['ignore', stdout, 'pipe'],
  });

/** What the same command writes each time but for the ids of its own jobs and the ages. */
const settled = (text: string): string =>
  text.replaceAll(/\b[a-z\d]{25}\b/g, 'ID').replaceAll(/\b\d+(?:\.\d)?[smhd]\b/g, 'AGE');

const verbs: readonly (readonly string[])[] = [
  ['status', '-o', 'json'],
  ['jobs', 'leaf1', '-o', 'json'],
  ['jobs', 'leaf1', '-o', 'yaml'],
  ['job', 'JOB'],
  ['job', 'JOB', '-o', 'json'],
  ['history', 'leaf1', '-o', 'json'],
  ['run', 'leaf1', '--', 'show x'],
  ['run', 'leaf1', '-o', 'json', '--', 'show x'],
  ['diff', 'leaf1'],
  ['bgp', 'leaf1', '-o', 'json'],
  ['bgp', 'leaf1', '-o', 'wide'],
  ['facts', 'leaf1', '-o', 'json'],
  ['interfaces', 'leaf1'],
  ['parse', '--platform', 'eos', '--getter', 'config', '-o', 'json', 'captured'],
];

describe.each(verbs.map((argv) => ({ argv, name: argv.join(' ') })))('plumb $name', ({ argv }) => {
  it('writes into a pipe with a slow reader what it writes into a file', async () => {
    const path = join(repo.folder, 'out');
    const file = await open(path, 'w');
    const [fileCode] = await once(start(argv, file.fd), 'close');
    await file.close();
    const child = start(argv, 'pipe');
    let text = '';
    let pauses = 0;
    for await (const chunk of child.stdout?.setEncoding('utf8') ?? []) {
      text += chunk;
      if (pauses++ < 5) await wait(50); // the reader, not the test, is slow
    }
    if (child.exitCode === null) await once(child, 'close');
    expect(child.exitCode).toBe(fileCode);
    expect((await stat(path)).size).toBeGreaterThan(100_000);
    expect(settled(text)).toBe(settled(await readFile(path, 'utf8')));
  });

  it('ends without a word where the reader has gone', async () => {
    const child = start(argv, 'pipe');
    let complaints = '';
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      complaints += chunk;
    });
    child.stdout?.once('readable', () => child.stdout?.destroy());
    const [code] = await once(child, 'close');
    expect(code).not.toBe(2);
    expect(complaints.replaceAll(/^leaf1: .*\n/gm, '')).toBe('');
  });
});
