import { headers as natsHeaders } from '@nats-io/transport-node';
import { describe, expect, it } from 'vitest';
import { DeviceState, type InventoryEntry } from '../../../../core/bus.ts';
import { PlumbError } from '../../../../core/errors.ts';
import { ask } from '../../../../core/store/ask.ts';
import { getJob, listJobs } from '../../../../core/store/jobs.ts';
import { sha256 } from '../../../../core/store/payload.ts';
import { getRecord, putRecord } from '../../../../core/store/records.ts';
import { FakeDevice, peer } from '../../../fake-device.ts';
import { natsForTest } from '../../../nats.ts';
import { deployForTest, jobAt, publishForTest, runnerForTest, stateWhen } from '../../../runner.ts';

const old = 'hostname leaf1\nrouter bgp 65001\n neighbor 10.0.0.0 remote-as 65000\n';
const wanted = `${old} neighbor 10.0.0.0 description new\n`;
const other = `${old} neighbor 10.0.0.0 description other\n`;
const foreign = other.replace('leaf1', 'spine9');

const entry = (text: string): InventoryEntry => ({
  device: 'leaf1',
  host: '127.0.0.1',
  platform: 'generic',
  groups: [],
  policy: {},
  intended: { sha256: sha256(text), path: 'intended/configs/leaf1.cfg' },
});

describe('what a stranger sends', () => {
  it('never becomes a name on the device: a job header of another form is ignored', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    await using _runner = await runnerForTest(nats.store, device);
    const evil = natsHeaders();
    evil.set('Plumb-Job', 'x/../../../../etc');
    nats.store.nc.publish('dc1.leaf1.configure', wanted, { headers: evil });
    const state = await stateWhen(nats.store, ({ sync }) => sync === 'in_sync');
    expect(device.commits.map(({ job }) => job)).toEqual([state.lastJob]);
    expect(state.lastJob).toMatch(/^[0-9a-z]{20,40}$/);
    const reply = await nats.store.nc.request('dc1.leaf1.command', 'show version', { headers: evil, timeout: 5_000 });
    expect(reply.headers?.get('Nats-Service-Error-Code')).toBe('invalid_request');
  });
});

describe('a trial', () => {
  it('fails when BGP is gone altogether although the intent still names the peer', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    device.bgp = () => (device.running === old ? { global: { router_id: null, peers: { '10.0.0.0': peer() } } } : {});
    await using _runner = await runnerForTest(nats.store, device);
    const job = await deployForTest(nats.store, wanted, { confirmSeconds: 5 });
    expect(job.outcome).toMatchObject({
      code: 'check_failed',
      detail: expect.stringContaining('the intent still names it'),
    });
    expect(device.running).toBe(old);
    const without = 'hostname leaf1\nip route 0.0.0.0/0 10.9.9.9\n';
    expect((await deployForTest(nats.store, without, { force: 'no BGP any more' })).outcome).toEqual({
      kind: 'applied',
    });
  });

  it('is confirmed in time although a slow command holds the session', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    let release = () => {};
    const slow = new Promise<void>((resolve) => {
      release = resolve;
    });
    let checks = 0;
    device.bgp = () => {
      checks++;
      return { global: { router_id: null, peers: { '10.0.0.0': peer({ keepalives_received: checks }) } } };
    };
    device.on = (operation) => (operation === 'run' ? slow : undefined);
    await using _runner = await runnerForTest(nats.store, device);
    const id = await publishForTest(nats.store, wanted, { confirmSeconds: 20 });
    await jobAt(nats.store, id, 'checking');
    const command = ask(nats.store, 'leaf1', 'command', { command: 'show tech' });
    await jobAt(nats.store, id, 'reading_back');
    expect([device.trial, device.startup]).toEqual([undefined, wanted]);
    release();
    await command;
    expect((await jobAt(nats.store, id)).outcome).toEqual({ kind: 'applied' });
  });

  it('is confirmed over a new connection when the first was lost at the confirm', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    let lost = false;
    device.on = (operation) => {
      if (operation !== 'confirm' || lost) return;
      lost = true;
      throw new PlumbError('closed', 'fake: connection reset');
    };
    await using _runner = await runnerForTest(nats.store, device);
    expect((await deployForTest(nats.store, wanted, { confirmSeconds: 20 })).outcome).toEqual({ kind: 'applied' });
    expect([lost, device.commits.length]).toEqual([true, 1]);
  });

  it('of a rollback is undone, too, when the runner stops', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    const runner = await runnerForTest(nats.store, device);
    await deployForTest(nats.store, wanted);
    device.bgp = () => ({ global: { router_id: null, peers: { '10.0.0.0': peer() } } }); // never proven
    const { job } = (await ask(nats.store, 'leaf1', 'rollback', {})) as { job: string };
    await jobAt(nats.store, job, 'checking');
    await runner[Symbol.asyncDispose]();
    expect([device.running, device.trial]).toEqual([wanted, undefined]);
    expect((await getJob(nats.store, job))?.outcome).toMatchObject({ code: 'cancelled' });
  });

  it('that our own failed job left is resolved before the next one', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    device.on = (operation) => {
      if (operation === 'confirm' || operation === 'undo') throw new PlumbError('commit_failed', 'fake: disk full');
    };
    await using _runner = await runnerForTest(nats.store, device);
    const first = await deployForTest(nats.store, wanted, { confirmSeconds: 3 });
    expect(first.outcome).toMatchObject({ kind: 'failed' });
    device.on = () => {};
    expect((await deployForTest(nats.store, other)).outcome).toEqual({ kind: 'applied' });
  }, 90_000);
});

describe('a reason for overriding the guards', () => {
  it('goes for the text it was given for, and for no other', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    await using _runner = await runnerForTest(nats.store, device);
    await deployForTest(nats.store, wanted);
    const { job } = (await ask(nats.store, 'leaf1', 'rollback', {})) as { job: string };
    await jobAt(nats.store, job);
    await ask(nats.store, 'leaf1', 'retry', { force: true, reason: 'for that text only' });
    expect((await deployForTest(nats.store, foreign)).outcome).toMatchObject({ code: 'refused' });
  });

  it('may come with the same text again', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    await using _runner = await runnerForTest(nats.store, device);
    expect((await deployForTest(nats.store, foreign)).outcome).toMatchObject({ code: 'refused' });
    const forced = await deployForTest(nats.store, foreign, { force: 'it is being renamed' });
    expect(forced).toMatchObject({ outcome: { kind: 'applied' }, forced: 'it is being renamed' });
  });
});

describe('a text that was published by hand', () => {
  it('holds the device until the source takes it up', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    await putRecord(nats.store.inventory, 'leaf1', entry(wanted));
    await using _runner = await runnerForTest(nats.store, device);
    nats.store.nc.publish('dc1.leaf1.configure', other);
    expect((await stateWhen(nats.store, ({ hand }) => hand !== null)).hand?.sha256).toBe(sha256(other));
    await stateWhen(nats.store, ({ reason }) => reason.includes('published by hand'));
    await putRecord(nats.store.inventory, 'leaf1', entry(other));
    expect((await stateWhen(nats.store, ({ sync }) => sync === 'in_sync')).hand).toBeNull();
  });

  it('as a dry run holds nothing', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    await putRecord(nats.store.inventory, 'leaf1', entry(wanted));
    await using _runner = await runnerForTest(nats.store, device);
    const job = await deployForTest(nats.store, other, { fromSource: false, dryRun: true });
    expect(job.outcome).toEqual({ kind: 'previewed' });
    expect((await getRecord(nats.store.state, DeviceState, 'leaf1'))?.value.hand).toBeNull();
    expect(device.commits).toEqual([]);
  });
});

describe('a job', () => {
  it('that is under way is not closed while the device is away', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    device.reachable = false;
    await using _runner = await runnerForTest(nats.store, device);
    await deployForTest(nats.store, wanted);
    await expect(ask(nats.store, 'leaf1', 'command', { command: 'show version' })).rejects.toMatchObject({
      code: 'unreachable',
    });
    const [command] = (await listJobs(nats.store, { kind: 'command' })).jobs;
    expect(command?.outcome).toMatchObject({ code: 'unreachable' });
  });

  it('with a huge answer ends, and keeps what fits', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(`hostname leaf1\n${'ip route 10.0.0.0/8 10.1.1.1\n'.repeat(60_000)}`);
    await using _runner = await runnerForTest(nats.store, device);
    await stateWhen(nats.store, ({ session }) => session.state === 'connected');
    const { config } = (await ask(nats.store, 'leaf1', 'config', {})) as { config: string };
    expect(config).toBe(device.running);
    const text = await nats.store.nc.request('dc1.leaf1.config', '', { timeout: 10_000 });
    expect(text.headers?.get('Nats-Service-Error-Code')).toBe('unsupported');
    const { jobs } = await listJobs(nats.store, { kind: 'config' });
    expect(jobs.map(({ state }) => state)).toEqual(['finished', 'finished']);
  });

  it('of a dry run does not repeat a secret after a mistyped keyword', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    await using _runner = await runnerForTest(nats.store, device);
    await stateWhen(nats.store, ({ session }) => session.state === 'connected');
    const config = `${old} neighbor 10.0.0.0 password hunter2canary\nbad passwrd hunter2canary\n`;
    const said = await ask(nats.store, 'leaf1', 'diff', { config }).catch(String);
    expect(said).toContain('passwrd <secret>');
    expect(JSON.stringify((await listJobs(nats.store)).jobs)).not.toContain('hunter2canary');
  });
});
