import { expect, it } from 'vitest';
import { publishIntent } from '../../../../core/store/intents.ts';
import { getJob, newJob } from '../../../../core/store/jobs.ts';
import { publishUnder } from '../../../../core/store/publish.ts';
import { natsForTest } from '../../../nats.ts';
import { racedStore } from '../../../raced.ts';

it('a text that others are always quicker than ends with its job: nobody waits for it', async () => {
  await using nats = await natsForTest();
  const store = racedStore(nats.store, 'leaf1', () => publishIntent(nats.store, 'leaf1', 'quicker', {}));
  const job = newJob('leaf1', 'deploy');
  await expect(publishUnder(store, job, 'slow', {})).rejects.toMatchObject({ code: 'conflict' });
  expect(await getJob(nats.store, job.id)).toMatchObject({ state: 'finished', outcome: { code: 'conflict' } });
});
