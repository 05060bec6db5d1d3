import { pino } from 'pino';
import { expect, it } from 'vitest';
import { defaultPolicy } from '../../../core/inventory/schema.ts';
import { publishIntent } from '../../../core/store/intents.ts';
import { newJob, putJob } from '../../../core/store/jobs.ts';
import { bench } from '../../../lab/proof/bench.ts';
import { commit } from '../../../lab/proof/target.ts';
import { iosxr } from '../../../runners/drivers/iosxr/platform.ts';
import { StateKeeper } from '../../../runners/holding/device-state.ts';
import { startRunner } from '../../../runners/main.ts';
import { trialName } from '../../../runners/trial-name.ts';
import { leaseForTest } from '../../lease.ts';
import { natsForTest } from '../../nats.ts';
import { whenAsked } from '../events.ts';

const config = (more: string) =>
  `hostname r1\n!\ninterface MgmtEth0/RP0/CPU0/0\n ipv4 address 10.0.0.15 255.255.255.0\n!\n${more}end\n`;
const loopback = (number: number) => `interface Loopback${number}\n ipv4 address 10.0.0.${number} 255.255.255.255\n!\n`;

it('a router with IOS-XR whose runner died in a trial goes back by its timer and gets the newest text from the next', async () => {
  await using router = await bench(iosxr, 'ssh', { platform: 'iosxr', config: config('') });
  await using nats = await natsForTest();
  const { sim, target } = router;
  const { store } = nats;
  const dead = newJob('r1', 'deploy');
  const name = { job: dead.id, epoch: 1, sha256: 'a'.repeat(64) };
  const state = await StateKeeper.open(store, leaseForTest('r1', 'elsewhere', 1));
  const expiresAt = new Date(Date.now() + 120_000).toISOString();
  await state.update({ trial: { job: dead.id, name: trialName(name), expiresAt } });
  await commit(await router.open(), config(loopback(7)), 120, name);
  sim.device.disconnect();
  expect(sim.trial).toBeDefined();
  const policy = { ...defaultPolicy, firstDeployment: 'auto', pollSeconds: 1 } as const;
  const credentials = { username: 'admin', password: { literal: 'admin' } };
  const devices = new Map([['r1', { ...target.device, credentials, policy }]]);
  const looked = whenAsked(sim, /show configuration sessions detail/);
  await using _runner = await startRunner({
    store,
    inventory: { site: 'dc1', lab: true, path: '/dev/null', devices },
    driverFor: () => iosxr,
    knownHosts: target.knownHosts,
    log: pino({ level: 'silent' }),
    version: 'test',
    settled: true,
  });
  const job = newJob('r1', 'deploy');
  await putJob(store, job);
  await publishIntent(store, 'r1', config(loopback(8)), { fromSource: true, job: job.id });
  await looked;
  expect(sim.running).toContain('Loopback7');
  sim.device.clock.advance(121_000);
  await expect.poll(() => sim.running, { timeout: 60_000 }).toContain('Loopback8');
  await expect.poll(() => sim.trial, { timeout: 60_000 }).toBeUndefined();
  expect(sim.running).toContain('Loopback8');
  expect(sim.running).not.toContain('Loopback7');
  expect(sim.device.history.map(({ client }) => client)).toContain('Rollback');
});
