import { describe, expect, it, vi } from 'vitest';
import { PlumbError } from '../../../../core/errors.ts';
import { ask } from '../../../../core/store/ask.ts';
import { fetchIntent } from '../../../../core/store/intents.ts';
import { watchJob } from '../../../../core/store/job-watch.ts';
import { listJobs } from '../../../../core/store/jobs.ts';
import { sha256 } from '../../../../core/store/payload.ts';
import { putRecord } from '../../../../core/store/records.ts';
import { FakeDevice, heard, peer } from '../../../fake-device.ts';
import { natsForTest } from '../../../nats.ts';
import {
  askedAgain,
  deployForTest,
  jobAt,
  jobWhen,
  publishForTest,
  runnerForTest,
  stateWhen,
} from '../../../runner.ts';

const old = 'hostname leaf1\nrouter bgp 65001\n';
const wanted = 'hostname leaf1\nrouter bgp 65001\n neighbor 10.0.0.0\n';
const other = 'hostname leaf1\nrouter bgp 65001\n neighbor 10.0.0.2\n';

describe.concurrent('a deployment', () => {
  it('is applied, confirmed, saved and read back', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    await using _runner = await runnerForTest(nats.store, device);
    const job = await deployForTest(nats.store, wanted, { commit: 'abc123', author: 'ann' });
    expect(job).toMatchObject({ outcome: { kind: 'applied' }, commit: 'abc123', author: 'ann' });
    expect(job.steps.map(({ step }) => step)).toEqual(
      'queued guarding connecting loading diffing committing checking confirming reading_back finished'.split(' '),
    );
    expect([device.running, device.startup, device.trial, device.candidates]).toEqual([wanted, wanted, undefined, 0]);
    expect((await stateWhen(nats.store, ({ sync }) => sync === 'in_sync')).applied?.commit).toBe('abc123');
  });

  it('logs in anew while its text is loaded, and not for a dry run', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    await using _runner = await runnerForTest(nats.store, device, { pollSeconds: 3_600 });
    expect((await deployForTest(nats.store, wanted, { dryRun: true })).outcome).toEqual({ kind: 'previewed' });
    expect(device.logins).toBe(1);
    let loaded: number | undefined;
    device.on = async (operation) => {
      if (operation !== 'load' || loaded !== undefined) return;
      await vi.waitFor(() => expect(device.logins).toBe(2), { timeout: 10_000 });
      loaded = device.logins;
    };
    expect((await deployForTest(nats.store, wanted)).outcome).toEqual({ kind: 'applied' });
    expect([loaded, device.logins]).toEqual([2, 3]); // the third is the check's, after the commit
  });

  it('of what runs already changes nothing', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(wanted);
    await using _runner = await runnerForTest(nats.store, device);
    expect((await deployForTest(nats.store, wanted)).outcome).toEqual({ kind: 'unchanged' });
    expect(device.commits).toEqual([]);
  });

  it('that the device refuses names the line and leaves the device as it was', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    await using _runner = await runnerForTest(nats.store, device);
    const job = await deployForTest(nats.store, `${old}bad line\n`);
    expect(job.outcome).toMatchObject({ kind: 'failed', code: 'rejected', line: 3 });
    expect([device.running, device.candidates, device.commits]).toEqual([old, 0, []]);
  });

  it('that fails its check is undone, tried once, and tried again when someone says retry', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    device.bgp = () => ({
      global: {
        router_id: null,
        peers: { '10.0.0.0': peer(device.running === old ? {} : { is_up: false, state: 'Active' }) },
      },
    });
    await using _runner = await runnerForTest(nats.store, device);
    const job = await deployForTest(nats.store, wanted, { confirmSeconds: 5 });
    expect(job.outcome).toMatchObject({
      kind: 'failed',
      code: 'check_failed',
      detail: expect.stringContaining('10.0.0.0'),
    });
    expect(job.warnings.join()).toContain('proves nothing');
    expect([device.running, device.startup, device.trial]).toEqual([old, old, undefined]);
    const again = await deployForTest(nats.store, wanted, { confirmSeconds: 5 });
    expect(again.outcome).toMatchObject({ code: 'conflict', detail: expect.stringContaining('plumb retry') });
    expect(device.commits).toHaveLength(1);
    device.bgp = heard();
    await ask(nats.store, 'leaf1', 'retry', {});
    await stateWhen(nats.store, ({ sync }) => sync === 'in_sync');
    expect(device.running).toBe(wanted);
  });

  it('is not compared with what an undone one has left of the network, but waits until that is whole', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    const up = heard();
    let whole = true;
    device.bgp = () => {
      if (device.running === wanted) whole = false;
      return whole
        ? up()
        : { global: { router_id: null, peers: { '10.0.0.0': peer({ is_up: false, state: 'Idle' }) } } };
    };
    await using _runner = await runnerForTest(nats.store, device);
    const first = await deployForTest(nats.store, wanted, { confirmSeconds: 5 });
    expect(first.outcome).toMatchObject({ code: 'check_failed' });
    expect(device.running).toBe(old);
    const id = await publishForTest(nats.store, other, { confirmSeconds: 5 });
    const waiting = /waiting for what an undone attempt cut off: bgp 10\.0\.0\.0/;
    for await (const { steps } of watchJob(nats.store, id, AbortSignal.timeout(15_000)))
      if (steps.some(({ detail }) => waiting.test(detail ?? ''))) break;
    expect(device.commits).toHaveLength(1);
    whole = true;
    const second = await jobAt(nats.store, id);
    expect(second.outcome).toEqual({ kind: 'applied' });
    expect(second.checks).toContainEqual(expect.objectContaining({ on: '10.0.0.0', ok: true }));
  });

  it.each([
    ['after', 'login', 'committed'],
    ['during', 'connection was lost', ''],
  ])(
    'that cuts management %s the commit is undone by the device itself, and the job says so',
    async (_, why, spared) => {
      await using nats = await natsForTest();
      const device = new FakeDevice(old);
      device.on = (operation) => {
        device.cutNew = device.running === wanted;
        if (device.cutNew && operation !== spared) throw new PlumbError('closed', 'fake: the connection hangs'); // the old session is as dead
      };
      await using _runner = await runnerForTest(nats.store, device);
      const job = await deployForTest(nats.store, wanted, { confirmSeconds: 5 });
      expect(job.outcome).toMatchObject({ code: 'check_failed', detail: expect.stringContaining(why) });
      expect(device.running).toBe(old);
      expect(job.steps.some(({ detail }) => detail?.includes("undone by the device's own timer"))).toBe(true);
    },
  );

  it('gives way to a newer intent before its commit', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    let reached = () => {};
    let goOn = () => {};
    const loading = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const gate = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    device.on = async (operation) => {
      if (operation !== 'diff' || device.commits.length > 0) return;
      reached();
      await gate;
    };
    await using _runner = await runnerForTest(nats.store, device);
    const first = await publishForTest(nats.store, wanted);
    await jobAt(nats.store, first, 'diffing'); // or says at which step it ended instead
    await loading;
    await stateWhen(nats.store, ({ sync, reason }) => sync === 'deploying' && reason === `job ${first}`);
    const second = await publishForTest(nats.store, `${wanted}skipped\n`);
    const third = await publishForTest(nats.store, other);
    await nats.store.nc.flush();
    await fetchIntent(nats.store, 'leaf1'); // is answered after what the runner asks as it hears of each of them
    goOn();
    expect((await jobAt(nats.store, first)).outcome).toMatchObject({ code: 'superseded' });
    expect((await jobAt(nats.store, second)).outcome).toMatchObject({ code: 'superseded' });
    expect((await jobAt(nats.store, third)).outcome).toEqual({ kind: 'applied' });
    expect(device.commits).toHaveLength(1);
  });
});

describe.concurrent('a runner that is stopped', () => {
  it('undoes a trial that it has not confirmed before it lets go, and the next one deploys it', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    device.bgp = () => ({ global: { router_id: null, peers: { '10.0.0.0': peer() } } }); // counters stand still: never proven
    const first = await runnerForTest(nats.store, device);
    const job = await deployForTest(nats.store, wanted, { confirmSeconds: 600 }, 'checking');
    expect(device.running).toBe(wanted);
    await first[Symbol.asyncDispose]();
    expect([device.running, device.trial, device.sessions]).toEqual([old, undefined, 0]);
    expect((await jobAt(nats.store, job.id)).outcome).toMatchObject({ code: 'cancelled' });
    device.bgp = () => ({});
    await using _second = await runnerForTest(nats.store, device);
    await stateWhen(nats.store, ({ sync }) => sync === 'in_sync');
    expect(device.running).toBe(wanted);
  });
});

describe.concurrent('a first deployment', () => {
  it('waits for an approval and shows the diff, and is done once it is approved', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    await using _runner = await runnerForTest(nats.store, device, { firstDeployment: 'manual' });
    const asked = await deployForTest(nats.store, wanted, {}, 'awaiting');
    expect(asked.diff).toContain('+hostname leaf1');
    await stateWhen(nats.store, ({ sync }) => sync === 'awaiting');
    expect([device.commits, device.candidates]).toEqual([[], 0]);
    await ask(nats.store, 'leaf1', 'approve', { job: asked.id });
    expect((await jobAt(nats.store, asked.id)).outcome).toEqual({ kind: 'applied' });
  });

  it('is not disturbed by a retry: the job that waits is named', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    await using _runner = await runnerForTest(nats.store, device, { firstDeployment: 'manual' });
    const asked = await deployForTest(nats.store, wanted, {}, 'awaiting');
    await stateWhen(nats.store, ({ sync }) => sync === 'awaiting');
    await expect(ask(nats.store, 'leaf1', 'retry', {})).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(asked.id),
    });
    await ask(nats.store, 'leaf1', 'approve', { job: asked.id });
    expect((await jobAt(nats.store, asked.id)).outcome).toEqual({ kind: 'applied' });
  });

  it('expires when nobody approves it in time', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    await using _runner = await runnerForTest(nats.store, device, { firstDeployment: 'manual', approvalSeconds: 0 });
    const asked = await deployForTest(nats.store, wanted, {}, 'awaiting');
    await stateWhen(nats.store, ({ sync }) => sync === 'awaiting');
    const intended = { sha256: sha256(wanted), path: 'leaf1.cfg' };
    const entry = { device: 'leaf1', host: 'leaf1', platform: 'generic', groups: [], policy: {}, intended };
    await putRecord(nats.store.inventory, 'leaf1', entry); // the runner looks again
    expect((await jobAt(nats.store, asked.id)).outcome).toMatchObject({ code: 'expired' });
    expect(device.commits).toEqual([]);
  });

  it('is asked again when the device changed after the diff', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    await using _runner = await runnerForTest(nats.store, device, { firstDeployment: 'manual' });
    const asked = await deployForTest(nats.store, wanted, {}, 'awaiting');
    await stateWhen(nats.store, ({ sync }) => sync === 'awaiting');
    device.running = `${old}by hand\n`;
    await ask(nats.store, 'leaf1', 'approve', { job: asked.id });
    await jobWhen(nats.store, asked.id, askedAgain);
    expect(device.commits).toEqual([]);
  });
});

describe.concurrent('a hold', () => {
  it('keeps a rollback until other content comes', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    await using _runner = await runnerForTest(nats.store, device);
    await deployForTest(nats.store, wanted);
    const { job } = (await ask(nats.store, 'leaf1', 'rollback', {})) as { job: string };
    expect((await jobAt(nats.store, job)).outcome).toEqual({ kind: 'applied' });
    expect(device.running).toBe(old);
    const same = await deployForTest(nats.store, wanted);
    expect(same.outcome).toMatchObject({ code: 'conflict', detail: expect.stringContaining('resume') });
    expect(device.running).toBe(old);
    expect((await deployForTest(nats.store, other)).outcome).toEqual({ kind: 'applied' });
    expect((await stateWhen(nats.store, ({ sync }) => sync === 'in_sync')).blocked).toHaveLength(1);
  });

  it('ends with resume, which deploys the intent again', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    await using _runner = await runnerForTest(nats.store, device);
    await deployForTest(nats.store, wanted);
    const { job } = (await ask(nats.store, 'leaf1', 'rollback', {})) as { job: string };
    await jobAt(nats.store, job);
    await stateWhen(nats.store, ({ sync, blocked }) => sync === 'out_of_sync' && blocked.length === 1);
    await ask(nats.store, 'leaf1', 'resume', {});
    await stateWhen(nats.store, ({ sync }) => sync === 'in_sync');
    expect(device.running).toBe(wanted);
  });
});

describe.concurrent('a device that cannot be logged in to', () => {
  it('is not tried again with credentials that it refused, until someone says retry', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    device.refuses = true;
    await using _runner = await runnerForTest(nats.store, device);
    expect((await deployForTest(nats.store, wanted)).outcome).toMatchObject({ code: 'unauthorized' });
    await expect(ask(nats.store, 'leaf1', 'command', { command: 'show version' })).rejects.toMatchObject({
      code: 'unauthorized',
    });
    expect(device.logins).toBe(1);
    device.refuses = false;
    await ask(nats.store, 'leaf1', 'retry', {});
    await stateWhen(nats.store, ({ sync }) => sync === 'in_sync');
    expect(device.running).toBe(wanted);
  });

  it('gets one failed job while it is away, and its intent once it is back', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    device.reachable = false;
    await using _runner = await runnerForTest(nats.store, device);
    expect((await deployForTest(nats.store, wanted)).outcome).toMatchObject({ code: 'unreachable' });
    expect((await stateWhen(nats.store, ({ sync }) => sync === 'out_of_sync')).reason).toContain('no route to host');
    device.reachable = true;
    await stateWhen(nats.store, ({ sync }) => sync === 'in_sync');
    expect((await listJobs(nats.store, { kind: 'deploy' })).jobs).toHaveLength(2);
  });
});

describe.concurrent('the holder of a device', () => {
  it('answers text with text and JSON with JSON', async () => {
    await using nats = await natsForTest();
    await using _runner = await runnerForTest(nats.store, new FakeDevice(old));
    await stateWhen(nats.store, ({ session }) => session.state === 'connected');
    const text = await nats.store.nc.request('dc1.leaf1.command', 'show version', { timeout: 30_000 });
    expect(text.string()).toBe('output of show version\n');
    expect(await ask(nats.store, 'leaf1', 'command', { command: 'show version' })).toMatchObject({
      output: 'output of show version\n',
    });
    await expect(ask(nats.store, 'leaf1', 'command', { command: 'show bad' })).rejects.toMatchObject({
      code: 'rejected',
    });
    const wrong = await nats.store.nc.request('dc1.leaf1.command', '{"comand":"x"}', { timeout: 30_000 });
    expect(wrong.headers?.get('Nats-Service-Error-Code')).toBe('invalid_request');
    expect((await listJobs(nats.store, { kind: 'command' })).jobs).toHaveLength(3);
  });

  it('sees drift and says so', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    await using _runner = await runnerForTest(nats.store, device);
    await deployForTest(nats.store, wanted);
    await stateWhen(nats.store, ({ sync }) => sync === 'in_sync');
    device.running = `${wanted}by hand\n`;
    expect((await stateWhen(nats.store, ({ sync }) => sync === 'out_of_sync')).reason).toContain('drift');
    expect(device.commits).toHaveLength(1);
  });
});
