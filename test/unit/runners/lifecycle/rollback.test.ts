import { describe, expect, it } from 'vitest';
import type { Job } from '../../../../core/bus.ts';
import { PlumbError } from '../../../../core/errors.ts';
import { ask } from '../../../../core/store/ask.ts';
import { getJob } from '../../../../core/store/jobs.ts';
import { sha256 } from '../../../../core/store/payload.ts';
import type { Store } from '../../../../core/store/store.ts';
import { FakeDevice, peer } from '../../../fake-device.ts';
import { natsForTest } from '../../../nats.ts';
import { deployForTest, jobAt, runnerForTest, stateWhen } from '../../../runner.ts';

const old = 'hostname leaf1\nrouter bgp 65001\n';
const wanted = `${old} neighbor 10.0.0.0\n`;

const back = async (store: Store): Promise<Job> => {
  const { job } = (await ask(store, 'leaf1', 'rollback', {}, { author: 'ann' })) as { job: string };
  return jobAt(store, job);
};

/** A device that runs `wanted`, with a runner. */
const deployed = async () => {
  const nats = await natsForTest();
  const device = new FakeDevice(old);
  const runner = await runnerForTest(nats.store, device, { confirmSeconds: 5 });
  await deployForTest(nats.store, wanted);
  return {
    ...nats,
    device,
    [Symbol.asyncDispose]: async () => {
      await runner[Symbol.asyncDispose]();
      await nats[Symbol.asyncDispose]();
    },
  };
};

describe('a rollback', () => {
  it('of a device that no deployment has changed yet is a conflict, and says so', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(wanted);
    await using _ = await runnerForTest(nats.store, device, { confirmSeconds: 5 });
    expect((await deployForTest(nats.store, wanted)).outcome).toEqual({ kind: 'unchanged' });
    await expect(back(nats.store)).resolves.toMatchObject({
      outcome: { code: 'conflict', hint: expect.stringContaining('no deployment has changed it yet') },
    });
    expect(device.commits).toEqual([]);
  });

  it('that is in force and could not be compared is looked at again, and its record says what was seen', async () => {
    await using all = await deployed();
    const { store, device } = all;
    let confirmed = false;
    let failing = true;
    device.on = (operation) => {
      confirmed ||= operation === 'confirm';
      if (confirmed && failing && operation === 'load') throw new PlumbError('rejected', 'fake: no candidate');
    };
    const job = await back(store);
    expect(job.outcome).toMatchObject({
      code: 'not_converged',
      detail: expect.stringMatching(/confirmed and is in force.*no candidate/),
      hint: expect.stringContaining('checked again'),
    });
    expect([device.running, device.startup]).toEqual([old, old]);
    failing = false;
    await expect
      .poll(async () => (await getJob(store, job.id))?.warnings.join())
      .toContain('the device runs the intent');
    const state = await stateWhen(store, ({ applied }) => applied?.job === job.id);
    expect(state.applied).toMatchObject({ runningSha256: sha256(old), generation: { sha256: sha256(old) } });
    expect(state.blocked).toMatchObject([{ sha256: sha256(wanted), why: 'rolled_back', job: job.id }]);
    expect(device.commits).toHaveLength(2);
  });

  it.each([
    [
      'the device undid',
      'commit_failed',
      (device: FakeDevice) => {
        device.on = (operation) => {
          if (operation === 'confirm') device.undo();
        };
      },
    ],
    [
      'failed its check',
      'check_failed',
      (device: FakeDevice) => {
        device.bgp = () => ({
          global: { router_id: null, peers: { '10.0.0.0': peer(device.running === wanted ? {} : { is_up: false }) } },
        });
      },
    ],
    [
      'was refused',
      'rejected',
      (device: FakeDevice) => {
        device.on = (operation) => {
          if (operation === 'load') throw new PlumbError('rejected', 'fake: line 2: % Unknown command');
        };
      },
    ],
  ] as const)('that %s leaves the text as it was: it runs, and nothing holds it', async (_, code, hinder) => {
    await using all = await deployed();
    const { store, device } = all;
    hinder(device);
    expect((await back(store)).outcome).toMatchObject({ kind: 'failed', code });
    expect(device.running).toBe(wanted);
    expect((await stateWhen(store, ({ sync }) => sync !== 'deploying')).blocked).toEqual([]);
  });

  it('that somebody undid by another text holds what it took back: the device does not run that', async () => {
    await using all = await deployed();
    const { store, device } = all;
    device.on = (operation) => {
      if (operation !== 'confirm') return;
      device.undo();
      device.running = `${old}by hand\n`;
      throw new PlumbError('closed', 'fake: connection reset');
    };
    expect((await back(store)).outcome).toMatchObject({
      code: 'undo_failed',
      detail: expect.stringContaining('neither the previous one nor the change'),
    });
    const state = await stateWhen(store, ({ blocked }) => blocked.length > 0);
    expect(state.blocked).toMatchObject([{ sha256: sha256(wanted), why: 'rolled_back' }]);
  });

  it('to what runs already changes nothing, and the time of the last change stays', async () => {
    await using all = await deployed();
    const { store, device } = all;
    const before = await stateWhen(store, ({ changed }) => changed !== null);
    device.texts.set(device.commits[0]?.job ?? '', wanted);
    expect((await back(store)).outcome).toEqual({ kind: 'unchanged' });
    const after = await stateWhen(store, ({ lastJob }) => lastJob !== before.lastJob);
    expect(after.changed).toEqual(before.changed);
  });
});
