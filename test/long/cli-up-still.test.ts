import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { makeContext } from '../../cli/make-context.ts';
import { Progress } from '../../cli/output/progress.ts';
import { untilSettled } from '../../cli/up/wait.ts';
import { putRecord } from '../../core/store/records.ts';
import { natsForTest } from '../nats.ts';
import { goodState, holderOf } from '../unit/cli/holder.ts';
import { repository } from '../unit/cli/terminal.ts';

it('plumb up that stays shows after some seconds a device that does not answer, and waits no longer for it', async () => {
  await using nats = await natsForTest();
  await using repo = await repository();
  await using _ = await holderOf(nats.store, ['leaf1', 'leaf2']);
  for (const device of ['leaf1', 'leaf2'])
    await putRecord(nats.store.state, device, goodState(device, { sync: 'unknown', reason: 'no answer' }));
  const { signal } = new AbortController();
  const stdout = { write: () => {} };
  const io = {
    env: { NATS_URL: nats.url },
    cwd: repo.folder,
    signal,
    stdin: new PassThrough(),
    stdout,
    stderr: stdout,
  };
  await using context = makeContext(io);
  await context.configure({}, repo.folder);
  using progress = new Progress(() => {}, {});
  const began = performance.now();
  const rows = await untilSettled(context, progress, 60, true);
  expect(performance.now() - began).toBeLessThan(45_000); // of the 60 s that it may wait
  expect(rows.map(({ reason }) => reason)).toEqual(['no answer', 'no answer']);
}, 90_000);
