import { describe, expect, it } from 'vitest';
import { ask } from '../../core/store/ask.ts';
import { fetchIntent } from '../../core/store/intents.ts';
import type { Sim } from '../../lab/sim/sim.ts';
import { driverFor } from '../../runners/drivers/registry.ts';
import { natsForTest } from '../nats.ts';
import { deployForTest, stateWhen } from '../runner.ts';
import { hurryUndo } from './events.ts';
import { held } from './held.ts';

const vrp =
  '!Software Version V800R021C10SPC600\n#\nsysname leaf1\n#\ninterface GigabitEthernet0/1/0\n ip address 10.0.0.1 255.255.255.252\n#\nreturn\n';
const comware =
  '#\n version 7.1.064, Release 0821P11\n#\n sysname leaf1\n#\ninterface GigabitEthernet1/0/1\n ip address 10.0.0.1 255.255.255.252\n#\nreturn\n';

/** Somebody types a line on the device at the end of a trial: after the checks, before it is confirmed. */
const typedAtConfirm = ({ device }: Sim, line: string): void => {
  const disarm = device.disarm.bind(device);
  device.disarm = () => {
    if (device.trial) device.running.children.push({ text: line, children: [] });
    return disarm();
  };
};

const cases = [
  { platform: 'huawei_vrp', before: vrp, port: 'GigabitEthernet0/1/0', without: vrp.replace('V800', 'V200') },
  { platform: 'hp_comware', before: comware, port: 'GigabitEthernet1/0/1', without: comware.replace('7.1', '5.2') },
] as const;

describe.each(cases)('a deployment to $platform', ({ platform, before, port, without }) => {
  const lines = `interface ${port}\n description to spine\ninterface LoopBack7\n ip address 10.255.0.7 255.255.255.255\n`;

  it('merges where the publisher or the inventory says so, and is in sync until the device is changed', async () => {
    await using nats = await natsForTest();
    await using device = await held(
      nats.store,
      'ssh',
      { platform, config: before },
      { options: { mode: 'merge' }, policy: { pollSeconds: 1 } },
    );
    const job = await deployForTest(nats.store, lines, { confirmSeconds: 600 });
    expect(job).toMatchObject({ mode: 'merge', outcome: { kind: 'applied' } });
    expect(job.diff).toMatch(/^\+ .*description to spine$/m);
    expect(job.steps.map(({ step }) => step)).toEqual(
      'queued guarding connecting loading diffing committing checking confirming reading_back finished'.split(' '),
    );
    for (const text of [device.sim.running, device.sim.startup]) {
      expect(text).toContain('10.255.0.7');
      expect(text).toContain('10.0.0.1'); // what was there stays
    }
    expect([device.sim.trial, device.sim.sessions]).toEqual([undefined, []]);
    await stateWhen(nats.store, ({ sync }) => sync === 'in_sync');
    expect(await ask(nats.store, 'leaf1', 'diff', {})).toMatchObject({ diff: '' });
    await expect(ask(nats.store, 'leaf1', 'config', { saved: job.id })).rejects.toThrow(
      /^leaf1: nothing is kept on the device of job \w+; .*once it is in the source again/,
    );
    expect((await deployForTest(nats.store, `${lines}\n`, { mode: 'merge' })).outcome).toEqual({ kind: 'unchanged' });
    device.sim.device.running.children.push({ text: 'lldp enable', children: [] });
    const state = await stateWhen(nats.store, ({ sync }) => sync === 'out_of_sync');
    expect(state.reason).toContain('drift');
    expect((await fetchIntent(nats.store, 'leaf1'))?.meta.mode).toBe('merge');
  });

  it('tells of what somebody typed during the trial, and calls it drift', async () => {
    await using nats = await natsForTest();
    const more = { options: { mode: 'merge' }, policy: { pollSeconds: 1 } };
    await using device = await held(nats.store, 'ssh', { platform, config: before }, more);
    typedAtConfirm(device.sim, 'lldp enable');
    const job = await deployForTest(nats.store, lines, { confirmSeconds: 600 });
    expect(job).toMatchObject({
      outcome: { kind: 'applied' },
      warnings: [expect.stringMatching(/^typed on the device while the trial ran, and in force: \+ ?lldp enable/)],
    });
    const { reason } = await stateWhen(nats.store, ({ sync }) => sync === 'out_of_sync');
    expect(reason).toMatch(/^drift: .*`plumb diff leaf1` shows what of the intent is gone/);
    expect(await ask(nats.store, 'leaf1', 'diff', {})).toMatchObject({ diff: '' });
  });

  it('is taken back where a line is refused, and where the device holds no undo nothing is changed', async () => {
    await using nats = await natsForTest();
    {
      await using device = await held(nats.store, 'ssh', { platform, config: before });
      hurryUndo(device.sim);
      const running = device.sim.running;
      const job = await deployForTest(nats.store, lines.replace(' ip add', ' ip bad'), { mode: 'merge' });
      expect(job.outcome).toMatchObject({ kind: 'failed', code: 'rejected', line: 4 });
      expect(driverFor(platform).normalise(device.sim.running)).toBe(driverFor(platform).normalise(running));
      expect([device.sim.trial, device.sim.sessions]).toEqual([undefined, []]);
      const replace = await deployForTest(nats.store, before);
      expect(replace.outcome).toMatchObject({ code: 'unsupported', hint: expect.stringContaining('mode: merge') });
    }
    await using old = await held(nats.store, 'ssh', { platform, config: without });
    const job = await deployForTest(nats.store, `${lines} mtu 1500\n`, { mode: 'merge' });
    expect(job.outcome).toMatchObject({ kind: 'failed', code: 'unsupported' });
    expect(old.sim.running).not.toContain('10.255.0.7');
    expect(old.sim.sessions).toEqual([]);
  });
});
