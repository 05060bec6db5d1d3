import { describe, expect, it } from 'vitest';
import { ask } from '../../../../core/store/ask.ts';
import { FakeDevice } from '../../../fake-device.ts';
import { natsForTest } from '../../../nats.ts';
import { deployForTest, jobAt, publishForTest, runnerForTest, stateWhen } from '../../../runner.ts';
import { eventually } from '../../watcher/site.ts';

const old = 'hostname leaf1\nrouter bgp 65001\n';
const wanted = `${old} neighbor 10.0.0.0\n`;
const passes = [{ command: 'show x', contains: 'output' }];
const fails = [{ command: 'show x', contains: 'never' }];
const short = { confirmSeconds: 5 };

/** A device on which something happens once, while the trial is checked. */
const during = (happens: (device: FakeDevice) => void): FakeDevice => {
  const device = new FakeDevice(old);
  let once = true;
  device.on = (operation) => {
    if (operation !== 'run' || !device.trial || !once) return;
    once = false;
    happens(device);
  };
  return device;
};
const typing = () =>
  during((device) => {
    device.running += 'ntp server 192.0.2.9\n';
  });

describe.concurrent('what somebody types on the device while a trial runs', () => {
  it('is named when it is undone with the trial', async () => {
    await using nats = await natsForTest();
    const device = typing();
    await using _runner = await runnerForTest(nats.store, device, { probes: fails });
    const job = await deployForTest(nats.store, wanted, short);
    expect(job.outcome).toMatchObject({ code: 'check_failed', hint: expect.stringContaining('plumb retry leaf1') });
    expect(job.warnings).toContain('typed on the device during the trial, and undone with it: +ntp server 192.0.2.9');
    expect(device.running).toBe(old);
  });

  it('is named when the trial is cancelled', async () => {
    await using nats = await natsForTest();
    const device = typing();
    await using _runner = await runnerForTest(nats.store, device, { probes: fails });
    const id = await publishForTest(nats.store, wanted, { confirmSeconds: 60 });
    await eventually(() => expect(device.running).toContain('192.0.2.9'));
    await ask(nats.store, 'leaf1', 'cancel', { job: id });
    const { warnings } = await jobAt(nats.store, id);
    expect(warnings.join()).toContain('undone with it: +ntp server 192.0.2.9');
  });

  it('is named as what it is when it is confirmed with it, with what to do', async () => {
    await using nats = await natsForTest();
    const device = typing();
    await using _runner = await runnerForTest(nats.store, device, { probes: passes });
    const { outcome } = await deployForTest(nats.store, wanted);
    expect(outcome).toMatchObject({
      code: 'not_converged',
      detail: expect.stringMatching(/typed on the device during the trial: \+ntp server 192\.0\.2\.9$/),
      hint: '`plumb retry leaf1` deploys over it, `plumb adopt leaf1 --yes` makes it the intended configuration',
    });
  });

  it('is told where it saved the change that is undone: a reboot would boot it', async () => {
    await using nats = await natsForTest();
    const device = during((one) => {
      one.startup = one.running;
    });
    await using _runner = await runnerForTest(nats.store, device, { probes: fails });
    const undone = await deployForTest(nats.store, wanted, short);
    expect(undone.outcome).toMatchObject({
      code: 'check_failed',
      detail: expect.stringMatching(/the previous configuration is running, but startup differs from it$/),
      hint: expect.stringContaining('save it on the device'),
    });
    const unchanged = await deployForTest(nats.store, old);
    expect(unchanged.outcome).toMatchObject({
      code: 'not_converged',
      detail: 'leaf1: the running configuration is the intended one, but startup differs from it',
    });
    device.startup = device.running;
    await ask(nats.store, 'leaf1', 'retry', {});
    await stateWhen(nats.store, ({ sync }) => sync === 'in_sync');
  });

  it('is not invented where nobody typed', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    await using _runner = await runnerForTest(nats.store, device, { probes: fails });
    expect((await deployForTest(nats.store, wanted, short)).warnings.join()).not.toContain('typed');
  });
});

describe.concurrent('a trial whose check fails after somebody else has confirmed it', () => {
  it.each([
    ['with a change of his own', 'ntp server 192.0.2.9\n', 'undo_failed'],
    ['as it was', '', 'not_converged'],
  ])('%s stays in force, and the job says so and how to go back', async (_, typed, code) => {
    await using nats = await natsForTest();
    const device = during((there) => {
      clearTimeout(there.trial?.timer);
      there.trial = undefined;
      there.running += typed;
    });
    await using _runner = await runnerForTest(nats.store, device, { probes: fails });
    const job = await deployForTest(nats.store, wanted, { confirmSeconds: 12 });
    expect(job.outcome).toMatchObject({
      code,
      hint: expect.stringContaining(`\`plumb rollback leaf1 --to ${job.id}\` restores the previous configuration`),
    });
    expect(job.warnings).toContain(
      'someone else confirmed the trial on the device during the checks, so it could not be undone',
    );
  });
});

describe.concurrent('a device that is restarted while its trial is checked', () => {
  it('runs what it ran before: said once, with what to do', async () => {
    await using nats = await natsForTest();
    const device = during((there) => there.undo());
    await using _runner = await runnerForTest(nats.store, device, { probes: passes });
    const { outcome } = await deployForTest(nats.store, wanted);
    expect(outcome).toMatchObject({
      code: 'commit_failed',
      detail:
        'leaf1: the trial ended before it was confirmed, and the previous configuration is running: the device was restarted, or someone undid it',
      hint: expect.stringContaining('plumb retry leaf1'),
    });
  });
});
