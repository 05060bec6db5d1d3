import { describe, expect, it } from 'vitest';
import { ask } from '../../../../core/store/ask.ts';
import { listJobs } from '../../../../core/store/jobs.ts';
import { FakeDevice } from '../../../fake-device.ts';
import { natsForTest } from '../../../nats.ts';
import { runnerForTest, stateWhen } from '../../../runner.ts';

describe('the runner that holds a device', () => {
  it('is asked for its addresses, and records that as a job', async () => {
    await using nats = await natsForTest();
    await using _runner = await runnerForTest(nats.store, new FakeDevice('hostname leaf1\n'));
    await stateWhen(nats.store, ({ session }) => session.state === 'connected');
    const answer = await ask(nats.store, 'leaf1', 'interfaces-ip', {}, { author: 'ann' });
    expect(answer).toMatchObject({ 'interfaces-ip': { lo: { ipv4: { '10.255.0.1': { prefix_length: 32 } } } } });
    const { jobs } = await listJobs(nats.store, { devices: ['leaf1'], kind: 'interfaces-ip' });
    expect(jobs).toMatchObject([
      { kind: 'interfaces-ip', state: 'finished', outcome: { kind: 'done' }, author: 'ann' },
    ]);
  });

  it('names the getter that its platform does not have', async () => {
    await using nats = await natsForTest();
    await using _runner = await runnerForTest(nats.store, new FakeDevice('hostname leaf1\n'));
    await stateWhen(nats.store, ({ session }) => session.state === 'connected');
    await expect(ask(nats.store, 'leaf1', 'bgp-detail', {})).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('leaf1: generic has no getter "bgp-detail"'),
    });
  });
});
