import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkDeviceClock } from '../../cli/doctor/device-clock.ts';
import type { PlatformName } from '../../lab/sim/platforms.ts';
import { type Ports, startSim } from '../../lab/sim/sim.ts';
import { driverFor } from '../../runners/drivers/registry.ts';
import { deviceForTest } from '../runner.ts';
import { configOf } from '../unit/lab/sim/client.ts';

/** A simulated device, and a session on it. */
const sessionOn = async (platform: PlatformName, transport: keyof Ports) => {
  const config = platform === 'huawei_vrp' ? 'sysname leaf1\n' : configOf(platform);
  const sim = await startSim({ platform, config, ports: { [transport]: 0 } });
  const port = sim.ports[transport] ?? 0;
  const folder = await mkdtemp(join(tmpdir(), 'plumb-clock-'));
  const knownHosts = join(folder, 'known_hosts');
  await writeFile(knownHosts, `[127.0.0.1]:${port} ${sim.hostKey}\n`);
  const options = { tlsFingerprint: new X509Certificate(sim.tls.cert).fingerprint256 };
  const device = { ...deviceForTest({}), platform, transport, port, options };
  const credentials = { username: 'admin', password: 'admin' };
  const session = await driverFor(platform).open({ device, credentials, knownHosts }, AbortSignal.timeout(100_000));
  return {
    sim,
    device,
    session,
    [Symbol.asyncDispose]: async () => {
      await session[Symbol.asyncDispose]();
      await sim[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

describe('the clock of a device', () => {
  it.each([
    ['eos', 'ssh'],
    ['eos', 'eapi'],
    ['junos', 'netconf'],
    ['junos', 'ssh'],
    ['ios', 'ssh'],
    ['iosxr', 'ssh'],
    ['nxos', 'ssh'],
  ] as const)('is read on %s by %s, and told where it is off', async (platform, transport) => {
    await using on = await sessionOn(platform, transport);
    const finding = async () => {
      const askedMs = performance.now();
      const told = await on.session.clock?.();
      const tookMs = performance.now() - askedMs;
      return checkDeviceClock(on.device, told && { ...told, readMsAgo: tookMs / 2 }, tookMs);
    };
    expect(await finding()).toMatchObject({ result: 'ok', detail: "agrees with this machine's" });
    on.sim.device.clock.advance(300_000); // less than IOS lets a session be idle
    expect(await finding()).toMatchObject({
      result: 'warn',
      detail: expect.stringMatching(/^its clock is [45]m ahead of this machine's$/),
    });
  });

  it('is not asked where no command for it is known', async () => {
    await using on = await sessionOn('huawei_vrp', 'ssh');
    expect(on.session.clock).toBeUndefined();
    expect(checkDeviceClock(on.device, undefined, 0)).toMatchObject({
      result: 'ok',
      detail: 'not compared: huawei_vrp has no command for it here',
    });
  });
});

it('that is behind, in an unknown zone, or not understood is told as such', () => {
  const device = deviceForTest({});
  const now = Date.now();
  const told = (at: number, took = 0) => checkDeviceClock(device, { at, readMsAgo: 500 }, took, now);
  expect(told(now - 3_600_000)).toMatchObject({
    result: 'warn',
    detail: expect.stringMatching(/^its clock is 60m behind/),
  });
  expect(told(now - 500)).toMatchObject({ result: 'ok' });
  expect(told(now - 8_000)).toMatchObject({ result: 'warn' });
  expect(told(now - 8_000, 4_000)).toMatchObject({ result: 'ok' }); // it may have been read at the beginning
  expect(checkDeviceClock(device, { zone: 'CST', readMsAgo: 0 }, 0)).toMatchObject({
    result: 'ok',
    detail: expect.stringContaining('CST'),
  });
  expect(checkDeviceClock(device, null, 0)).toMatchObject({ result: 'warn', fix: 'compare it by hand' });
});
