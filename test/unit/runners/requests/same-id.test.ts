import { expect, it } from 'vitest';
import { log } from '../../../../core/log.ts';
import { newJobId } from '../../../../core/store/jobs.ts';
import type { DeviceLoop } from '../../../../runners/loop/device-loop.ts';
import { recordFor } from '../../../../runners/requests/recorded.ts';
import { leaseForTest } from '../../../lease.ts';
import { natsForTest } from '../../../nats.ts';
import { deviceForTest } from '../../../runner.ts';

it('of two devices that are asked under one new id at the same moment one has the job, and the other is refused by name', async () => {
  await using nats = await natsForTest();
  const { store } = nats;
  const job = newJobId();
  const asked = (name: string) => {
    const context = { store, log, lease: leaseForTest(name, 'r1', 1), device: deviceForTest({}, name) };
    const loop = { context } as unknown as DeviceLoop;
    return recordFor(loop, 'command', { job, author: undefined, untilMs: Infinity }, { command: 'show version' });
  };
  const names = ['leaf1', 'leaf2', 'leaf3'];
  const answers = await Promise.allSettled(names.map(asked));
  const taken = answers.findIndex(({ status }) => status === 'fulfilled');
  for (const [at, answer] of answers.entries()) {
    if (at === taken) continue;
    expect(answer).toMatchObject({
      reason: { code: 'conflict', message: `${names[at]}: job ${job} belongs to another device` },
    });
  }
  expect(taken).toBeGreaterThan(-1);
  await (answers[taken] as PromiseFulfilledResult<Awaited<ReturnType<typeof asked>>>).value.stored();
  const again = names[taken] ?? '';
  expect((await asked(again)).job).toMatchObject({ id: job, device: again }); // its own asker may ask again
});
