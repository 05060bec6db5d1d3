import { describe, expect, it } from 'vitest';
import { DeviceState, type Job, type Step } from '../../../../core/bus.ts';
import { ask } from '../../../../core/store/ask.ts';
import { getStoredJob, putJob } from '../../../../core/store/jobs.ts';
import { sha256 } from '../../../../core/store/payload.ts';
import { getRecord, putRecord } from '../../../../core/store/records.ts';
import { FakeDevice } from '../../../fake-device.ts';
import { natsForTest } from '../../../nats.ts';
import { deployForTest, jobAt, publishForTest, runnerForTest, stateWhen } from '../../../runner.ts';

const old = 'hostname leaf1\nrouter bgp 65001\n';
const wanted = 'hostname leaf1\nrouter bgp 65001\n neighbor 10.0.0.0\n';
const other = 'hostname leaf1\nrouter bgp 65001\n neighbor 10.0.0.2\n';

/** What a runner leaves behind that is killed in one of these steps, `agoMs` after an approval. */
const killedIn = async (steps: readonly Step[], agoMs = 0) => {
  const nats = await natsForTest();
  const { store } = nats;
  const device = new FakeDevice(old);
  let id: string;
  {
    await using _first = await runnerForTest(store, device, { approval: 'manual' });
    ({ id } = await deployForTest(store, wanted, {}, 'awaiting'));
    await stateWhen(store, ({ sync }) => sync === 'awaiting');
  }
  const { job, seq } = await getStoredJob(store, id, 'leaf1');
  const state = (await getRecord(store.state, DeviceState, 'leaf1'))?.value;
  if (!job || !state?.attempt) throw new Error('nothing waits');
  const at = new Date(Date.now() - agoMs).toISOString();
  const approval = { did: 'approve', by: 'ann', at, sha256: sha256(wanted), runningSha256: sha256(old) } as const;
  const more = steps.map((step) => ({ step, startedAt: at }));
  const last = steps.at(-1) ?? job.state;
  const outcome = last === 'awaiting' ? last : 'started';
  await putJob(store, { ...job, state: last, steps: [...job.steps, ...more], said: [approval] }, seq);
  await putRecord(store.state, 'leaf1', { ...state, attempt: { ...state.attempt, outcome } });
  return {
    ...nats,
    device,
    id,
    at,
    /** The trial that it armed. */
    arm: () => {
      const timer = setTimeout(() => device.undo(), 100_000).unref();
      const name = { job: id, epoch: job.epoch ?? 0, sha256: sha256(wanted) };
      device.trial = { name, before: old, expiresAt: new Date(Date.now() + 100_000), timer, phase: 'armed' };
      device.running = wanted;
    },
    successor: () => runnerForTest(store, device, { approval: 'manual' }),
    askedAnew: async (): Promise<Job> => {
      await stateWhen(store, ({ attempt, epoch }) => attempt?.outcome === 'awaiting' && epoch > state.epoch);
      const { job } = await getStoredJob(store, id, 'leaf1');
      if (!job) throw new Error('its record is gone');
      return job;
    },
  };
};

describe.concurrent('an approval whose runner dies', () => {
  it('counts for the next one where nothing was committed', async () => {
    await using it = await killedIn(['guarding', 'connecting']);
    await using _second = await it.successor();
    const { outcome, said, warnings } = await jobAt(it.store, it.id);
    expect([outcome, said?.length, warnings]).toEqual([{ kind: 'applied' }, 1, []]);
  });

  it('does not where the device runs something else by now', async () => {
    await using it = await killedIn(['guarding', 'connecting']);
    it.device.running = `${old}by hand\n`;
    await using _second = await it.successor();
    expect((await it.askedAnew()).warnings.join()).toMatch(
      /the approval of ann at .* no longer counts: .* changed since/,
    );
    expect(it.device.commits).toEqual([]);
  });

  it('does not where it is too old, and the job says so', async () => {
    await using it = await killedIn(['guarding', 'connecting'], 121_000);
    await using _second = await it.successor();
    const { warnings } = await it.askedAnew();
    expect(warnings).toEqual([
      `the approval of ann at ${it.at} no longer counts: it is older than 120 s; \`plumb approve ${it.id}\` approves it again`,
    ]);
    expect(it.device.commits).toEqual([]);
  });

  it('does not where its trial was undone: the job says who did, and since when it was in force', async () => {
    await using it = await killedIn(['guarding', 'committing']);
    it.arm();
    await using _second = await it.successor();
    const { warnings, runner } = await it.askedAnew();
    expect([it.device.running, it.device.commits]).toEqual([old, []]);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(`the approval of ann at ${it.at} no longer counts: a trial was in force from ${it.at}`);
    expect(warnings[0]).toMatch(new RegExp(`until \\S+Z, when ${runner} undid the unconfirmed trial of job ${it.id}`));

    const newer = await publishForTest(it.store, other);
    const { outcome } = await jobAt(it.store, it.id);
    expect(outcome).toMatchObject({
      code: 'superseded',
      detail: 'leaf1: a newer intent arrived while it waited to be approved again',
    });
    await jobAt(it.store, newer, 'awaiting');
  });

  it('does not where its trial is on the device, however far its record came', async () => {
    await using it = await killedIn(['guarding', 'connecting']);
    it.arm();
    await using _second = await it.successor();
    expect((await it.askedAnew()).warnings.join()).toMatch(
      /no longer counts: a trial was in force from .* undid the unconfirmed trial/,
    );
    expect([it.device.running, it.device.commits]).toEqual([old, []]);
  });

  it('does not where an earlier trial of its job was committed, and the job says so', async ({ expect }) => {
    await using it = await killedIn(['committing', 'awaiting']);
    await using _second = await it.successor();
    const warned = async () => (await getStoredJob(it.store, it.id, 'leaf1')).job?.warnings.join();
    await expect
      .poll(warned, { timeout: 20_000 })
      .toContain(`the approval of ann at ${it.at} no longer counts: a commit of this job had started at ${it.at}`);
    expect(it.device.commits).toEqual([]);
  });

  it('is asked for anew, and deployed once it is given', async () => {
    await using it = await killedIn(['guarding', 'committing']);
    await using _second = await it.successor();
    const { warnings, runner } = await it.askedAnew();
    expect(warnings.join()).toContain(`${runner} found no trial of this job on the device any more`);
    await ask(it.store, 'leaf1', 'approve', { job: it.id }, { author: 'bob' });
    const { outcome, said } = await jobAt(it.store, it.id);
    expect([outcome, said?.map(({ by }) => by)]).toEqual([{ kind: 'applied' }, ['ann', 'bob']]);
  });
});
