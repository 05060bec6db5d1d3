import { expect, it } from 'vitest';
import { checkLogin } from '../../../cli/doctor/device.ts';
import { trialRecorded } from '../../../cli/doctor/pending.ts';
import type { Inventory } from '../../../core/inventory/schema.ts';
import { bench } from '../../../lab/proof/bench.ts';
import { commit, forever } from '../../../lab/proof/target.ts';
import { ios } from '../../../runners/drivers/ios/platform.ts';
import { forget } from '../../../runners/session/trial-clock.ts';
import { trialName } from '../../../runners/trial-name.ts';
import { goodState } from '../../unit/cli/holder.ts';

const config = (more: string) => `version 16.12\nhostname r1\n!\narchive\n path bootflash:archive\n!\n${more}end\n`;
const after = (address: string) => config(`interface Loopback7\n ip address ${address} 255.255.255.255\n!\n`);

it('plumb doctor tells a trial that waits from one that was confirmed, or of which that is not known', async () => {
  await using router = await bench(ios, 'ssh', { platform: 'ios', config: config('') });
  const { sim, open, target } = router;
  const entry = { ...target.device, credentials: { username: 'admin', password: { literal: 'admin' } } };
  const inventory: Inventory = { site: 'dc1', lab: true, path: '/dev/null', devices: new Map([['r1', entry]]) };
  const said = async (known: string[] = []) => {
    const found = await checkLogin(inventory, entry, ios, target.knownHosts, forever, async () => known);
    return found.find(({ check }) => check === 'pending')?.detail;
  };
  const first = await commit(await open(), after('10.0.0.7'), 120);
  const name = trialName(first.name);
  expect(await said()).toMatch(/^a trial of Plumbline \(admin\) is pending until 20/);
  // its runner is killed between the confirm and `write memory`
  sim.faults.set({ drop: { match: '^write memory', when: 'before' } });
  await expect(first.trial.confirm()).rejects.toMatchObject({ code: 'closed' });
  sim.faults.set({ drop: null });
  forget(name); // as another process finds it
  expect(await said()).toBe(`trial ${name} was to be kept; its confirm, or saving it to startup, was interrupted`);
  await (await (await open()).pending())?.confirm();
  expect(await said([name])).toBeUndefined();
  const session = await open();
  const second = await commit(session, after('10.0.0.8'), 120);
  await session.run('configure confirm');
  const over = trialName(second.name);
  expect(await said([over])).toBe(
    `trial ${over} is no longer pending; whether it was confirmed is not known from here`,
  );
});

it('plumb doctor calls what a runner wrote of a trial by that name, and does not say that it waits', () => {
  const trial = { job: 'a-job', name: 'plumb-a-job-1', expiresAt: '2026-01-01T00:00:00.000Z' };
  const updatedAt = '2025-12-31T23:57:00.000Z';
  expect(trialRecorded(goodState('leaf1', { trial, updatedAt }))?.detail).toBe(
    `according to its runner's record of ${updatedAt}, a trial of job a-job is pending until ${trial.expiresAt}, which has passed; the device was not asked whether it still is`,
  );
  expect(trialRecorded(goodState('leaf1'))).toBeUndefined();
});
