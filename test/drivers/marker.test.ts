import { describe, expect, it, vi } from 'vitest';
import { bench } from '../../lab/proof/bench.ts';
import { commit } from '../../lab/proof/target.ts';
import type { PlatformName } from '../../lab/sim/platforms.ts';
import type { Ports } from '../../lab/sim/sim.ts';
import { driverFor } from '../../runners/drivers/registry.ts';
import { WhatRuns } from '../../runners/loop/what-runs.ts';

const hour = 3_600_000;
const texts: Partial<Record<PlatformName, (name: string) => string>> = {
  ios: (name) =>
    `version 16.12\nhostname ${name}\n!\narchive\n path bootflash:archive\n!\nline vty 0 4\n login local\nend\n`,
  nxos: (name) => `\nversion 9.2(4)\nhostname ${name}\n\ninterface mgmt0\n  ip address 10.0.0.1/24\n`,
  iosxr: (name) =>
    `hostname ${name}\n!\ninterface MgmtEth0/RP0/CPU0/0\n ipv4 address 10.0.0.15 255.255.255.0\n!\nend\n`,
  junos: (name) => `system {\n    host-name ${name};\n}\n`,
};

describe.each<[PlatformName, keyof Ports]>([
  ['ios', 'ssh'],
  ['nxos', 'ssh'],
  ['iosxr', 'ssh'],
  ['junos', 'ssh'],
  ['junos', 'netconf'],
])('a look for drift on %s by %s', (platform, transport) => {
  it('reads the whole where the marker moved, once an hour, and where it may have been us; else the marker alone', async () => {
    const text = texts[platform] ?? ((name: string) => name);
    const driver = driverFor(platform);
    await using device = await bench(driver, transport, { platform, config: text('r1'), timeScale: 30 });
    const session = await device.open();
    const whole = vi.spyOn(session, 'config');
    let nowMs = 0;
    const runs = new WhatRuns(driver, () => nowMs);
    /** @returns the hash, and whether the whole was read for it */
    const look = async (afterMs: number): Promise<[string, boolean]> => {
      nowMs += afterMs;
      whole.mockClear();
      const hash = await runs.look(session);
      return [hash, whole.mock.calls.length > 0];
    };
    const [first] = await look(0);
    expect(await look(1_000)).toEqual([first, true]); // a change in the second of the last one bears the same time
    expect(await look(1_000)).toEqual([first, true]);
    expect(await look(1_000)).toEqual([first, false]);
    device.sim.device.clock.advance(2_000);
    const { trial } = await commit(await device.open(), text('r2'), 600);
    await trial.confirm();
    const [second] = await look(1_000);
    expect(second).not.toBe(first);
    await look(2_000);
    expect(await look(hour - 1)).toEqual([second, false]);
    // a change that no marker shows
    device.sim.device.running.children.splice(0, 1);
    expect(await look(0)).toEqual([second, false]);
    const [third, isWhole] = await look(1);
    expect([third === second, isWhole]).toEqual([false, true]);
    expect(await look(1)).toEqual([third, false]);
    runs.forget();
    expect(await look(1)).toEqual([third, true]);
    await look(2_000);
    expect(await look(1)).toEqual([third, false]);
    const other = await device.open();
    const anew = vi.spyOn(other, 'config');
    expect(await runs.look(other)).toBe(third);
    expect(anew).toHaveBeenCalledOnce();
  });
});

it('a router that does not tell its marker is read whole each time, and not asked for it again on that session', async () => {
  const driver = driverFor('junos');
  const config = texts.junos?.('r1') ?? '';
  await using device = await bench(driver, 'netconf', { platform: 'junos', config });
  device.sim.faults.set({ deny: { match: '^get-commit-revision-information$' } });
  const session = await device.open();
  const [whole, asked] = [vi.spyOn(session, 'config'), vi.spyOn(session, 'ask')];
  const runs = new WhatRuns(driver, () => 0);
  for (let looks = 0; looks < 3; looks++) await runs.look(session);
  expect([whole.mock.calls.length, asked.mock.calls.length]).toEqual([3, 1]);
});

it('what changes while the marker is asked for is not missed', async () => {
  const driver = driverFor('junos');
  const config = texts.junos?.('r1') ?? '';
  await using device = await bench(driver, 'netconf', { platform: 'junos', config });
  const session = await device.open();
  let nowMs = 0;
  const runs = new WhatRuns(driver, () => nowMs);
  for (; nowMs <= 6_000; nowMs += 3_000) await runs.look(session);
  const whole = vi.spyOn(session, 'config');
  const looking = runs.look(session);
  runs.forget(); // a deployment of ours has just ended
  await looking;
  expect(whole).toHaveBeenCalledOnce();
  await runs.look(session);
  expect(whole).toHaveBeenCalledTimes(2);
});

it('an answer as large as no marker is told in is none, and is not searched for one', async () => {
  const driver = driverFor('iosxr');
  const config = texts.iosxr?.('r1') ?? '';
  await using device = await bench(driver, 'ssh', { platform: 'iosxr', config });
  const session = await device.open();
  const whole = vi.spyOn(session, 'config');
  const asked = vi.spyOn(session, 'ask').mockResolvedValue([`CommitId: ${'1'.repeat(20_000)}\n Time: today\n`]);
  let nowMs = 0;
  const runs = new WhatRuns(driver, () => nowMs);
  for (; nowMs < 9_000; nowMs += 3_000) await runs.look(session);
  expect([whole.mock.calls.length, asked.mock.calls.length]).toEqual([3, 1]);
});
