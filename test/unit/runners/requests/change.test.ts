import { describe, expect, it } from 'vitest';
import { ask } from '../../../../core/store/ask.ts';
import { getJob, listJobs } from '../../../../core/store/jobs.ts';
import { FakeDevice, peer } from '../../../fake-device.ts';
import { natsForTest } from '../../../nats.ts';
import { deployForTest, jobAt, publishForTest, runnerForTest, stateWhen } from '../../../runner.ts';

const old = 'hostname leaf1\nold\n';
const wanted = 'hostname leaf1\nnew\n';
const save = 'copy running-config startup-config';
const change = { command: save, change: true, reason: 'CHG-1' };

/** A device that counts what is run on it, and lets a trial be proven when it is told to. */
const countingDevice = () => {
  const device = new FakeDevice(old);
  let heard = 0;
  const seen = { runs: 0, proven: false };
  device.on = (operation) => {
    if (operation === 'run') seen.runs++;
  };
  device.bgp = () => {
    if (seen.proven) heard++;
    return { global: { router_id: null, peers: { '10.0.0.0': peer({ keepalives_received: heard }) } } };
  };
  return { device, seen };
};

describe('a command that is none of those that only read', () => {
  it.each([
    ['JSON', JSON.stringify({ command: save })],
    ['text', save],
  ])('is refused, asked for as %s, before anything is sent', async (_, body) => {
    await using nats = await natsForTest();
    const { device, seen } = countingDevice();
    await using _runner = await runnerForTest(nats.store, device);
    await stateWhen(nats.store, ({ session }) => session.state === 'connected');
    const reply = await nats.store.nc.request('dc1.leaf1.command', body, { timeout: 5_000 });
    expect(reply.headers?.get('Nats-Service-Error-Code')).toBe('refused');
    expect(reply.string()).toContain('not a read-only command on generic; nothing was sent');
    expect(reply.string()).toContain('plumb run --change --reason TEXT');
    expect(seen.runs).toBe(0);
    const [job] = (await listJobs(nats.store, { kind: 'command' })).jobs;
    expect(job?.outcome).toMatchObject({ kind: 'failed', code: 'refused' });
  });

  it('takes a reason with `change`, and `change` with a reason', async () => {
    await using nats = await natsForTest();
    const { device, seen } = countingDevice();
    await using _runner = await runnerForTest(nats.store, device);
    await stateWhen(nats.store, ({ session }) => session.state === 'connected');
    const code = { code: 'invalid_request' };
    await expect(ask(nats.store, 'leaf1', 'command', { command: save, change: true })).rejects.toMatchObject(code);
    await expect(ask(nats.store, 'leaf1', 'command', { command: save, reason: 'x' })).rejects.toMatchObject(code);
    expect(seen.runs).toBe(0);
  });

  it('is recorded as a change with its reason and who asked', async () => {
    await using nats = await natsForTest();
    const { device, seen } = countingDevice();
    await using _runner = await runnerForTest(nats.store, device);
    await stateWhen(nats.store, ({ session }) => session.state === 'connected');
    const answer = await ask(nats.store, 'leaf1', 'command', change, { author: 'carol' });
    expect(answer).toMatchObject({ output: `output of ${save}\n` });
    expect(seen.runs).toBe(1);
    const { job } = answer as { job: string };
    expect(await getJob(nats.store, job)).toMatchObject({ kind: 'command', change: 'CHG-1', author: 'carol' });
  });
});

describe('a command that may change the device, while a trial waits', () => {
  it('waits until the trial is confirmed', async () => {
    await using nats = await natsForTest();
    const { device, seen } = countingDevice();
    await using _runner = await runnerForTest(nats.store, device);
    const id = await publishForTest(nats.store, wanted, { confirmSeconds: 20 });
    await jobAt(nats.store, id, 'checking');
    const trials: boolean[] = [];
    const { on } = device;
    device.on = (operation) => {
      if (operation === 'run') trials.push(device.trial !== undefined);
      return on(operation);
    };
    const asked = ask(nats.store, 'leaf1', 'command', change, { timeoutMs: 30_000 });
    await expect(ask(nats.store, 'leaf1', 'command', { command: 'show version' })).resolves.toBeDefined();
    expect(trials).toEqual([true]); // what only reads does not wait
    seen.proven = true;
    await asked;
    expect(trials).toEqual([true, false]);
    expect((await jobAt(nats.store, id)).outcome).toEqual({ kind: 'applied' });
  });

  it('is refused when that takes too long, naming the job and its time, and is never sent later', async () => {
    await using nats = await natsForTest();
    const { device, seen } = countingDevice();
    await using _runner = await runnerForTest(nats.store, device);
    const id = await publishForTest(nats.store, wanted, { confirmSeconds: 20, author: 'bob' });
    await jobAt(nats.store, id, 'checking');
    const refusal = await ask(nats.store, 'leaf1', 'command', { ...change, timeoutSeconds: 1 }).catch(
      (error: Error) => error,
    );
    expect(refusal).toMatchObject({ code: 'conflict' });
    expect((refusal as Error).message).toMatch(
      new RegExp(`job ${id} \\(deploy by bob, "checking" since .*trial lasts until 20`),
    );
    seen.proven = true;
    await jobAt(nats.store, id);
    await ask(nats.store, 'leaf1', 'command', { command: 'show version' });
    await ask(nats.store, 'leaf1', 'command', change);
    expect(seen.runs).toBe(2);
  });

  it("is refused where the trial is somebody else's, whom it names", async () => {
    await using nats = await natsForTest();
    const { device, seen } = countingDevice();
    await using _runner = await runnerForTest(nats.store, device);
    await deployForTest(nats.store, old);
    const timer = setTimeout(() => {}, 0);
    const name = { job: 'theirs', epoch: 1e9, sha256: '' };
    device.trial = { name, before: old, expiresAt: new Date(Date.now() + 60_000), timer, phase: 'armed' };
    await expect(ask(nats.store, 'leaf1', 'command', change)).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringMatching(/trial "theirs" of fake is pending on the device until 20.*nothing was sent/),
    });
    expect(seen.runs).toBe(0);
  });
});

describe('a probe that may change the device', () => {
  it('is refused before the device is touched', async () => {
    await using nats = await natsForTest();
    const { device, seen } = countingDevice();
    await using _runner = await runnerForTest(nats.store, device, {
      probes: [{ name: 'save', command: 'write memory', contains: 'OK' }],
    });
    const job = await deployForTest(nats.store, wanted);
    expect(job.outcome).toMatchObject({ code: 'refused', detail: expect.stringContaining('probe "save"') });
    await expect(ask(nats.store, 'leaf1', 'test', {})).rejects.toMatchObject({ code: 'refused' });
    expect([seen.runs, device.commits.length]).toEqual([0, 0]);
  });
});
