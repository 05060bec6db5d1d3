import { pino } from 'pino';
import { expect, it } from 'vitest';
import { Claim } from '../../core/bus.ts';
import { getRecord } from '../../core/store/records.ts';
import { FakeDevice } from '../fake-device.ts';
import { natsForTest } from '../nats.ts';
import { jobAt, publishForTest, runnerForTest, stateWhen } from '../runner.ts';

const old = 'hostname leaf1\nrouter bgp 65001\n';
const wanted = `${old} neighbor 10.0.0.0\n`;

it('nothing is deployed on the rest of a right, but by the claim that is made anew once the lease store was lost', async () => {
  await using nats = await natsForTest();
  const { store } = nats;
  const device = new FakeDevice(old);
  let noticed = () => {};
  const lost = new Promise<void>((resolve) => {
    noticed = resolve;
  });
  const log = pino(
    { level: 'warn' },
    { write: (line) => line.includes('claiming all held devices again') && noticed() },
  );
  const timing = { beatMs: 200, rightMs: 3_000, silenceMs: 4_000, settleMs: 3_500 };
  await using _runner = await runnerForTest(store, device, {}, { log, timing });
  await stateWhen(store, ({ runner }) => runner !== null);
  const before = (await getRecord(store.lease, Claim, 'leaf1'))?.value.epoch ?? 0;
  await store.jsm.streams.delete(`KV_${store.site}-lease`);
  await store.ensure();
  await lost;
  const id = await publishForTest(store, wanted);
  const job = await jobAt(store, id);
  expect(job).toMatchObject({ outcome: { kind: 'applied' } });
  expect(job.epoch).toBeGreaterThan(before);
  expect(job.takeovers).toBeUndefined();
  expect(device.commits).toHaveLength(1);
});
