import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../../cli/program.ts';
import { PlumbError } from '../../../core/errors.ts';
import { newJob } from '../../../core/jobs.ts';
import { putRecord } from '../../../core/records.ts';
import { natsForTest } from '../../nats.ts';
import { finish, goodState, holderOf } from './holder.ts';
import { plumb, repository } from './terminal.ts';

/** Sets a title, clears the screen, colours, answers for the terminal, ends a line early, turns the writing around. */
const evil = 'evil\u001b]0;title\u0007\u001b[2J\u001b[31m\u001bP\u009b5n\u0085\u202e\u2066\b\u007f\u0000end';
const hostile = /[^\P{Cc}\t\n]|\p{Bidi_Control}/u;
/** What this process may send to a terminal itself: its colours, and to clear the line of the progress. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this file is about
const ours = /\x1b\[\d{1,2}m|\r\x1b\[K/g;

let nats: Awaited<ReturnType<typeof natsForTest>>;
let repo: Awaited<ReturnType<typeof repository>>;
let holder: AsyncDisposable;
let job: string;

beforeAll(async () => {
  nats = await natsForTest();
});
afterAll(() => nats[Symbol.asyncDispose]());
beforeEach(async () => {
  repo = await repository();
  const facts = { hostname: evil, fqdn: evil, vendor: evil, model: evil, os_version: evil, serial_number: evil };
  const peer = {
    local_as: 1,
    remote_as: 2,
    remote_id: evil,
    is_up: true,
    is_enabled: true,
    description: evil,
    uptime: 1,
  };
  const more = {
    address_family: { [evil]: { received_prefixes: 1, accepted_prefixes: 1, sent_prefixes: 1 } },
    flaps: 1,
  };
  const session = { ...peer, ...more, state: evil, dynamic: false, last_error: evil };
  holder = await holderOf(nats.store, ['leaf1'], {
    command: ({ job }) => ({ output: `${evil}\n`, job }),
    diff: ({ job }) => ({ diff: `+${evil}\n-${evil}`, job }),
    facts: ({ job }) => ({ facts: { ...facts, uptime: 1, interface_list: [evil] }, job }),
    bgp: ({ job }) => ({ bgp: { [evil]: { router_id: evil, peers: { [evil]: session } } }, job }),
    'interfaces-ip': ({ job }) => ({ 'interfaces-ip': { [evil]: { ipv4: { [evil]: { prefix_length: 24 } } } }, job }),
    rollback: () => {
      throw new PlumbError('rejected', `leaf1: ${evil}`, { hint: evil });
    },
    resume: () => {
      throw new PlumbError('rejected', `leaf1: ${evil}`, { hint: evil });
    },
  });
  await putRecord(nats.store.state, 'leaf1', {
    ...goodState('leaf1', {
      sync: 'out_of_sync',
      reason: evil,
      session: { state: 'disconnected', error: evil, at: '' },
    }),
  });
  job = newJob('leaf1', 'deploy').id;
  await finish(
    nats.store,
    'leaf1',
    job,
    { kind: 'failed', code: 'rejected', detail: evil, hint: evil },
    {
      diff: `+${evil}\n-${evil}\n`,
      author: evil,
      source: evil,
      warnings: [evil],
      checks: [{ name: evil, on: evil, ok: false, detail: evil }],
      steps: [{ step: 'committing', startedAt: new Date().toISOString(), detail: evil }],
    },
  );
  await writeFile(join(repo.folder, 'captured.txt'), `${evil}\n`);
  await writeFile(join(repo.folder, 'any.textfsm'), `Value Required WORD (.*)\n\nStart\n  ^\${WORD} -> Record\n`);
  await mkdir(join(repo.folder, 'templates', 'leaf'), { recursive: true });
});
afterEach(async () => {
  await holder[Symbol.asyncDispose]();
  await nats.store.jsm.streams.purge('dc1-jobs');
  await repo[Symbol.asyncDispose]();
});

/** Runs a verb with both streams on a terminal, or with none. */
const run = async (argv: readonly string[], tty: boolean) => {
  let [out, err] = ['', ''];
  await runCommandLine(argv, {
    env: { PLUMB_AUTHOR: 'ann', NATS_URL: nats.url },
    cwd: repo.folder,
    signal: AbortSignal.timeout(15_000),
    stdin: Object.assign(new (await import('node:stream')).PassThrough(), { isTTY: false }),
    stdout: { isTTY: tty, write: (text) => (out += text) },
    stderr: { isTTY: tty, write: (text) => (err += text) },
  });
  return { out, err };
};

/** Each with where its hostile text is seen; '' where the verb gets none. */
const verbs: readonly [argv: readonly string[], shown: 'out' | 'err' | 'both' | ''][] = [
  [['status'], 'out'],
  [['status', '-o', 'wide'], 'out'],
  [['status', 'leaf1'], 'out'],
  [['diff', 'leaf1'], 'out'],
  [['bgp', 'leaf1', '-o', 'wide'], 'out'],
  [['bgp', 'leaf1', '--detail'], ''],
  [['facts', 'leaf1', '-o', 'wide'], 'out'],
  [['interfaces', 'leaf1'], 'out'],
  [['run', 'leaf1', 'show', evil], 'out'],
  [['run', 'leaf1', 'show x', '--query', '@'], ''],
  [['jobs'], 'out'],
  [['jobs', '-o', 'wide'], 'out'],
  [['job', 'JOB'], 'out'],
  [['history'], ''],
  [['rollback', 'leaf1', 'JOB', '--yes'], ''],
  [['resume', 'leaf1'], 'err'],
  [['retry', 'leaf1'], ''],
  [['push', 'leaf1', '--dry-run'], 'out'],
  [['parse', '--template', 'any.textfsm', 'captured.txt'], 'out'],
  [['parse', '--platform', 'ios', evil], 'err'],
  [['validate', evil], 'err'],
  [['render', evil], 'err'],
  [['file', 'get', 'leaf1', `/${evil}`], ''],
  [['file', 'put', 'leaf1', evil, '/x'], 'err'],
  [['approve', evil], 'err'],
  [['cancel', evil], 'err'],
  [['trust', evil], 'err'],
  [['adopt', evil], 'err'],
  [['doctor', evil], 'err'],
  [['init', `sub/${evil.replace('\u0000', '')}`], ''],
  [['platforms', evil], ''],
  [[evil], 'err'],
  [['status', `--${evil}`], 'err'],
  [['-C', evil, 'status'], 'err'],
];

const named = verbs.map(([argv, shown]) => ({ argv, shown, name: argv.join(' ').replaceAll(evil, 'EVIL') }));

describe.each([true, false])('hostile text, on a terminal: %s', (tty) => {
  it.each(named)('never steers it by plumb $name', async ({ argv, shown }) => {
    for (const output of argv.includes('-o') || shown !== 'out' ? [[]] : [[], ['-o', 'json'], ['-o', 'yaml']]) {
      const { out, err } = await run(
        [
          ...argv.map((word) =>
            word === 'JOB' ? job : /^(?:any|captured)\./.test(word) ? join(repo.folder, word) : word,
          ),
          ...output,
        ],
        tty,
      );
      const raw = !tty && argv[0] === 'run' && output.length === 0 && !argv.includes('--query');
      const colours = tty ? ours : /(?!)/g;
      if (raw) expect(out).toBe(`${evil}\n`);
      else expect(out.replace(colours, '')).not.toMatch(hostile);
      expect(err.replace(colours, '')).not.toMatch(hostile);
      if (shown === 'out' || shown === 'both') expect(out).toContain('evil');
      if (shown === 'err' || shown === 'both') expect(err).toContain('evil');
      if (output.includes('json')) expect(out).toContain('\\u001b]0;');
    }
  });
});

it('in a colour of its own is no colour of ours', async () => {
  const { out } = await run(['job', job], true);
  expect(out.split('\u001b[31m').length).toBeLessThan(6);
  expect(out).toContain('evil␛]0;title␇');
});

it('of the wrong stream has no colours: a pipe gets none', async () => {
  expect((await plumb(repo.folder, ['job', job], { nats: nats.url, tty: false })).out).not.toContain('\u001b');
});
