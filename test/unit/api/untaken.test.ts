import { expect, it } from 'vitest';
import type { Job } from '../../../core/bus.ts';
import { watchJob } from '../../../core/store/job-watch.ts';
import { getJob, newJob } from '../../../core/store/jobs.ts';
import { storeJob } from '../../stored.ts';
import { apiForTest } from './harness.ts';

it('a job whose API died before it asked a runner ends; one that a runner has, or that a text waits with, does not', async () => {
  await using api = await apiForTest({ untaken: { afterMs: 200, everyMs: 20 } });
  const { store } = api;
  const taken: Job = { ...newJob('leaf1', 'command'), runner: 'r1', epoch: 1 };
  const text = newJob('leaf1', 'deploy');
  const left = newJob('leaf1', 'command');
  for (const job of [taken, text, left]) await storeJob(store, job);
  let last: Job | undefined;
  for await (const job of watchJob(store, left.id, AbortSignal.timeout(20_000))) last = job;
  expect(last).toMatchObject({
    state: 'finished',
    outcome: { kind: 'failed', code: 'abandoned', detail: expect.stringContaining('no runner took it up') },
  });
  for (const { id } of [taken, text]) expect((await getJob(store, id))?.state).toBe('queued');
});
