import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCommandLine } from '../../../../cli/program.ts';
import { newJob, putJob } from '../../../../core/store/jobs.ts';
import { putRecord } from '../../../../core/store/records.ts';
import { natsForTest } from '../../../nats.ts';
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
