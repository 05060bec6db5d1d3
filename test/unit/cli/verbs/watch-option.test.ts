import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCommandLine } from '../../../../cli/program.ts';
import { PlumbError } from '../../../../core/errors.ts';
import { newJob, putJob } from '../../../../core/store/jobs.ts';
import { putRecord } from '../../../../core/store/records.ts';
import { natsForTest } from '../../../nats.ts';
import { goodState, holderOf } from '../holder.ts';
import { repository } from '../terminal.ts';

let nats: Awaited<ReturnType<typeof natsForTest>>;
let repo: Awaited<ReturnType<typeof repository>>;
beforeAll(async () => {
  nats = await natsForTest();
  repo = await repository();
});
afterAll(async () => {
  await repo[Symbol.asyncDispose]();
  await nats[Symbol.asyncDispose]();
});

/** Watches until a text is printed. @param change what is done once the first table, or nothing, was shown */
const watch = async (verb: string[], first: RegExp, change: () => Promise<unknown>, last: RegExp): Promise<string> => {
  const stop = new AbortController();
  let out = '';
  let changed = false;
  const write = (text: string) => {
    out += text;
    if (!changed && first.test(out)) {
      changed = true;
      void change();
    }
    if (last.test(out)) stop.abort();
  };
  const silent = { write: () => true };
  const env = { NATS_URL: nats.url, PLUMB_AUTHOR: 'ann' };
  const io = {
    env,
    cwd: repo.folder,
    signal: stop.signal,
    stdin: new PassThrough(),
    stdout: { write },
    stderr: silent,
  };
  expect(await runCommandLine(verb, io)).toBe(0);
  return out;
};

it('plumb status --watch tells of a lease as it is taken, and of nothing else', async () => {
  const out = await watch(
    ['status', '--watch'],
    /leaf2 /,
    () => putRecord(nats.store.lease, 'leaf2', { runner: 'r1', epoch: 1 }),
    /not looked at yet/,
  );
  const lines = out.trimEnd().split('\n');
  expect(lines).toHaveLength(4);
  expect(lines[3]).toMatch(/^\d\d:\d\d:\d\d {2}leaf2 +frr +unknown .* not looked at yet$/);
});

it('plumb jobs --watch -o json tells of each new job', async () => {
  const [before, after] = [newJob('leaf1', 'deploy'), newJob('leaf2', 'rollback')];
  await putJob(nats.store, before);
  const next = () => putJob(nats.store, after);
  const out = await watch(['jobs', '--watch', '-o', 'json'], /deploy/, next, /rollback/);
  const jobs = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { id: string });
  expect(jobs.map(({ id }) => id)).toEqual([before.id, after.id]);
});

/** One session of a device, up for a minute. */
const session = {
  local_as: 65101,
  remote_as: 65100,
  remote_id: '10.1.1.0',
  is_up: true,
  is_enabled: true,
  description: '',
  uptime: 60,
  address_family: {},
  state: 'Established',
  dynamic: false,
  flaps: 0,
  last_error: null,
};
const bgp = (more: object) => ({
  bgp: { global: { router_id: '10.0.0.1', peers: { '10.1.1.0': { ...session, ...more } } } },
});

it('plumb bgp --watch tells what changed, and calls no session gone of a device that does not answer', async () => {
  let answer: () => unknown = () => bgp({});
  await using _holder = await holderOf(nats.store, ['leaf1'], { bgp: () => answer() });
  await putRecord(nats.store.state, 'leaf1', goodState('leaf1', { bgp: { established: 1, expected: 1, at: '' } }));
  const seen = (established: number) =>
    putRecord(nats.store.state, 'leaf1', goodState('leaf1', { bgp: { established, expected: 1, at: '' } }));
  const stop = new AbortController();
  let [out, err] = ['', ''];
  const steps: [RegExp, () => unknown][] = [
    [
      /Established/,
      () => {
        answer = () => bgp({ is_up: false, state: 'Active', uptime: null });
        return seen(0);
      },
    ],
    [
      /Active/,
      () => {
        answer = () => {
          throw new PlumbError('unreachable', 'leaf1: no route');
        };
        return seen(2);
      },
    ],
    [/unknown/, () => stop.abort()],
  ];
  const write = (text: string) => {
    out += text;
    if (steps[0]?.[0].test(out)) void steps.shift()?.[1]();
  };
  const stderr = { write: (text: string) => (err += text) };
  const env = { NATS_URL: nats.url, PLUMB_AUTHOR: 'ann' };
  const io = { env, cwd: repo.folder, signal: stop.signal, stdin: new PassThrough(), stdout: { write }, stderr };
  expect(await runCommandLine(['bgp', 'leaf1', '--watch'], io)).toBe(0);
  const states = out
    .trimEnd()
    .split('\n')
    .map((line) => /Established|Active|unknown|gone/.exec(line)?.[0]);
  expect(states).toEqual([undefined, 'Established', 'Active', 'unknown']);
  expect(err).toBe('leaf1: unreachable: leaf1: no route\n');
});

it('plumb bgp --watch ends without a word where it is stopped while a device is asked', async () => {
  const stop = new AbortController();
  const asked = nats.store.nc.subscribe('dc1.leaf2.bgp', { max: 1 }); // and never answers
  await nats.store.nc.flush();
  let [out, err] = ['', ''];
  const io = {
    env: { NATS_URL: nats.url, PLUMB_AUTHOR: 'ann' },
    cwd: repo.folder,
    signal: stop.signal,
    stdin: new PassThrough(),
    stdout: { write: (text: string) => (out += text) },
    stderr: { write: (text: string) => (err += text) },
  };
  const watching = runCommandLine(['bgp', 'leaf2', '--watch'], io);
  for await (const _ of asked) stop.abort();
  expect(await watching).toBe(0);
  expect({ out, err }).toEqual({ out: '', err: '' });
});

it('--watch and --detail of plumb bgp exclude each other', async () => {
  const said = new PassThrough();
  const first = once(said, 'data');
  const io = {
    env: {},
    cwd: repo.folder,
    signal: new AbortController().signal,
    stdin: new PassThrough(),
    stdout: said,
    stderr: said,
  };
  expect(await runCommandLine(['bgp', '--watch', '--detail'], io)).toBe(2);
  expect(String(await first)).toContain("'-w, --watch' cannot be used with option '--detail'");
});
