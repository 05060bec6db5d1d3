import { describe, expect, it } from 'vitest';
import { type FailureCode, PlumbError } from '../../../../core/errors.ts';
import { getJob } from '../../../../core/store/jobs.ts';
import { FakeDevice } from '../../../fake-device.ts';
import { natsForTest } from '../../../nats.ts';
import { deployForTest, runnerForTest, stateWhen } from '../../../runner.ts';
import { eventually } from '../../watcher/site.ts';

const old = 'hostname leaf1\nrouter bgp 65001\n';
const wanted = `${old} neighbor 10.0.0.0\n`;

/** A device of which nothing can be compared once a trial was confirmed, until it is healed. */
const brokenAfterConfirm = (error: Error) => {
  const device = new FakeDevice(old);
  let confirmed = false;
  let healed = false;
  device.on = (operation) => {
    if (operation === 'confirm') confirmed = true;
    else if (operation === 'load' && confirmed && !healed) throw error;
  };
  return { device, heal: () => (healed = true) };
};

const codes: FailureCode[] = ['rejected', 'locked', 'commit_failed', 'refused', 'closed', 'timeout', 'unsupported'];
const errors: [string, Error][] = [
  ...codes.map((code): [string, Error] => [code, new PlumbError(code, 'fake: no candidate')]),
  ['a fault of ours', new TypeError('fake: no candidate')],
];

describe.concurrent('a change that is confirmed and cannot be read back', () => {
  it.each(errors)('for %s is in force in its record, with the reason, and is looked at again', async (_, error) => {
    await using nats = await natsForTest();
    const { device, heal } = brokenAfterConfirm(error);
    await using _runner = await runnerForTest(nats.store, device);
    const job = await deployForTest(nats.store, wanted);
    expect(job.outcome).toMatchObject({
      code: 'not_converged',
      detail: expect.stringMatching(/confirmed and is in force.*no candidate/),
      hint: expect.stringContaining('checked again'),
    });
    expect([device.running, device.startup]).toEqual([wanted, wanted]);
    expect((await stateWhen(nats.store, ({ sync }) => sync === 'out_of_sync')).reason).toContain('is in force');
    heal();
    const state = await stateWhen(nats.store, ({ sync }) => sync === 'in_sync');
    expect(state).toMatchObject({ attempt: { outcome: 'applied' }, applied: { job: job.id } });
    expect(state.attempt?.unseen).toBeUndefined();
    expect(state.changed?.at).toBe(job.steps.find(({ step }) => step === 'checking')?.startedAt); // not since that look
    expect(device.commits).toHaveLength(1);
    const warnings = async () => (await getJob(nats.store, job.id))?.warnings.join();
    await eventually(async () => expect(await warnings()).toContain('the device runs the intent'));
  });

  it('is told as different, and left alone, where a later look sees that it is', async () => {
    await using nats = await natsForTest();
    const { device, heal } = brokenAfterConfirm(new PlumbError('rejected', 'fake: no candidate'));
    await using _runner = await runnerForTest(nats.store, device);
    await deployForTest(nats.store, wanted);
    device.running = `${wanted}by hand\n`;
    heal();
    const state = await stateWhen(nats.store, ({ attempt }) => attempt !== null && !attempt.unseen);
    expect(state.attempt?.outcome).toBe('not_converged');
    expect((await stateWhen(nats.store, ({ reason }) => reason.includes('still differs'))).sync).toBe('out_of_sync');
    expect(device.commits).toHaveLength(1);
  });
});

describe.concurrent('a change that is confirmed and was not saved', () => {
  it('is not said to be applied: a reboot would boot something else', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    let confirmed = false;
    device.on = (operation) => {
      confirmed ||= operation === 'confirm';
      if (confirmed && operation === 'config') device.startup = old; // the first of the read-back
    };
    await using _runner = await runnerForTest(nats.store, device);
    await stateWhen(nats.store, ({ changed }) => changed !== null);
    const { outcome, steps } = await deployForTest(nats.store, wanted);
    expect(outcome).toMatchObject({
      code: 'not_converged',
      detail: expect.stringContaining('startup differs from running'),
    });
    const { attempt, changed } = await stateWhen(nats.store, (state) => state.changed?.at != null);
    expect(attempt?.unseen).toBeUndefined();
    expect(changed?.at).toBe(steps.find(({ step }) => step === 'checking')?.startedAt);
  });
});

describe.concurrent('a confirm whose answer was lost', () => {
  it('is not believed because something else runs than before: the device undid it, and somebody changed a line', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    device.on = (operation) => {
      if (operation !== 'confirm') return;
      device.undo();
      device.running = `${old}by hand\n`;
      throw new PlumbError('closed', 'fake: connection reset');
    };
    await using _runner = await runnerForTest(nats.store, device);
    const job = await deployForTest(nats.store, wanted);
    expect(job.outcome).toMatchObject({
      code: 'undo_failed',
      detail: expect.stringContaining('neither the previous one nor the change'),
    });
    expect([device.running, device.startup, device.commits.length]).toEqual([`${old}by hand\n`, old, 1]);
  });

  it('is believed by the mark that it left on the device', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    const { driver } = device;
    let lost = false;
    const open: typeof driver.open = async (...given) => {
      const session = await driver.open(...given);
      return {
        ...session,
        pending: async (known) => {
          const trial = await session.pending(known);
          if (!trial || lost) return trial;
          const confirm = async () => {
            await trial.confirm();
            lost = true;
            throw new PlumbError('closed', 'fake: connection reset');
          };
          return { ...trial, confirm };
        },
      };
    };
    await using _runner = await runnerForTest(nats.store, { driver: { ...driver, open } });
    expect((await deployForTest(nats.store, wanted)).outcome).toEqual({ kind: 'applied' });
    expect([lost, device.commits.length]).toEqual([true, 1]);
  });
});
