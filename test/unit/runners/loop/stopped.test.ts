import { describe, expect, it } from 'vitest';
import { DeviceState } from '../../../../core/bus.ts';
import { ask } from '../../../../core/store/ask.ts';
import { publishIntent } from '../../../../core/store/intents.ts';
import { getJob, listJobs, newJob, putJob } from '../../../../core/store/jobs.ts';
import { getRecord } from '../../../../core/store/records.ts';
import { FakeDevice } from '../../../fake-device.ts';
import { natsForTest } from '../../../nats.ts';
import { jobAt, runnerForTest, stateWhen } from '../../../runner.ts';
import { plumb, repository } from '../../cli/terminal.ts';
import { config } from '../../watcher/site.ts';

const wanted = config('leaf1', 'wanted');

const site = async () => {
  const nats = await natsForTest();
  const device = new FakeDevice(config('leaf1', 'before'));
  const runner = await runnerForTest(nats.store, device);
  await stateWhen(nats.store, () => true);
  const repo = await repository();
  return {
    ...nats,
    device,
    runner,
    run: (...argv: string[]) => plumb(repo.folder, argv, { nats: nats.url }),
    [Symbol.asyncDispose]: async () => {
      await runner[Symbol.asyncDispose]();
      await repo[Symbol.asyncDispose]();
      await nats[Symbol.asyncDispose]();
    },
  };
};

describe('a device that someone holds', () => {
  it('gets no text until someone says resume, and tells who holds it and why', async () => {
    await using all = await site();
    const { store, device, run } = all;
    const held = await run('hold', 'leaf1', '--reason', 'CHG-1: works');
    expect(held).toMatchObject({ code: 0, out: expect.stringMatching(/^leaf1: held {2}\(job \w+\)\n$/) });

    const { id } = newJob('leaf1', 'deploy');
    await putJob(store, newJob('leaf1', 'deploy', id));
    await publishIntent(store, 'leaf1', wanted, { job: id, fromSource: true });
    const refused = await jobAt(store, id);
    expect(refused.outcome).toMatchObject({
      code: 'conflict',
      detail: expect.stringMatching(/held by ann .*CHG-1: works/),
    });
    expect(device.running).toBe(config('leaf1', 'before'));
    expect((await run('status', 'leaf1')).out).toMatch(/held by ann since \S+Z: CHG-1: works; `plumb resume leaf1`/);
    await expect(ask(store, 'leaf1', 'retry', {})).rejects.toMatchObject({ code: 'conflict' });

    const [record] = (await listJobs(store, { kind: 'hold' })).jobs;
    expect(record).toMatchObject({
      author: 'ann',
      request: { reason: 'CHG-1: works' },
      said: [{ did: 'hold', by: 'ann' }],
      outcome: { kind: 'done' },
    });
    expect((await getRecord(store.state, DeviceState, 'leaf1'))?.value.hold).toMatchObject({ by: 'ann' });

    const resumed = await run('resume', 'leaf1');
    expect(resumed).toMatchObject({ code: 0, out: expect.stringContaining('leaf1: applied') });
    expect(device.running).toBe(wanted);
    const state = await stateWhen(store, ({ sync }) => sync === 'in_sync');
    expect(state.hold).toBeNull();
    const deployed = await getJob(store, state.applied?.job ?? '');
    expect(deployed?.said).toMatchObject([{ did: 'resume', by: 'ann' }]);
  });

  it('stays held when another runner takes it over', async () => {
    await using all = await site();
    const { store, device, run } = all;
    await run('hold', 'leaf1', '--reason', 'new password hunter2canary');
    await all.runner[Symbol.asyncDispose]();
    await using _ = await runnerForTest(store, device);
    await publishIntent(store, 'leaf1', wanted, { fromSource: true });
    const { hold } = await stateWhen(store, ({ intent, epoch }) => intent !== null && epoch > 1);
    expect(hold?.reason).toBe('new password <secret>');
    expect(device.running).toBe(config('leaf1', 'before'));
  });
});

describe('a word that comes while another one is dealt with', () => {
  it.each([
    ['resume', 'hold', true],
    ['hold', 'resume', false],
  ] as const)('is the last one: %s, then %s', async (first, then, isHeld) => {
    await using all = await site();
    const { store } = all;
    await publishIntent(store, 'leaf1', wanted, { fromSource: true });
    await stateWhen(store, ({ sync }) => sync === 'in_sync');
    const say = (verb: 'hold' | 'resume') => ask(store, 'leaf1', verb, verb === 'hold' ? { reason: 'CHG-2' } : {});
    for (let round = 0; round < 5; round++) {
      await say('hold');
      await Promise.all([say(first), say(then)]);
      const { value } = (await getRecord(store.state, DeviceState, 'leaf1')) ?? {};
      expect(Boolean(value?.hold)).toBe(isHeld);
    }
  });
});

describe('plumb config', () => {
  it('prints what the device runs, what it starts with, and what was saved before a job', async () => {
    await using all = await site();
    const { store, device, run } = all;
    await publishIntent(store, 'leaf1', wanted, { fromSource: true });
    const { applied } = await stateWhen(store, ({ sync }) => sync === 'in_sync');
    expect((await run('config', 'leaf1')).out).toBe(device.running);
    expect((await run('config', 'leaf1', '--saved', applied?.job ?? '')).out).toBe(config('leaf1', 'before'));
    const data = JSON.parse((await run('config', 'leaf1', '--startup', '-o', 'json')).out);
    expect(data).toMatchObject({ device: 'leaf1', from: 'startup', config: device.running });
    const both = await run('config', 'leaf1', '--startup', '--saved', applied?.job ?? '');
    expect(both).toMatchObject({ code: 2, err: expect.stringContaining('exclude each other') });
  });

  it('masks what is secret in it', async () => {
    await using all = await site();
    all.device.running = `${config('leaf1')}enable secret 5 hunter2canary\n`;
    const { out } = await all.run('config', 'leaf1');
    expect(out).toContain('<secret>');
    expect(out).not.toContain('hunter2canary');
  });
});
