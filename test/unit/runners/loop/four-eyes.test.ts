import { pino } from 'pino';
import { expect, it } from 'vitest';
import type { Inventory } from '../../../../core/inventory/schema.ts';
import { ask } from '../../../../core/store/ask.ts';
import { getJob } from '../../../../core/store/jobs.ts';
import { startRunner } from '../../../../runners/main.ts';
import { FakeDevice } from '../../../fake-device.ts';
import { natsForTest } from '../../../nats.ts';
import { deployForTest, deviceForTest, jobAt, stateWhen } from '../../../runner.ts';

const old = 'hostname leaf1\nrouter bgp 65001\n';
const wanted = 'hostname leaf1\nrouter bgp 65001\n neighbor 10.0.0.0\n';
const other = 'hostname leaf1\nrouter bgp 65001\n neighbor 10.0.0.2\n';

it('with four eyes each diff waits, and whoever may have written it does not approve it', async () => {
  await using nats = await natsForTest();
  const device = new FakeDevice(old);
  const entry = deviceForTest({ fourEyes: true }); // `approval` is auto: a diff that nobody sees is seen by no eyes
  const inventory: Inventory = { site: 'dc1', lab: true, path: '/dev/null', devices: new Map([[entry.name, entry]]) };
  await using _runner = await startRunner({
    store: nats.store,
    inventory,
    driverFor: () => device.driver,
    knownHosts: '/dev/null',
    log: pino({ level: 'silent' }),
    version: 'test',
    settled: true,
  });
  const { id } = await deployForTest(nats.store, wanted, { author: 'Ann Example <ann@example.net>' }, 'awaiting');
  const waits = (job: string) => stateWhen(nats.store, ({ sync, lastJob }) => sync === 'awaiting' && lastJob === job);
  await waits(id);
  const approve = (job: string, author?: string) =>
    ask(nats.store, 'leaf1', 'approve', { job }, author === undefined ? {} : { author });
  await expect(approve(id, 'user:ann <ann@example.net>')).rejects.toMatchObject({
    code: 'refused',
    message: expect.stringContaining('user:ann <ann@example.net> may be its author, Ann Example <ann@example.net>'),
  });
  await expect(approve(id)).rejects.toMatchObject({
    code: 'refused',
    message: expect.stringContaining('has no name'),
  });
  expect(await getJob(nats.store, id)).toMatchObject({ state: 'awaiting' });
  await approve(id, 'user:bob');
  expect(await jobAt(nats.store, id)).toMatchObject({
    outcome: { kind: 'applied' },
    said: [{ did: 'approve', by: 'user:bob' }],
  });
  const nameless = await deployForTest(nats.store, other, {}, 'awaiting');
  await waits(nameless.id);
  await expect(approve(nameless.id, 'user:bob')).rejects.toMatchObject({
    code: 'refused',
    message: expect.stringContaining('the author of the text is not known'),
  });
  expect(device.commits).toHaveLength(1);
});
