import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { Command } from 'commander';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeContext } from '../../../../cli/make-context.ts';
import { everyVerb, makeProgram, runCommandLine } from '../../../../cli/program.ts';
import { PlumbError } from '../../../../core/errors.ts';
import { newJob } from '../../../../core/store/jobs.ts';
import { putRecord } from '../../../../core/store/records.ts';
import { natsForTest } from '../../../nats.ts';
import { finish, goodState, holderOf } from '../holder.ts';
import { evil, hostile, parts, verbs } from '../hostile-cases.ts';
import { plumb, repository } from '../terminal.ts';

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
    signal: AbortSignal.timeout(60_000),
    stdin: Object.assign(new (await import('node:stream')).PassThrough(), { isTTY: false }),
    stdout: { isTTY: tty, write: (text) => (out += text) },
    stderr: { isTTY: tty, write: (text) => (err += text) },
  });
  return { out, err };
};

const named = verbs.map(([argv, shown, files = {}]) => ({
  argv,
  shown,
  files,
  name: [...argv, ...Object.keys(files)].join(' ').replaceAll(evil, 'EVIL'),
}));

describe.each([true, false])('hostile text, on a terminal: %s', (tty) => {
  it.each(named)('never steers it by plumb $name', async ({ argv, shown, files }) => {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(repo.folder, path)), { recursive: true });
      await writeFile(join(repo.folder, path), text);
    }
    for (const output of argv.includes('-o') || shown !== 'out' ? [[]] : [[], ['-o', 'json'], ['-o', 'yaml']]) {
      const { out, err } = await run(
        [
          argv[0] ?? '',
          ...output,
          ...argv
            .slice(1)
            .map((word) =>
              word === 'JOB' ? job : /^(?:any|captured|sim)\./.test(word) ? join(repo.folder, word) : word,
            ),
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

/** Every verb that the command line has, those below others too. */
const verbsOf = (command: Command, before: readonly string[] = []): string[] =>
  command.commands.flatMap((verb) =>
    verb.commands.length > 0 ? verbsOf(verb, [...before, verb.name()]) : [[...before, verb.name()].join(' ')],
  );

it('is tried with every verb there is', async () => {
  const terminal = { write: () => true };
  await using context = makeContext({
    env: {},
    cwd: '/',
    signal: new AbortController().signal,
    stdin: new PassThrough(),
    stdout: terminal,
    stderr: terminal,
  });
  const tried = [...verbs.map(([argv]) => argv), ...parts.map(({ argv }) => argv)].map((argv) => `${argv.join(' ')} `);
  const untried = verbsOf(await makeProgram(context, everyVerb)).filter(
    (verb) => !tried.some((line) => line.startsWith(`${verb} `)),
  );
  expect(untried).toEqual([]);
});
