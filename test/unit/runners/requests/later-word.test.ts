import { describe, expect, it } from 'vitest';
import { ask } from '../../../../core/store/ask.ts';
import { getStoredJob } from '../../../../core/store/jobs.ts';
import { sha256 } from '../../../../core/store/payload.ts';
import { putRecord } from '../../../../core/store/records.ts';
import { FakeDevice } from '../../../fake-device.ts';
import { natsForTest } from '../../../nats.ts';
import { deployForTest, jobAt, publishForTest, runnerForTest, stateWhen } from '../../../runner.ts';
import { storeJob } from '../../../stored.ts';

const old = 'hostname leaf1\n';
const wanted = `${old}wanted\n`;
const later = `${old}later\n`;
const change = { command: 'write memory', change: true, reason: 'CHG-1' };
const read = { command: 'show clock' };

/** A device that runs `wanted`, and can be made to hang in an operation. */
const deployed = async () => {
  const nats = await natsForTest();
  const device = new FakeDevice(old);
  const runner = await runnerForTest(nats.store, device, { confirmSeconds: 30 });
  await deployForTest(nats.store, wanted);
  let thaw = () => {};
  return {
    ...nats,
    device,
    thaw: () => thaw(),
    /** Resolves once the device hangs in the operation that `work` leads to. */
    hangsIn: (operation: string, work: () => Promise<unknown>) =>
      new Promise<() => Promise<unknown>>((hangs) => {
        const frozen = new Promise<void>((resolve) => {
          thaw = resolve;
        });
        let working: Promise<unknown> = Promise.resolve();
        device.on = (now) => {
          if (now !== operation) return undefined;
          device.on = () => {};
          hangs(() => working);
          return frozen;
        };
        working = work();
      }),
    rollback: async () => ((await ask(nats.store, 'leaf1', 'rollback', {}, { author: 'ann' })) as { job: string }).job,
    say: (verb: 'resume' | 'retry' | 'hold') =>
      ask(nats.store, 'leaf1', verb, verb === 'resume' ? {} : { reason: 'CHG-2' }, { author: 'bob' }),
    [Symbol.asyncDispose]: async () => {
      thaw();
      await runner[Symbol.asyncDispose]();
      await nats[Symbol.asyncDispose]();
    },
  };
};

describe('a rollback that has not begun to change anything', () => {
  it.each([
    ['resume', 'behind a change', change],
    ['retry', 'behind a change', change],
    ['resume', 'while it waits for the session', read],
  ] as const)('gives way to a later %s, %s', async (word, _, busy) => {
    await using all = await deployed();
    const { store, device } = all;
    const command = await all.hangsIn('run', () => ask(store, 'leaf1', 'command', busy));
    const job = await all.rollback();
    await all.say(word);
    all.thaw();
    await command();
    expect(await jobAt(store, job)).toMatchObject({
      outcome: { code: 'superseded', detail: expect.stringMatching(new RegExp(`superseded by ${word} of bob at 2`)) },
      said: [{ did: word, by: 'bob' }],
    });
    expect((await stateWhen(store, ({ sync }) => sync === 'in_sync')).blocked).toEqual([]);
    expect([device.running, device.commits.length]).toEqual([wanted, 1]);
  });

  it('is cancelled in its place', async () => {
    await using all = await deployed();
    const command = await all.hangsIn('run', () => ask(all.store, 'leaf1', 'command', change));
    const job = await all.rollback();
    await ask(all.store, 'leaf1', 'cancel', { job }, { author: 'bob' });
    expect(await jobAt(all.store, job)).toMatchObject({ outcome: { code: 'cancelled' } });
    all.thaw();
    await command();
    expect(all.device.commits).toHaveLength(1);
  });

  it('goes on under a later hold, dated by its asking, and leaves a text that came later alone', async () => {
    await using all = await deployed();
    const { store, device } = all;
    const command = await all.hangsIn('run', () => ask(store, 'leaf1', 'command', change));
    const job = await all.rollback();
    const asked = new Date().toISOString();
    await all.say('hold');
    await putRecord(store.inventory, 'leaf1', {
      device: 'leaf1',
      host: '127.0.0.1',
      platform: 'generic',
      groups: [],
      policy: {},
      intended: { sha256: sha256(later), path: 'intended/configs/leaf1.cfg' },
    });
    await publishForTest(store, later);
    all.thaw();
    await command();
    const { outcome, said } = await jobAt(store, job);
    expect(outcome).toEqual({ kind: 'applied' });
    expect(device.running).toBe(old);
    expect((said?.[0]?.at ?? '') <= asked).toBe(true);
    const { blocked } = await stateWhen(store, ({ applied }) => applied?.job === job);
    expect(blocked).toMatchObject([{ sha256: sha256(wanted), since: said?.[0]?.at }]);
    await all.say('resume');
    await stateWhen(store, ({ applied }) => applied?.generation.sha256 === sha256(later));
    expect(device.running).toBe(later);
  });
});

describe('a rollback of the last job', () => {
  it('that was asked for while a deployment was under way is of that one, also where it came to nothing', async () => {
    await using all = await deployed();
    const { store, device } = all;
    let failed = '';
    await all.hangsIn('load', async () => {
      failed = await publishForTest(store, `${later}bad line\n`);
    });
    const job = await all.rollback();
    all.thaw();
    expect((await jobAt(store, failed)).outcome).toMatchObject({ code: 'rejected' });
    expect((await jobAt(store, job)).outcome).toMatchObject({
      code: 'conflict',
      detail: expect.stringContaining(`job ${failed} was under way when the rollback was asked for`),
    });
    expect([device.running, device.commits.length]).toEqual([wanted, 1]); // not the one before it
  });

  it('takes back the deployment that was under way, once that has ended', async () => {
    await using all = await deployed();
    const { store, device } = all;
    let deployment = '';
    await all.hangsIn('load', async () => {
      deployment = await publishForTest(store, later);
    });
    const job = await all.rollback();
    all.thaw();
    expect((await jobAt(store, deployment)).outcome).toEqual({ kind: 'applied' });
    expect((await jobAt(store, job)).outcome).toEqual({ kind: 'applied' });
    expect(device.running).toBe(wanted);
  });

  it('takes back nothing that took effect after it was asked for', async () => {
    await using all = await deployed();
    const { store, device } = all;
    const id = (await stateWhen(store, ({ applied }) => applied !== null)).applied?.job ?? '';
    const { job: record } = await getStoredJob(store, id, 'leaf1');
    if (!record) throw new Error('it has no record');
    const startedAt = new Date(Date.now() + 60_000).toISOString(); // as if its turn had come in between
    await storeJob(store, { ...record, steps: record.steps.map((step) => ({ ...step, startedAt })) });
    expect((await jobAt(store, await all.rollback())).outcome).toMatchObject({
      code: 'conflict',
      detail: expect.stringContaining(`job ${id} took effect after the rollback was asked for; nothing was changed`),
    });
    expect([device.running, device.commits.length]).toEqual([wanted, 1]);
    await storeJob(store, { ...record, epoch: 1, steps: record.steps.map((step) => ({ ...step, startedAt })) });
    const again = await jobAt(store, await all.rollback()); // of a holder before us, whose clock was fast
    expect(again.outcome).toEqual({ kind: 'applied' });
    expect(device.running).toBe(old);
  });
});

describe('a second rollback while one is under way', () => {
  it('is a conflict that names the first, so that a later resume is the last word', async () => {
    await using all = await deployed();
    const { store, device } = all;
    let job = '';
    await all.hangsIn('load', async () => {
      job = await all.rollback();
    });
    await expect(all.rollback()).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining(job) });
    await all.say('resume');
    all.thaw();
    await jobAt(store, job);
    await stateWhen(store, ({ applied, sync }) => sync === 'in_sync' && applied?.generation.sha256 === sha256(wanted));
    expect([device.running, device.commits.length]).toEqual([wanted, 3]);
    const again = await jobAt(store, await all.rollback());
    expect(again.outcome).toEqual({ kind: 'applied' });
    expect(device.running).toBe(old);
  });
});
