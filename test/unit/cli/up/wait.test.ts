import { PassThrough } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, expect, it, vi } from 'vitest';
import { makeContext } from '../../../../cli/make-context.ts';
import { Progress } from '../../../../cli/output/progress.ts';
import { tellChanges } from '../../../../cli/up/wait.ts';
import { statusRows } from '../../../../cli/verbs/status.ts';
import { putRecord } from '../../../../core/store/records.ts';
import { natsForTest } from '../../../nats.ts';
import { goodState, holderOf } from '../holder.ts';
import { repository } from '../terminal.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

it('plumb up tells what lasts, and not that a runner let a device go and took it again', async () => {
  await using nats = await natsForTest();
  await using repo = await repository();
  await using _ = await holderOf(nats.store, ['leaf1', 'leaf2']);
  for (const device of ['leaf1', 'leaf2']) await putRecord(nats.store.state, device, goodState(device));
  const stop = new AbortController();
  let out = '';
  const stdout = { write: (text: string) => (out += text) };
  await using context = makeContext({
    env: { NATS_URL: nats.url },
    cwd: repo.folder,
    signal: stop.signal,
    stdin: new PassThrough(),
    stdout,
    stderr: stdout,
  });
  await context.configure({}, repo.folder);
  using progress = new Progress(() => {}, {});
  let ms = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => ms);
  const telling = tellChanges(context, progress, await statusRows(context));

  await nats.store.lease.delete('leaf1');
  await putRecord(nats.store.state, 'leaf2', goodState('leaf2', { sync: 'out_of_sync', reason: 'drift: by hand' }));
  await wait(1_500); // longer than it takes to look again
  await putRecord(nats.store.lease, 'leaf1', { runner: 'r1', epoch: 2 });
  await wait(1_500);
  ms = 60_000; // what has lasted until now is told
  await vi.waitFor(() => expect(out).toBe('leaf2: out_of_sync: drift: by hand\n'), { timeout: 60_000 });
  stop.abort();
  await telling;
});
