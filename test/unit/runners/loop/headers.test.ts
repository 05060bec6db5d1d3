import { type MsgHdrs, headers as natsHeaders } from '@nats-io/transport-node';
import { describe, expect, it } from 'vitest';
import type { Job } from '../../../../core/bus.ts';
import { fetchIntent } from '../../../../core/store/intents.ts';
import { finished, getJob, listJobs, newJob } from '../../../../core/store/jobs.ts';
import { sha256 } from '../../../../core/store/payload.ts';
import type { Store } from '../../../../core/store/store.ts';
import { FakeDevice } from '../../../fake-device.ts';
import { natsForTest } from '../../../nats.ts';
import { runnerForTest, stateWhen } from '../../../runner.ts';
import { storeJob } from '../../../stored.ts';

const old = 'hostname leaf1\nrouter bgp 65001\n';
const wanted = `${old} neighbor 10.0.0.0 description new\n`;

const headersOf = (headers: Record<string, string>): MsgHdrs => {
  const to = natsHeaders();
  for (const [name, value] of Object.entries(headers)) to.set(name, value);
  return to;
};

const publish = (store: Store, text: string, headers: Record<string, string>): void =>
  store.nc.publish('dc1.leaf1.configure', text, { headers: headersOf(headers) });

/** The job of the newest text, once the device's record shows what became of it. */
const told = async (store: Store, reason: RegExp): Promise<Job | undefined> => {
  await stateWhen(store, (state) => reason.test(state.reason));
  return (await listJobs(store)).jobs[0];
};

describe('a header of an intent', () => {
  it('with a value that is not understood keeps the text from the device, and the same text goes in without it', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    await using _runner = await runnerForTest(nats.store, device);
    for (const [name, value, allowed] of [
      ['Plumb-Mode', 'destroy', /replace, merge/],
      ['plumb-mode', 'destroy', /replace, merge/],
      ['Plumb-Mode', '', /replace, merge/],
      ['Plumb-Confirm', '-5', /seconds, 1 to 86400/],
      ['Plumb-Confirm', '1e3', /seconds, 1 to 86400/],
      ['Plumb-Dry-Run', 'maybe', /true, false/],
      ['Plumb-Sha256', 'abc', /SHA-256 of the text/],
    ] as const) {
      const last = (await listJobs(nats.store)).jobs[0]?.id;
      publish(nats.store, wanted, { [name]: value });
      let job: Job | undefined;
      await expect
        .poll(async () => {
          [job] = (await listJobs(nats.store)).jobs;
          return job?.id !== last && job?.state;
        })
        .toBe('finished');
      expect(job?.outcome).toMatchObject({ kind: 'failed', code: 'refused' });
      const detail = job?.outcome?.kind === 'failed' ? job.outcome.detail : '';
      expect(detail.toLowerCase()).toContain(`header ${name.toLowerCase()}: ${JSON.stringify(value)}`);
      expect(detail).toMatch(allowed);
    }
    expect([device.running, device.commits]).toEqual([old, []]);
    await stateWhen(nats.store, ({ sync, reason }) => sync === 'out_of_sync' && reason.includes('Plumb-Sha256'));
    publish(nats.store, wanted, { 'Plumb-Sha256': sha256(wanted).toUpperCase(), 'Plumb-Confirm': '30' });
    await stateWhen(nats.store, ({ sync }) => sync === 'in_sync');
    expect(device.running).toBe(wanted);
  });

  it('is read in capitals or not, and one of nobody we know is passed over', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    await using _runner = await runnerForTest(nats.store, device);
    publish(nats.store, wanted, { 'Plumb-Mode': 'Merge', 'plumb-dry-run': 'ON', 'X-Ticket': 'CHG-1' });
    const job = await told(nats.store, /dry run/);
    expect(job).toMatchObject({ mode: 'merge', dryRun: true, outcome: { kind: 'previewed' } });
    expect(device.commits).toEqual([]);
  });

  it.each(['Plumb-DryRun', 'plumb-dry-rum', 'PlumbDryRun'])(
    'of ours that is misspelt keeps the text from the device: %s',
    async (name) => {
      await using nats = await natsForTest();
      const device = new FakeDevice(old);
      await using _runner = await runnerForTest(nats.store, device);
      publish(nats.store, wanted, { [name]: 'true' });
      const job = await told(nats.store, /refused: header .* is not known/);
      expect(job?.outcome).toMatchObject({
        code: 'refused',
        detail: expect.stringContaining(`"${name}" is not known`),
      });
      expect([device.running, device.commits]).toEqual([old, []]);
    },
  );

  it('that names another hash than that of the text which came keeps the text from the device', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    await using _runner = await runnerForTest(nats.store, device);
    publish(nats.store, wanted, { 'Plumb-Sha256': '0'.repeat(64) });
    const job = await told(nats.store, /refused: header Plumb-Sha256/);
    expect(job?.outcome).toMatchObject({ code: 'refused', detail: expect.stringContaining('0'.repeat(64)) });
    expect(job?.outcome).toMatchObject({ detail: expect.stringContaining(sha256(wanted)) });
    expect([device.running, device.commits]).toEqual([old, []]);
    for (const [verb, body] of [
      ['diff', '{}'],
      ['retry', 'again'],
    ] as const) {
      const reply = await nats.store.nc.request(`dc1.leaf1.${verb}`, body, { timeout: 5_000 });
      expect(reply.headers?.get('Nats-Service-Error-Code')).toBe('refused');
    }
  });

  it("that names another device's job gets a job of its own, and a request under it is refused", async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    const theirs = finished(newJob('leaf2', 'deploy'), { kind: 'applied' });
    await storeJob(nats.store, theirs);
    await using _runner = await runnerForTest(nats.store, device);
    publish(nats.store, wanted, { 'Plumb-Job': theirs.id });
    const { lastJob } = await stateWhen(nats.store, ({ sync }) => sync === 'in_sync');
    expect(lastJob).not.toBe(theirs.id);
    expect((await getJob(nats.store, lastJob ?? '', 'leaf1'))?.warnings).toContainEqual(
      expect.stringContaining(`${theirs.id} is a job of another device`),
    );
    // a text that is under way gives way to one that names their job, and its record names no job of theirs
    const reached = new Promise<void>((loads) => {
      device.on = (operation) => {
        if (operation !== 'load') return;
        device.on = () => {};
        loads();
        return under;
      };
    });
    let goOn = () => {};
    const under = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    publish(nats.store, `${wanted} neighbor 10.0.0.1\n`, {});
    await reached;
    const last = `${wanted} neighbor 10.0.0.2\n`;
    await nats.store.js.publish('dc1.leaf1.configure', last, { headers: headersOf({ 'Plumb-Job': theirs.id }) });
    await fetchIntent(nats.store, 'leaf1'); // is answered after the runner has heard of it
    goOn();
    const { lastJob: newest } = await stateWhen(
      nats.store,
      ({ sync, intent }) => sync === 'in_sync' && intent?.generation.sha256 === sha256(last),
    );
    expect(device.running).toBe(last);
    const [, before] = (await listJobs(nats.store, { kind: 'deploy', devices: ['leaf1'] })).jobs;
    expect(before).toMatchObject({ outcome: { code: 'superseded' }, supersededBy: newest });
    expect(newest).not.toBe(theirs.id);
    const job = natsHeaders();
    job.set('Plumb-Job', theirs.id);
    for (const [verb, body] of [
      ['command', 'show version'],
      ['rollback', 'last'],
      ['facts', '{}'],
    ] as const) {
      const reply = await nats.store.nc.request(`dc1.leaf1.${verb}`, body, { headers: job, timeout: 5_000 });
      expect(reply.headers?.get('Nats-Service-Error-Code')).toBe('conflict');
    }
    expect(await getJob(nats.store, theirs.id)).toEqual(theirs);
    expect(await getJob(nats.store, theirs.id, 'leaf1')).toBeUndefined();
  });
});
